import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { ADM_KEY } from '../support/fake-workbench.ts';
import { bothSheet, CP_PASSWORD, CP_XML, hinderedPlan, ruledPlan } from '../support/fake-workbench-cards.ts';
import { APPEARANCES, type OpenPage, openPages } from './open-page.ts';

const open = openPages();
const ICCID = '8988211000000304172';
const CP_FILE = { name: 'trial.xml', mimeType: 'text/xml', buffer: Buffer.from(CP_XML) };

async function openCards(options: Parameters<typeof open>[0] = {}): Promise<OpenPage> {
  const one = await open({ hash: '#/cards', ...options });
  await one.page.getByText('The card carries a DM bootstrap of old-operator.example').waitFor();
  return one;
}

/** A card with both bootstraps in the reader. */
async function openBoth(options: Parameters<typeof open>[0] = {}): Promise<OpenPage> {
  const one = await openCards(options);
  one.fake.nextSheet = bothSheet;
  one.fake.pullCard();
  await one.page.getByText('No card in this reader').waitFor();
  one.fake.insertCard();
  await one.page.getByText('It carries a CP bootstrap').waitFor();
  return one;
}

const result = (page: Page) => page.getByRole('status', { name: 'Result' });
const facts = (page: Page) => page.getByLabel('What the plan asks for').getByRole('definition').allInnerTexts();
const planTable = (page: Page) => page.getByRole('table', { name: 'Files of the plan' });

async function plan(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Plan', exact: true }).click();
  await planTable(page).waitFor();
}

async function write(page: Page): Promise<void> {
  await page.getByLabel('ADM1 key').fill(ADM_KEY);
  await page.keyboard.press('Enter');
  await result(page).getByText('Verified').waitFor();
}

async function drop(page: Page, text: string, name = 'trial.xml'): Promise<void> {
  const transfer = await page.evaluateHandle(
    file => {
      const data = new DataTransfer();
      data.items.add(new File([file.text], file.name));
      return data;
    },
    { text, name },
  );
  await page.getByRole('region', { name: 'Plan' }).dispatchEvent('drop', { dataTransfer: transfer });
}

describe('cards: what a plan asks for', () => {
  test('which bootstrap, the key with its tries, commands, time; and who may do what with each file', async () => {
    const { page, fake, complaints } = await openCards();
    fake.nextPlan = ruledPlan;
    await plan(page);
    expect((await facts(page)).map(text => text.replace(/\s+/g, ' '))).toEqual([
      'DM bootstrap',
      'ADM1 3 tries left',
      '27 APDUs 2.9 kB',
      'about 2 s',
    ]);
    const rows = await planTable(page).getByRole('row').allTextContents();
    expect(rows[rows.findIndex(text => text.includes('EF DM_Bootstrap')) + 1]).toBe('update with ADM1 · read by all');
    expect(complaints).toEqual([]);
  });

  test('what the card lets nobody change blocks the write, with the reason; the key stays unused', async () => {
    const { page, fake } = await openCards();
    fake.nextPlan = hinderedPlan;
    await plan(page);
    const told = page.getByRole('list', { name: 'What stands in the way' }).getByRole('listitem');
    expect(await told.allTextContents()).toEqual([
      'EF DODF 7F50/6430 cannot be changed: its UPDATE rule is never.',
      expect.stringContaining('former EF DM_Bootstrap 7F50/6432: what it holds stays there'),
      'Nothing of this plan is written: the key stays unused.',
    ]);
    const panel = page.getByRole('region', { name: 'Write' });
    await panel.getByText('EF DODF 7F50/6430 cannot be changed: its UPDATE rule is never.').waitFor();
    expect(await panel.getByLabel('ADM2 key').isDisabled()).toBe(true);
    expect(await panel.getByRole('button', { name: 'Write 2 files' }).isDisabled()).toBe(true);
    expect(await page.getByText('Check the label').count()).toBe(0);
  });

  test('a hindrance that does not block leaves the write to the person', async () => {
    const { page, fake } = await openCards();
    fake.nextPlan = { ...ruledPlan, hindrances: hinderedPlan.hindrances?.filter(({ blocks }) => !blocks) ?? [] };
    await plan(page);
    await page.getByText('former EF DM_Bootstrap').waitFor();
    await write(page);
    expect(fake.asked).toEqual(['plan example', 'write plan-1']);
  });
});

