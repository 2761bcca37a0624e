import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { ADM_KEY } from '../support/fake-workbench.ts';
import { openPages } from './open-page.ts';
import { clipboard, nodeOf } from './page-parts.ts';

const open = openPages();

describe('cards', () => {
  const result = (page: Page): Locator => page.getByRole('status', { name: 'Result' });
  const plan = async (page: Page) => {
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    await page.getByRole('table', { name: 'Files of the plan' }).waitFor();
  };

  test('keyboard alone: plan, key, Enter; verified, and the key is nowhere', async () => {
    const { page, fake, complaints } = await open({ hash: '#/cards' });
    await page.getByText('The card carries a DM bootstrap of old-operator.example').waitFor();
    await page.getByRole('button', { name: 'Plan', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Check the label').waitFor();
    await expect.poll(() => page.getByLabel('ADM1 key').evaluate(e => e === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByText('Enter the ADM key of this card.').waitFor();
    expect(fake.asked).toEqual(['plan example']);
    await page.keyboard.type(ADM_KEY);
    await page.keyboard.press('Enter');
    await result(page).getByText('Verified').waitFor();
    await result(page).getByText('8988211000000304172').waitFor();
    expect(fake.asked).toEqual(['plan example', 'write plan-1']);
    expect(await page.content()).not.toContain(ADM_KEY);
    await page.getByRole('region', { name: 'Readers and card' }).getByText('dm.example · 618 B').waitFor();
    expect(complaints).toEqual([]);
  });

  test('a card that another program holds for a moment is read again by itself, and not behind another room', async () => {
    const { page, fake } = await open();
    await nodeOf(page, 'FwV').waitFor();
    expect(fake.sheetReads).toBe(0);
    fake.held = true;
    await page.keyboard.press('3');
    await page.getByText('is in use').waitFor();
    fake.held = false;
    await page.getByText('The card carries a DM bootstrap of old-operator.example').waitFor();
    await expect.poll(() => page.getByText('is in use').count()).toBe(0);
    expect(fake.sheetReads).toBe(1);
  });

  test('a plan shows each file and the difference, and copies as text', async () => {
    const { page } = await open({ hash: '#/cards' });
    await plan(page);
    const rows = page.getByRole('table', { name: 'Files of the plan' }).getByRole('row');
    expect(await rows.nth(2).allInnerTexts()).toEqual(['7F50/6431\tEF DM_Bootstrap\t412 B\t618 B\t5\tchange']);
    await page.getByRole('button', { name: 'Copy difference' }).click();
    expect((await clipboard(page)).split('\n')[2]).toBe(
      '+ 301A 30040C02444D 30060604672B0701 A10A300804063F007F50 6432',
    );
    expect(await page.getByRole('region', { name: 'Write' }).textContent()).toContain('3 tries left');
  });

  test('a wrong key: what the card said, what to do, and the tries that are left', async () => {
    const { page } = await open({ hash: '#/cards' });
    await plan(page);
    await page.getByLabel('ADM1 key').fill('99999999');
    await page.keyboard.press('Enter');
    const write = page.getByRole('region', { name: 'Write' });
    await write.getByText('The card refused the ADM key').waitFor();
    await write.getByText('Check the key against the label').waitFor();
    await write.getByText('2 tries left', { exact: true }).waitFor();
    expect(await page.getByLabel('ADM1 key').inputValue()).toBe('');
  });

  test('a pulled card is never a success: it is put back and resumed', async () => {
    const { page, fake } = await open({ hash: '#/cards' });
    fake.nextWrite = 'interrupted';
    await plan(page);
    await page.getByLabel('ADM1 key').fill(ADM_KEY);
    await page.keyboard.press('Enter');
    await result(page).getByText('Interrupted').waitFor();
    expect(await result(page).textContent()).not.toContain('Verified');
    const resume = page.getByRole('button', { name: 'Resume write' });
    expect(await resume.isDisabled()).toBe(true);
    fake.insertCard();
    await expect.poll(() => resume.isEnabled()).toBe(true);
    await page.getByLabel('ADM1 key').fill(ADM_KEY);
    await resume.click();
    await result(page).getByText('Verified').waitFor();
    expect(fake.asked).toEqual(['plan example', 'write plan-1', 'write plan-1']);
  });

  test('a write can be cancelled; a failed verify says so and what next', async () => {
    const { page, fake } = await open({ hash: '#/cards' });
    fake.pace = 5;
    await plan(page);
    await page.getByLabel('ADM1 key').fill(ADM_KEY);
    await page.keyboard.press('Enter');
    await page.getByRole('progressbar', { name: 'Progress of writing' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await result(page).getByText('Interrupted').waitFor();
    expect(fake.asked).toContain('cancel');
    fake.pace = 0.1;
    fake.nextWrite = 'verify-fails';
    await page.getByLabel('ADM1 key').fill(ADM_KEY);
    await page.keyboard.press('Enter');
    await result(page).getByText('Not provisioned').waitFor();
    await result(page).getByText('differs from the plan at offset 212').waitFor();
    await result(page).getByText('Press Plan:').waitFor();
  });

  test('another card in the reader has no part in the plan of the one before', async () => {
    const { page, fake } = await open({ hash: '#/cards' });
    await plan(page);
    const { readers } = fake.cards.value;
    fake.cards.set({
      ...fake.cards.value,
      readers: readers.map(r => (r.iccid ? { ...r, iccid: '8988211000000304999' } : r)),
    });
    await expect.poll(() => page.getByLabel('ADM1 key').count()).toBe(0);
    expect(await page.getByRole('table', { name: 'Files of the plan' }).count()).toBe(0);
  });

  test('a blocked key cannot be tried', async () => {
    const { page, fake } = await open({ hash: '#/cards' });
    await plan(page);
    const [name, provision] = Object.entries(fake.cards.value.provision)[0] ?? [];
    if (!name || !provision) throw new Error('no plan');
    const blocked = { ...provision, plan: { ...provision.plan, admTriesLeft: 0 } };
    fake.cards.set({ ...fake.cards.value, provision: { [name]: blocked } });
    await page.getByText('this card cannot be written any more').waitFor();
    expect(await page.getByLabel('ADM1 key').isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Write 2 files' }).isDisabled()).toBe(true);
  });

  test('the APDU trace copies whole, and a long line opens', async () => {
    const { page } = await open({ hash: '#/cards' });
    const trace = page.getByRole('region', { name: 'APDU trace' });
    const select = trace.getByRole('button', { name: /00A4040C/ });
    await select.click();
    expect(await select.getAttribute('aria-expanded')).toBe('true');
    await page.getByRole('button', { name: 'Copy APDU trace' }).click();
    expect(await clipboard(page)).toContain('> 0020000A\n< 63C3 verification failed');
  });
});
