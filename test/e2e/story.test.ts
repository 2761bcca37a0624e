import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedChromium } from '../support/chromium.ts';
import { type PcscdBench, usePcscd } from '../support/pcscd.ts';
import { type Served, serve } from '../support/programs.ts';

/** The newcomer's first minute, in the real page of the real headless workbench, with a card behind the real pcscd. */
const DOCS = join(import.meta.dirname, '../../docs');
const SIZE = { width: 1440, height: 900 };

let pcscd: PcscdBench | undefined;
let core: Served | undefined;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  pcscd = await usePcscd();
  core = await serve();
  const browser = await sharedChromium();
  page = await browser.newPage({ viewport: SIZE, colorScheme: 'light' });
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', error => complaints.push(String(error)));
  page.setDefaultTimeout(20_000);
  await page.goto(core.url);
}, 150_000);

afterAll(async () => {
  await page?.close();
  const ended = await core?.close();
  await pcscd?.release();
  expect(ended?.code).toBe(0);
});

/** Screenshots for docs/ are taken anew when asked for: they differ by times and ports. */
async function screenshot(name: string): Promise<void> {
  if (!process.env.DMW_SCREENSHOTS) return;
  await mkdir(DOCS, { recursive: true });
  await page.mouse.move(0, 0);
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.waitForTimeout(1_500);
    await page.screenshot({ path: join(DOCS, `${name}-${scheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

const node = (name: string | RegExp) => page.getByRole('tree', { name: 'Device tree' }).getByRole('treeitem', { name });

describe('a newcomer without hardware', () => {
  it('takes the token out of the address', async () => {
    await expect.poll(() => page.url()).not.toContain('token');
  });

  it('presses one button: the card gets its file, the handset appears, its tree fills', async () => {
    await page.getByRole('button', { name: 'Try it without hardware' }).click();
    const steps = page.getByRole('list', { name: 'Story steps' });
    await steps.getByText('Plan, write and verify the card').waitFor();
    await page.getByRole('list', { name: 'Devices' }).getByText('SmartPhone2000').first().waitFor({ timeout: 60_000 });
    await node('DevInfo').first().waitFor();
    await node('FwV').waitFor();
    expect(await node('FwV').textContent()).toContain('1.0.4');
    const ladder = page.getByRole('grid', { name: 'Message ladder' });
    await ladder.getByText('1 · msg 1').waitFor();
    await page.getByText('mutually authenticated · MD5').waitFor();
    await page.getByText('WBXML over HTTP').waitFor();
  }, 90_000);

  it('selects a node by keyboard alone and sees its properties', async () => {
    await node('FwV').click();
    await page.keyboard.press('ArrowDown');
    const properties = page.getByRole('region', { name: 'Properties' }).or(page.getByLabel('Properties'));
    await properties.getByText('./DevDetail/SwV').first().waitFor();
    await properties.getByText('2026.11').first().waitFor();
    await page.keyboard.press('ArrowUp');
    await properties.getByText('Get=*').first().waitFor();
    await screenshot('devices');
  });

  it('reads a subtree again: the handset connects at once and a changed value shows', async () => {
    const search = page.getByRole('searchbox', { name: 'Search in tree' }).or(page.getByLabel('Search in tree'));
    await search.first().fill('Battery/Level');
    await page.keyboard.press('Enter');
    await node(/^Level/).waitFor();
    const before = await node(/^Level/).textContent();
    await node(/^Level/).click();
    await page.getByRole('button', { name: 'Read subtree' }).click();
    await expect.poll(() => node(/^Level/).textContent(), { timeout: 15_000 }).not.toBe(before);
    await page.getByText('Session 02').first().waitFor();
    await search.first().fill('');
  });

  it('opens a message as XML and as hexadecimal', async () => {
    await page.getByRole('grid', { name: 'Message ladder' }).getByRole('row').nth(1).click();
    const panel = page.getByLabel('Message', { exact: true });
    await panel.getByText('SyncHdr', { exact: true }).first().waitFor();
    await panel.getByRole('radiogroup', { name: 'Show as' }).getByText('XML', { exact: true }).click();
    await panel.getByText('<SyncML', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'Close message' }).click();
  });

  it('sends commands by hand from the Sessions room, and reads message by message how they were answered', async () => {
    await page.getByRole('link', { name: 'Sessions' }).click();
    const sessions = page.getByRole('listbox', { name: 'Sessions' });
    await sessions.getByRole('option').first().click();
    const session = page.getByRole('region', { name: 'Session', exact: true });
    await session.getByRole('button', { name: 'Commands' }).click();
    const panel = page.getByRole('region', { name: 'Commands by hand' });
    for (const uri of ['./DevDetail/FwV', './Vendor/None', './Vendor/Display/Brightness']) {
      await panel.getByLabel('URI', { exact: true }).fill(uri);
      await panel.getByLabel('What to read').selectOption('?prop=ACL');
      await panel.getByRole('button', { name: 'Batch', exact: true }).click();
    }
    await panel.getByRole('button', { name: 'Send 3 commands' }).click();
    await panel
      .getByRole('list', { name: 'Sent, newest first' })
      .getByText(/404|failed/)
      .first()
      .waitFor();
    await panel.getByRole('button', { name: 'Close commands by hand' }).click();
    await sessions.getByRole('option', { name: /Session 03/ }).click();
    const failed = page.getByRole('grid', { name: 'Message ladder' }).getByRole('row').filter({ hasText: '404' });
    await failed.first().click();
    const message = page.getByRole('region', { name: 'Message', exact: true });
    await message.getByRole('radiogroup', { name: 'Show as' }).getByText('Elements', { exact: true }).click();
    const elements = message.getByRole('tree');
    await elements.focus();
    const chosen = elements.getByRole('treeitem', { selected: true });
    do await page.keyboard.press('ArrowDown');
    while (!(await chosen.textContent())?.includes('404'));
    await screenshot('sessions');
  });

  it('sees the card in the Cards room, plans it again, writes and verifies it', async () => {
    await page.keyboard.press('3');
    await page.getByRole('list', { name: 'Readers' }).getByText('Virtual PCD 00 00').click();
    const card = page.getByLabel('Readers and card');
    await card.getByText('8988211000000304173').last().waitFor({ timeout: 30_000 });
    await card.getByText('dm-workbench').first().waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    // The nonces have moved on in the sessions since: the account is written anew.
    await page.getByLabel('Difference').getByText('AAuthData (nonce) •••').first().waitFor({ timeout: 30_000 });
    await page.getByText('Check the label').waitFor({ timeout: 30_000 });
    await screenshot('cards');
    await page.getByLabel('ADM1 key').first().fill('12345678');
    await page.keyboard.press('Enter');
    await page.getByRole('status', { name: 'Result' }).getByText('Verified').waitFor({ timeout: 60_000 });
    await screenshot('cards-verified');
  }, 120_000);

  it('met no error in the console and no violation of the page policy', () => {
    expect(complaints).toEqual([]);
  });
});