describe('cards: a CP profile', () => {
  test('from a file: planned, written, verified; kept for the next card; its password nowhere', async () => {
    const { page, fake, complaints } = await openCards();
    await page.getByLabel('Profile', { exact: true }).selectOption({ label: 'CP profile from a file…' });
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose file…' }).click();
    await (await chooser).setFiles(CP_FILE);
    await planTable(page).waitFor();
    expect((await facts(page))[0]).toBe('CP bootstrap');
    await write(page);
    await result(page).getByText(`Card ${ICCID} carries the CP bootstrap.`).waitFor();
    expect(await page.getByLabel('Profile', { exact: true }).locator('option:checked').textContent()).toBe(
      'CP profile trial.xml',
    );
    await plan(page);
    await expect.poll(() => fake.asked.length).toBe(3);
    const planned = fake.asked.filter(asked => asked.startsWith('plan CP trial.xml'));
    expect(planned).toHaveLength(2);
    expect(planned[1]).toBe(planned[0]);
    expect(await page.content()).not.toContain(CP_PASSWORD);
    expect(complaints).toEqual([]);
  });

  test('dropped on the plan it is planned; what is none is refused with the reason, and plans nothing', async () => {
    const { page, fake } = await openCards();
    await drop(page, '<SyncML/>', 'other.xml');
    await page.getByText('the root element is SyncML, not wap-provisioningdoc').waitFor();
    expect(fake.asked).toEqual([]);
    await drop(page, CP_XML);
    await planTable(page).waitFor();
    expect(fake.asked).toEqual([expect.stringMatching(/^plan CP trial\.xml, \d+ bytes$/)]);
    expect(await page.getByText('the root element is SyncML').count()).toBe(0);
  });

  test('a file that no card has room for is not even sent', async () => {
    const { page, fake } = await openCards();
    await drop(page, 'x'.repeat(70_000), 'movie.bin');
    await page.getByText('movie.bin has 70000 bytes: no card has a file as large').waitFor();
    expect(fake.asked).toEqual([]);
  });
});

describe('cards: both bootstraps on one card', () => {
  test('the sheet shows the directory, the objects and the CP bootstrap beside the DM one, secrets as bullets', async () => {
    const { page, complaints } = await openBoth();
    const sheet = page.getByRole('region', { name: 'Readers and card' });
    await sheet.getByText('6434 · 214 B').click();
    await sheet.getByText('AUTHSECRET •••', { exact: true }).waitFor();
    const text = (await sheet.textContent()) ?? '';
    expect(text).toContain('CREATE FILE (EF): ADM1');
    expect(text).toContain('CP bootstrap “CP” → 6434');
    expect(text).toContain('OID 1.3.6.1.4.1.99999.12.7 “Loyalty club of the operator” → 6F01');
    expect(complaints).toEqual([]);
  });

  test('each is erased on its own, and the result says which', async () => {
    const { page, fake } = await openBoth();
    await page.getByRole('button', { name: 'More…' }).click();
    await page.getByRole('menuitem', { name: 'Plan to erase the DM bootstrap' }).waitFor();
    await page.getByRole('menuitem', { name: 'Plan to erase the CP bootstrap' }).click();
    await planTable(page).waitFor();
    await write(page);
    await result(page).getByText(`Card ${ICCID} carries no CP bootstrap any more.`).waitFor();
    expect(fake.asked).toEqual(['plan to erase cp', 'write plan-1']);
  });

  test.each(APPEARANCES)('breaks no rule of axe: $theme, $size.width wide', async ({ theme, size }) => {
    const { page, fake, violations, complaints } = await openBoth({ theme, size });
    const shot = async (name: string) => {
      const folder = process.env.DMW_SHOTS;
      if (folder) await page.screenshot({ path: `${folder}/${name}-${theme}-${size.width}.png` });
    };
    await page.getByText('6434 · 214 B').click();
    expect(await violations()).toEqual([]);
    await shot('both');
    fake.nextPlan = ruledPlan;
    await plan(page);
    expect(await violations()).toEqual([]);
    await shot('plan');
    fake.nextPlan = { ...hinderedPlan, ...(theme === 'dark' && { admTriesLeft: 1 }) };
    await drop(page, CP_XML);
    await page.getByText('cannot be changed').first().waitFor();
    expect(await violations()).toEqual([]);
    await shot('hindered');
    expect(complaints).toEqual([]);
  });
});
