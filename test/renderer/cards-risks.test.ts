import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { ADM_KEY } from '../support/fake-workbench.ts';
import { APPEARANCES, type OpenPage, openPages } from './open-page.ts';

const open = openPages();
const ICCID = '8988211000000304172';
const BACKUPS = [
  { key: '7', at: Date.UTC(2026, 10, 23, 9, 30), hasBootstrap: true, files: ['7F50/6431'] },
  { key: '3', at: Date.UTC(2026, 10, 20, 9, 30), hasBootstrap: false, files: ['7F50/6431'] },
  {
    key: '2',
    at: Date.UTC(2026, 10, 20, 9, 20),
    bootstrap: 'cp' as const,
    hasBootstrap: true,
    files: ['7F50/6434'],
  },
];

async function openCards(options: Parameters<typeof open>[0] = {}): Promise<OpenPage> {
  const one = await open({ hash: '#/cards', ...options });
  await one.page.getByText('The card carries a DM bootstrap of old-operator.example').waitFor();
  return one;
}

async function openMore(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'More…' }).click();
  await page.getByRole('menuitem', { name: 'Plan to erase the DM bootstrap' }).waitFor();
}

async function plan(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Plan', exact: true }).click();
  await page.getByRole('table', { name: 'Files of the plan' }).waitFor();
}

describe('cards: what may do harm', () => {
  test('erasing is planned like anything else, and nothing is written by it', async () => {
    const { page, fake, complaints } = await openCards();
    await openMore(page);
    expect(await page.getByRole('menuitem').allTextContents()).toContain('No backup of this card is kept here');
    await page.getByRole('menuitem', { name: 'Plan to erase the DM bootstrap' }).click();
    await page.getByText('Nothing is written before you approve.').waitFor();
    await page.getByText('Profile Erase.').waitFor();
    await expect.poll(() => page.getByLabel('ADM1 key').evaluate(e => e === document.activeElement)).toBe(true);
    expect(fake.asked).toEqual(['plan to erase dm']);
    expect(complaints).toEqual([]);
  });

  test('backups are offered newest first, each with the bootstrap it is of, and the chosen one is planned', async () => {
    const { page, fake } = await openCards();
    fake.backups = BACKUPS;
    await openMore(page);
    const offered = page.getByRole('menuitem').filter({ hasText: /with(out)? a / });
    await expect.poll(() => offered.count()).toBe(3);
    expect((await offered.allTextContents()).map(text => text.split(' · ')[1])).toEqual([
      'with a DM bootstrap',
      'without a DM bootstrap',
      'with a CP bootstrap',
    ]);
    await offered.nth(1).click();
    await page.getByText('Profile Backup.').waitFor();
    expect(fake.asked).toEqual(['plan to restore 3']);
  });

  test.each([
    [1, 'Last try: a wrong key blocks this card for good.'],
    [undefined, 'This card does not say how many tries are left'],
  ])('with %s tries left the key goes out only where a person says so for this card', async (tries, words) => {
    const { page, fake } = await openCards();
    fake.nextPlan = { admTriesLeft: tries as number };
    await plan(page);
    await page.getByText(words).waitFor();
    await page.getByLabel('ADM1 key').fill(ADM_KEY);
    await page.keyboard.press('Enter');
    const write = page.getByRole('button', { name: 'Write 2 files' });
    expect(await write.isDisabled()).toBe(true);
    expect(fake.asked).toEqual(['plan example']);
    await page.getByLabel(`Present the key to card ${ICCID} all the same`).check();
    await write.click();
    await page.getByRole('status', { name: 'Result' }).getByText('Verified').waitFor();
    expect(fake.asked).toEqual(['plan example', `consent ${ICCID}`, 'write plan-1']);
  });

  test('a card without room for two is told before it is written', async () => {
    const { page, fake } = await openCards();
    fake.nextPlan = { gap: true };
    await plan(page);
    await page.getByText('This card has no room for two: while it is written it has no DM bootstrap.').waitFor();
  });

  test.each(APPEARANCES)('breaks no rule of axe: $theme, $size.width wide', async ({ theme, size }) => {
    const { page, fake, violations } = await openCards({ theme, size });
    const shot = async (name: string) => {
      const folder = process.env.DMW_SHOTS;
      if (folder) await page.screenshot({ path: `${folder}/${name}-${theme}-${size.width}.png` });
    };
    fake.backups = BACKUPS;
    fake.nextPlan = { gap: true, admTriesLeft: 1 };
    await plan(page);
    expect(await violations()).toEqual([]);
    await shot('last-try');
    await openMore(page);
    await page.getByRole('menuitem').filter({ hasText: 'with a CP' }).first().waitFor();
    expect(await violations()).toEqual([]);
    await shot('more');
  });
});
