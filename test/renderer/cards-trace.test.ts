import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { longTrace } from '../support/fake-workbench-cards.ts';
import { APPEARANCES, openPages } from './open-page.ts';
import { clipboard } from './page-parts.ts';

const open = openPages();
const NEXT = 'Card 8988211000000304999';

const trace = (page: Page) => page.getByRole('region', { name: 'APDU trace' });
const lines = (page: Page) => trace(page).getByRole('button');

async function openTrace(options: Parameters<typeof open>[0] = {}) {
  const one = await open({ hash: '#/cards', ...options });
  one.fake.apdus.set(longTrace);
  await trace(one.page).getByText(NEXT).waitFor();
  return one;
}

async function save(page: Page, what: string): Promise<{ name: string; text: string }> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save APDU trace…' }).click();
  await page.getByRole('menuitem', { name: `All of it as ${what}` }).click();
  const file = await download;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

describe('cards: the APDU trace', () => {
  test('says each command in words, where another card begins, and content as bullets', async () => {
    const { page } = await openTrace();
    expect(
      await trace(page)
        .getByText(/^Card \d+$/)
        .allTextContents(),
    ).toEqual(['Card 8988211000000304172', NEXT]);
    const update = lines(page).filter({ hasText: 'UPDATE BINARY 6431, 128 bytes at 0' });
    expect(await update.textContent()).toContain('00D6000080•••');
    const read = lines(page).last();
    await read.click();
    await read.getByText('••• 256 bytes').waitFor();
  });

  test('is filtered by words, bytes and answers; what is copied is what is shown', async () => {
    const { page } = await openTrace();
    const filter = page.getByLabel('Filter the APDU trace');
    await filter.fill('update 1024');
    await expect.poll(() => lines(page).count()).toBe(1);
    await page.getByText(`1 of ${longTrace.length}`).waitFor();
    await page.getByRole('button', { name: 'Copy APDU trace' }).click();
    expect(await clipboard(page)).toBe(
      '# UPDATE BINARY 6431, 128 bytes at 1024\n> 00D6040080•••\n< 9000 normal ending 61 ms',
    );
    await filter.press('Escape');
    await expect.poll(() => lines(page).count()).toBe(longTrace.length);
    await page.getByRole('button', { name: 'Refused only' }).click();
    await expect.poll(() => lines(page).count()).toBe(2);
    await trace(page).getByText('memory problem').waitFor();
    await filter.fill('no such thing');
    await trace(page).getByText('No command fits the filter.').waitFor();
  });

  test('is kept as a file: JSON for programs, text for people, always all of it', async () => {
    const { page, complaints } = await openTrace();
    await page.getByLabel('Filter the APDU trace').fill('update 1024');
    const json = await save(page, 'JSON');
    expect(json.name).toBe('apdus-Virtual-PCD-00-00.json');
    expect(JSON.parse(json.text).apdus).toEqual(longTrace);
    const text = await save(page, 'text');
    expect(text.name).toBe('apdus-Virtual-PCD-00-00.txt');
    expect(text.text).toContain(`# card 8988211000000304999\n`);
    expect(text.text).toContain('READ BINARY 2FE2, 10 bytes from 0\n  > 00B000000A\n  < 98881201000000031427 9000');
    expect(complaints).toEqual([]);
  });

  test('offers nothing to filter or keep while nothing was said', async () => {
    const { page, fake } = await open({ hash: '#/cards' });
    fake.apdus.set([]);
    await page.getByText('Nothing was sent to this card yet.').waitFor();
    expect(await page.getByLabel('Filter the APDU trace').count()).toBe(0);
  });

  test.each(APPEARANCES)('breaks no rule of axe: $theme, $size.width wide', async ({ theme, size }) => {
    const { page, violations } = await openTrace({ theme, size });
    await lines(page).last().click();
    await page.getByRole('button', { name: 'Refused only' }).click();
    await page.getByRole('button', { name: 'Refused only' }).click();
    expect(await violations()).toEqual([]);
    const folder = process.env.DMW_SHOTS;
    if (folder) await page.screenshot({ path: `${folder}/trace-${theme}-${size.width}.png` });
    await page.getByRole('button', { name: 'Save APDU trace…' }).click();
    await page.getByRole('menuitem', { name: 'All of it as JSON' }).waitFor();
    expect(await violations()).toEqual([]);
    if (folder) await page.screenshot({ path: `${folder}/trace-save-${theme}-${size.width}.png` });
  });
});
