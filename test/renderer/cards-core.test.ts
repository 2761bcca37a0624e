import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createInProcessReaders, type InProcessReaders } from '../../src-core/card/in-process.ts';
import { blankUiccProfile, DEFAULT_ICCID, type DfProfile, readAfterPin1 } from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, DEFAULT_ADM1 } from '../../src-core/virtual/uicc/uicc.ts';
import { Workbench } from '../../src-core/workbench/workbench.ts';
import { CP_PASSWORD, CP_XML } from '../support/fake-workbench-cards.ts';
import { expectLostTries } from '../support/lost-tries.ts';
import { openPages } from './open-page.ts';

const open = openPages();
const READER = 'Reader A';

const result = (page: Page) => page.getByRole('status', { name: 'Result' });
const sheet = (page: Page) => page.getByRole('region', { name: 'Readers and card' });
const facts = (page: Page) => page.getByLabel('What the plan asks for').getByRole('definition');

async function write(page: Page): Promise<void> {
  await page.getByLabel('ADM1 key').fill(DEFAULT_ADM1);
  await page.keyboard.press('Enter');
  await result(page).getByText('Verified').waitFor();
}

async function more(page: Page, item: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: 'More…' }).click();
  await page.getByRole('menuitem', { name: item }).first().click();
}

describe('cards with the real core', () => {
  let core: Workbench;
  let readers: InProcessReaders;
  beforeEach(async () => {
    const local = { dmHost: '127.0.0.1', dmPort: 0, pcscd: 'never', version: 'test' } as const;
    core = await Workbench.open({ database: ':memory:', ...local });
    readers = createInProcessReaders();
    core.cards.attach(readers);
  });
  afterEach(() => core.close());

  async function shot(page: Page, name: string): Promise<void> {
    const folder = process.env.DMW_SHOTS;
    if (folder) await page.screenshot({ path: `${folder}/core-${name}.png` });
  }

  test('a DM account, a CP profile beside it, the CP bootstrap erased and put back; its password nowhere', {
    timeout: 60_000,
  }, async () => {
    const card = createUicc();
    readers.insert(READER, card);
    const { page, complaints, violations } = await open({ service: core, hash: '#/cards' });
    await page.getByText('The card carries no DM bootstrap yet.').waitFor();
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    await write(page);
    await result(page).getByText('carries the DM bootstrap.').waitFor();

    await page.getByLabel('Profile', { exact: true }).selectOption({ label: 'CP profile from a file…' });
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose file…' }).click();
    await (await chooser).setFiles({ name: 'trial.xml', mimeType: 'text/xml', buffer: Buffer.from(CP_XML) });
    await facts(page).getByText('CP bootstrap').waitFor();
    expect((await facts(page).allInnerTexts()).slice(1).join(' ')).toMatch(
      /ADM1\s+3 tries left \d+ APDUs.* about \d+ s/s,
    );
    await page.getByRole('region', { name: 'Difference' }).getByText('NAP-ADDRESS iot.example').waitFor();
    await shot(page, 'plan-cp');
    await write(page);
    await result(page).getByText('carries the CP bootstrap.').waitFor();
    await sheet(page).getByText('CP bootstrap “CP”').waitFor();
    await sheet(page).getByText('DM bootstrap “DM”').waitFor();
    await sheet(page)
      .getByText(/^6434 · \d+ B$/)
      .click();
    await sheet(page).getByText('AUTHSECRET •••', { exact: true }).waitFor();
    await shot(page, 'both');
    expect(await violations()).toEqual([]);

    await more(page, 'Plan to erase the CP bootstrap');
    await write(page);
    await result(page).getByText('carries no CP bootstrap any more.').waitFor();
    await sheet(page).getByText('no CP bootstrap').waitFor();
    await more(page, 'Backups of this card…');
    const backup = page
      .getByRole('list', { name: 'Backups of this card' })
      .getByRole('listitem')
      .filter({ hasText: 'a CP bootstrap' });
    await backup.first().getByRole('button', { name: 'Plan to put it back' }).click();
    await write(page);
    await result(page).getByText('is as the backup has it.').waitFor();
    await sheet(page)
      .getByText(/^6434 · \d+ B$/)
      .waitFor();
    expect(await page.content()).not.toContain(CP_PASSWORD);
    expect(card.lostTries.adm1).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('after a wrong key nothing shows the tries of before', { timeout: 60_000 }, async () => {
    expectLostTries(1);
    readers.insert(READER, createUicc());
    const { page } = await open({ service: core, hash: '#/cards' });
    await page.getByText('The card carries no DM bootstrap yet.').waitFor();
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    await page.getByLabel('ADM1 key').fill('99999999');
    await page.keyboard.press('Enter');
    await result(page).getByText('Not provisioned').waitFor();
    await sheet(page).getByText('2 tries left').waitFor();
    expect(await page.getByText('3 tries left').count()).toBe(0);
    await shot(page, 'wrong-key');
  });

  test('a card that is read after PIN1 is unlocked in place, planned, written and verified', async () => {
    const profile = readAfterPin1(blankUiccProfile(DEFAULT_ICCID));
    const card = createUicc({ profile, pinEnabled: true });
    readers.insert(READER, card);
    const { page, complaints } = await open({ service: core, hash: '#/cards' });
    const form = page.getByRole('region', { name: 'PIN1', exact: true });
    await form.getByText('3 tries left').waitFor();
    await shot(page, 'pin');
    await form.getByLabel('PIN1', { exact: true }).fill('1234');
    await page.keyboard.press('Enter');
    await page.getByText('The card carries no DM bootstrap yet.').waitFor();
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    await write(page);
    await result(page).getByText('carries the DM bootstrap.').waitFor();
    expect(await form.count()).toBe(0);
    expect(await page.content()).not.toContain('31323334');
    expect([card.lostTries, complaints]).toEqual([{ pin1: 0, puk1: 0, adm1: 0 }, []]);
  });

  test('a card whose directory nobody may change is planned, and its key is not asked for', async () => {
    readers.insert(READER, lockedCard());
    const { page } = await open({ service: core, hash: '#/cards' });
    await page.getByText('The card carries no DM bootstrap yet.').waitFor();
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    const reason = 'EF(DODF) 3F007F506430 cannot be changed: its UPDATE rule is never.';
    await page.getByRole('region', { name: 'Write' }).getByText(reason).waitFor();
    expect(await page.getByLabel('ADM1 key').isDisabled()).toBe(true);
    await shot(page, 'locked');
  });
});

/** Its EF(DODF) may be updated by nobody, and no file be created. */
function lockedCard() {
  const blank = blankUiccProfile(DEFAULT_ICCID);
  const files = blank.files.map(file => {
    if (file.kind !== 'df' || file.fid !== 0x7f50) return file;
    const inner = file.files.map(one => (one.fid === 0x6430 ? { ...one, update: 'never' as const } : one));
    return { ...file, change: 'never' as const, files: inner };
  });
  return createUicc({ profile: { ...blank, files } as DfProfile });
}
