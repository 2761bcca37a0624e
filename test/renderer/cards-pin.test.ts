/** Cards: PIN1 where a card is read after it, and a write that was broken off long ago. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { CardSheetView } from '../../src-core/workbench/views.ts';
import { PIN1 } from '../support/fake-workbench.ts';
import { lockedSheet } from '../support/fake-workbench-cards.ts';
import { APPEARANCES, type OpenPage, openPages } from './open-page.ts';

const open = openPages();
const ICCID = '8988211000000304172';

/** A card whose PKCS#15 files are read after PIN1. */
async function openLocked(triesLeft: number | undefined, options: Parameters<typeof open>[0] = {}): Promise<OpenPage> {
  const one = await open({ filled: false, hash: '#/cards', ...options });
  one.fake.nextSheet = lockedSheet(triesLeft);
  one.fake.fill();
  await form(one.page).waitFor();
  return one;
}

const form = (page: Page) => page.getByRole('region', { name: 'PIN1', exact: true });
const field = (page: Page) => form(page).getByLabel('PIN1', { exact: true });
const unlock = (page: Page) => form(page).getByRole('button', { name: 'Unlock' });

describe('cards: a card that is read after PIN1', () => {
  test('says so with its tries; the right PIN opens it, and is nowhere on the page', async () => {
    const { page, fake, complaints } = await openLocked(3);
    await form(page).getByText('This card is read after PIN1 3 tries left').waitFor();
    await page.getByText('What the card carries is read after PIN1: unlock it first, then plan.').waitFor();
    await field(page).fill('12');
    await page.keyboard.press('Enter');
    await form(page).getByText('PIN1 is 4 to 8 digits.').waitFor();
    expect(fake.asked).toEqual([]);
    await field(page).fill(PIN1);
    await page.keyboard.press('Enter');
    await page.getByText('The card carries a DM bootstrap of old-operator.example').waitFor();
    await expect.poll(() => form(page).count()).toBe(0);
    await page.getByText('presented while it stays in').waitFor();
    expect(fake.asked).toEqual(['unlock']);
    expect(await page.content()).not.toContain(PIN1);
    expect(complaints).toEqual([]);
  });

  test('a wrong PIN: what the card said, and the tries that are left', async () => {
    const { page } = await openLocked(3);
    await field(page).fill('0000');
    await unlock(page).click();
    await form(page).getByText('PIN1 is wrong, 2 tries left').waitFor();
    await form(page).getByText('This card is read after PIN1 2 tries left').waitFor();
    expect(await field(page).inputValue()).toBe('');
  });

  test.each([[1], [undefined]])(
    'with %s tries left it goes out only where a person says so for this card',
    async tries => {
      const { page, fake } = await openLocked(tries);
      await field(page).fill(PIN1);
      await page.keyboard.press('Enter');
      expect(await unlock(page).isDisabled()).toBe(true);
      expect(fake.asked).toEqual([]);
      await form(page).getByLabel(`Present PIN1 to card ${ICCID} all the same`).check();
      await unlock(page).click();
      await page.getByText('The card carries a DM bootstrap').waitFor();
      expect(fake.asked).toEqual([`unlock with consent ${ICCID}`]);
    },
  );

  test('blocked it asks for nothing, and says who can unblock it', async () => {
    const { page } = await openLocked(0);
    await form(page).getByText('Only the PUK of this card unblocks it').waitFor();
    expect(await field(page).count()).toBe(0);
  });

  test.each(APPEARANCES)('breaks no rule of axe: $theme, $size.width wide', async ({ theme, size }) => {
    const { violations, complaints } = await openLocked(1, { theme, size });
    expect(await violations()).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describe('cards: a write that was broken off', () => {
  const unfinished = [
    { bootstrap: 'dm', profile: 'DM account for this workbench', at: Date.UTC(2026, 10, 21, 9) },
  ] as const;

  test('is offered with its day, and one press takes its plan in hand', async () => {
    const { page, fake, violations } = await open({ hash: '#/cards' });
    await page.getByText('The card carries a DM bootstrap').waitFor();
    const { readers } = fake.cards.value;
    fake.cards.set({ ...fake.cards.value, readers: readers.map(one => (one.iccid ? { ...one, unfinished } : one)) });
    const banner = page.getByRole('region', { name: 'Broken off: DM bootstrap' });
    await banner.getByText(/was broken off on 2026-11-21 /).waitFor();
    expect(await violations()).toEqual([]);
    await banner.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Resume write' }).waitFor();
    await page.getByRole('table', { name: 'Files of the plan' }).waitFor();
    expect(await banner.count()).toBe(0);
    expect(fake.asked).toEqual(['plan to complete dm']);
  });
});

test('the sheet says of each file its structure, short identifier and life cycle', async () => {
  const { page } = await open({ hash: '#/cards' });
  const sheet = page.getByRole('region', { name: 'Readers and card' });
  await sheet.getByText('linear fixed, 2 records of 38 bytes, SFI 30, activated').waitFor();
  await sheet.getByText('transparent, SFI 2, activated').waitFor();
  const copy = page.getByRole('button', { name: 'Copy card sheet as JSON' });
  await copy.click();
  const json = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as CardSheetView;
  expect(json.files[0]).toMatchObject({ structure: 'linear fixed', records: { length: 38, count: 2 }, sfi: 30 });
});
