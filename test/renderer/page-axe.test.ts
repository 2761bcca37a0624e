import { describe, expect, test } from 'vitest';
import { ADM_KEY } from '../support/fake-workbench.ts';
import { APPEARANCES, openPages } from './open-page.ts';
import { nodeOf } from './page-parts.ts';

const open = openPages('development');

describe('for everyone', () => {
  test.each(APPEARANCES)(
    'axe finds nothing in any state, $theme theme at $size.width',
    {
      timeout: 120_000,
    },
    async ({ theme, size }) => {
      const empty = await open({ theme, size, filled: false });
      await empty.page.getByRole('button', { name: 'Try it without hardware' }).waitFor();
      expect(await empty.violations()).toEqual([]);
      await empty.page.keyboard.press('3');
      await empty.page.getByText('No reader yet').waitFor();
      expect(await empty.violations()).toEqual([]);
      await empty.close();

      const { page, fake, complaints, violations } = await open({ theme, size });
      await nodeOf(page, 'FwV').click();
      fake.changeValue('./DevDetail/FwV', '1.0.5');
      await nodeOf(page, 'FwV').locator('del').waitFor();
      expect(await violations()).toEqual([]);
      await page.getByRole('button', { name: 'Edit value' }).click();
      await page.getByLabel('Search in tree').fill('V');
      expect(await violations()).toEqual([]);
      await page.getByRole('row', { name: / 425/ }).click();
      await page.getByText('VerDTD').first().waitFor();
      expect(await violations()).toEqual([]);
      await page.keyboard.press('Control+k');
      expect(await violations()).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: /Tracker/ }).click();
      await page.getByRole('button', { name: 'Read subtree' }).click();
      await page.getByText('Give it new credentials').waitFor();
      expect(await violations()).toEqual([]);

      await page.getByRole('link', { name: 'Cards', exact: true }).click();
      await page.getByText('The card carries a DM bootstrap').waitFor();
      expect(await violations()).toEqual([]);
      await page.getByRole('button', { name: 'Plan', exact: true }).click();
      await page.getByText('Check the label').waitFor();
      expect(await violations()).toEqual([]);
      fake.pace = 10;
      await page.getByLabel('ADM1 key').fill(ADM_KEY);
      await page.keyboard.press('Enter');
      await page.getByRole('progressbar').waitFor();
      expect(await violations()).toEqual([]);
      fake.pace = 0;
      await page.getByRole('status', { name: 'Result' }).getByText('Verified').waitFor();
      expect(await violations()).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );
});
