import type { Locator, Page } from 'playwright-core';
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

async function openBackups(page: Page): Promise<Locator> {
  await openMore(page);
  await page.getByRole('menuitem', { name: 'Backups of this card…' }).click();
  return page.getByRole('region', { name: 'Backups' });
}

async function plan(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Plan', exact: true }).click();
  await page.getByRole('table', { name: 'Files of the plan' }).waitFor();
}

describe('cards: what may do harm', () => {
  test('erasing is planned like anything else, and nothing is written by it', async () => {
    const { page, fake, complaints } = await openCards();
    await openMore(page);
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
    const backups = await openBackups(page);
    const rows = backups.getByRole('listitem');
    await expect.poll(() => rows.count()).toBe(3);
    const stamp = '2026-11-23 09:30:00';
    expect((await rows.allTextContents()).map(text => text.slice(stamp.length).split(' in ')[0]?.trim())).toEqual([
      'a DM bootstrap',
      'no DM bootstrap',
      'a CP bootstrap',
    ]);
    await rows.nth(1).getByRole('button', { name: 'Plan to put it back' }).click();
    await page.getByText('Profile Backup.').waitFor();
    expect(await backups.count()).toBe(0);
    expect(fake.asked).toEqual(['plan to restore 3']);
  });

  test('a backup is deleted after a second press only, one or all of them', async () => {
    const { page, fake } = await openCards();
    fake.backups = BACKUPS;
    const backups = await openBackups(page);
    await backups.getByRole('button', { name: 'Delete', exact: true }).first().click();
    await backups.getByRole('button', { name: 'Delete for good' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await backups.getByRole('button', { name: 'Delete for good' }).count()).toBe(0);
    expect(fake.asked).toEqual([]);
    await backups.getByRole('button', { name: 'Delete', exact: true }).first().click();
    await backups.getByRole('button', { name: 'Delete for good' }).click();
    await expect.poll(() => backups.getByRole('listitem').count()).toBe(2);
    await backups.getByRole('button', { name: 'Delete all' }).click();
    await backups.getByRole('button', { name: 'Delete all for good' }).click();
    await backups.getByText('No backup of this card is kept here').waitFor();
    expect(fake.asked).toEqual([`delete 7 of ${ICCID}`, `delete all backups of ${ICCID}`]);
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

  test('a key whose answer was lost goes out once more only on a new word, which counts once', async () => {
    const { page, fake } = await openCards();
    fake.unanswered = true;
    await plan(page);
    await page.getByLabel('ADM1 key').fill(ADM_KEY);
    await page.keyboard.press('Enter');
    await page.getByText('its answer was lost').waitFor();
    const word = page.getByLabel(`I am sure of this key: present it to card ${ICCID} once more`);
    expect(await word.isChecked()).toBe(false);
    await page.getByLabel('ADM1 key').fill(ADM_KEY);
    const write = page.getByRole('button', { name: 'Write 2 files' });
    expect(await write.isDisabled()).toBe(true);
    await word.check();
    await write.click();
    await page.getByRole('status', { name: 'Result' }).getByText('Verified').waitFor();
    expect(fake.asked).toEqual(['plan example', `consent ${ICCID} after 1`, 'write plan-1']);
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
    const backups = await openBackups(page);
    await backups.getByText('a CP bootstrap').waitFor();
    expect(await violations()).toEqual([]);
    await shot('backups');
  });
});
