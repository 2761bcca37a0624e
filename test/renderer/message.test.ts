import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { APPEARANCES, type OpenOptions, type OpenPage, openPages } from './open-page.ts';
import { clipboard } from './page-parts.ts';

const open = openPages();

/** The page with the message at this place of the odd session open. */
async function openMessage(place: number, options?: OpenOptions): Promise<OpenPage> {
  const one = await open(options);
  await one.page.getByLabel('Session', { exact: true }).selectOption({ index: 2 });
  await choose(one.page, place);
  return one;
}

async function choose(page: Page, place: number): Promise<void> {
  const ladder = page.getByRole('grid', { name: 'Message ladder' });
  await ladder.getByRole('row', { name: /cannot be decoded/ }).waitFor();
  await ladder
    .getByRole('row')
    .nth(place + 1)
    .click();
  await page.locator('section[aria-label="Message"][aria-busy="false"]').waitFor();
}

const panel = (page: Page): Locator => page.getByRole('region', { name: 'Message', exact: true });
const outline = (page: Page): Locator => page.getByRole('tree', { name: 'Elements of the message' });
const element = (page: Page, name: string | RegExp): Locator => outline(page).getByRole('treeitem', { name });
const chosen = (page: Page): Locator => outline(page).getByRole('treeitem', { selected: true });
const bytes = (page: Page): Locator => page.getByRole('grid', { name: 'Bytes of the message' });
const hexOf = async (page: Page, mark: string): Promise<string> =>
  (await bytes(page).locator(`.byte.${mark}`).allTextContents()).join(' ');
const showAs = (page: Page, name: string): Promise<void> =>
  panel(page).getByRole('radiogroup', { name: 'Show as' }).getByText(name, { exact: true }).click();

const FIRST = 0;
const GROUPS = 1;
const ANSWERED = 2;
const LONG = 3;
const ODD_XML = 4;
const BROKEN = 5;

const SESSION_ID = '65 03 31 41 00 01';

describe('elements and bytes', () => {
  test('the arrow keys walk the elements; the bytes of each stand out, and its place is said', async () => {
    const { page, complaints } = await openMessage(FIRST);
    await outline(page).focus();
    for (let i = 0; i < 5; i += 1) await page.keyboard.press('ArrowDown');
    await expect.poll(() => chosen(page).textContent()).toContain('SessionID1A');
    expect(await hexOf(page, 'chosen')).toBe(SESSION_ID);
    expect(await hexOf(page, 'value')).toBe('03 31 41 00');
    await panel(page).getByText('SyncML › SyncHdr › SessionID').waitFor();
    await panel(page).getByText('0x0018–0x001D · 6 bytes').waitFor();
    expect(await outline(page).getAttribute('aria-activedescendant')).toBe(await chosen(page).getAttribute('id'));
    await panel(page).getByRole('button', { name: 'Copy bytes as hex' }).click();
    expect(await clipboard(page)).toBe(SESSION_ID.replaceAll(' ', ''));
    await panel(page).getByRole('button', { name: 'Copy text' }).click();
    expect(await clipboard(page)).toBe('1A');
    expect(complaints).toEqual([]);
  });

  test('left folds an element, and a byte inside it opens it again', async () => {
    const { page } = await openMessage(FIRST);
    await element(page, 'SyncHdr').click();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => element(page, 'SyncHdr').getAttribute('aria-expanded')).toBe('false');
    expect(await element(page, /SessionID/).count()).toBe(0);
    await bytes(page).locator('.byte[data-at="26"]').click();
    await expect.poll(() => chosen(page).textContent()).toContain('SessionID1A');
  });

  test('a byte chooses the innermost element; the arrow keys go on from byte to byte', async () => {
    const { page } = await openMessage(FIRST);
    await bytes(page).locator('.byte[data-at="24"]').click();
    await expect.poll(() => chosen(page).textContent()).toContain('SessionID');
    expect(await bytes(page).locator('.byte.cursor').getAttribute('data-at')).toBe('24');
    await page.keyboard.press('ArrowDown');
    expect(await bytes(page).locator('.byte.cursor').getAttribute('data-at')).toBe('40');
    await expect.poll(() => chosen(page).textContent()).toContain('LocURIhttp://');
    await page.keyboard.press('Home');
    await panel(page).getByText('byte 0x0000 · WBXML header').waitFor();
    expect(await chosen(page).count()).toBe(0);
  });

  test('pointing at one side marks the other and chooses nothing', async () => {
    const { page } = await openMessage(FIRST);
    await element(page, /SessionID/).hover();
    await expect.poll(() => hexOf(page, 'pointed')).toBe(SESSION_ID);
    await bytes(page).locator('.char[data-at="40"]').hover();
    await expect.poll(() => outline(page).locator('.pointed').textContent()).toContain('LocURIhttp://');
    expect(await chosen(page).count()).toBe(0);
    await page.mouse.move(5, 5);
    await expect.poll(() => outline(page).locator('.pointed').count()).toBe(0);
  });

  test('an embedded document is part of the tree, down to its last element', async () => {
    const { page } = await openMessage(GROUPS);
    await panel(page).getByText('2 places shown as •••').click();
    await panel(page).getByText('value of AAuthSecret').getByRole('button').click();
    await expect.poll(() => chosen(page).textContent()).toContain('Value••• value of AAuthSecret');
    await panel(page)
      .getByTitle(/Item › Data › MgmtTree › Node › .*Node › Value$/)
      .waitFor();
    expect(await hexOf(page, 'chosen')).toMatch(/^[4-7][0-9A-F]( ••)+ 01$/);
  });

  test('a long value is one line until it is chosen, then tells how much there is more', async () => {
    const { page } = await openMessage(GROUPS);
    await outline(page).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    const more = chosen(page).getByRole('button', { name: /more characters/ });
    await more.waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => more.count()).toBe(0);
    expect((await chosen(page).textContent())?.length).toBeGreaterThan(7000);
  });

  test('2,000 Results: few rows in the document, whatever form shows them', {
    timeout: 60_000,
  }, async () => {
    const { page, complaints } = await openMessage(FIRST);
    await choose(page, LONG);
    await panel(page).getByText('187 kB').waitFor();
    await outline(page).focus();
    await page.keyboard.press('End');
    await expect.poll(() => chosen(page).textContent()).toContain('Final');
    await expect.poll(() => hexOf(page, 'chosen')).toBe('12');
    expect(await outline(page).getByRole('treeitem').count()).toBeLessThan(120);
    expect(await bytes(page).getByRole('row').count()).toBeLessThan(120);
    await showAs(page, 'XML');
    await panel(page).getByText('<SyncML').first().waitFor();
    expect(await panel(page).locator('.xml-line').count()).toBeLessThan(160);
    expect(complaints).toEqual([]);
  });
});

describe('notes', () => {
  test('a message that cannot be decoded: why, its bytes, and the place marked', async () => {
    const { page } = await openMessage(BROKEN);
    await panel(page).getByText('(at offset 190)').waitFor();
    expect(await outline(page).count()).toBe(0);
    expect(await bytes(page).locator('.byte.wrong').getAttribute('data-at')).toBe('190');
    await panel(page).getByText('byte 0x00BE · it cannot be read from here on').waitFor();
    await showAs(page, 'XML');
    await panel(page).getByText('there is no XML of it').waitFor();
    expect(await panel(page).getByRole('button', { name: 'Copy XML' }).count()).toBe(0);
  });

  test('warnings lead to their place, from every form', async () => {
    const { page } = await openMessage(ODD_XML);
    await showAs(page, 'Commands');
    const warning = panel(page).getByRole('listitem').filter({ hasText: 'Signal' });
    await warning.getByRole('button').click();
    await expect.poll(() => chosen(page).textContent()).toContain('Signalurn:vendor');
    expect(
      await chosen(page)
        .getByRole('img', { name: /^warning/ })
        .count(),
    ).toBe(1);
  });

  test('a secret is nowhere in the page, nor in what it copies', async () => {
    const { page } = await openMessage(ODD_XML);
    const secrets = [Buffer.from('device-1:correct horse battery').toString('base64'), 'correct horse battery'];
    const seen = [await page.content()];
    for (const name of ['Copy XML', 'Copy hex']) {
      await panel(page).getByRole('button', { name }).click();
      seen.push(await clipboard(page));
    }
    await showAs(page, 'XML');
    seen.push(await page.content());
    for (const secret of secrets) {
      for (const text of seen) {
        expect(text).not.toContain(secret);
        expect(text).not.toContain(Buffer.from(secret).toString('hex').toUpperCase());
      }
    }
    expect(seen[1]).toContain('<Value>•••</Value>'.replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
  });
});

describe('commands', () => {
  test('those inside Atomic and Sequence are in the ladder and in the list, each with its status', async () => {
    const { page } = await openMessage(GROUPS);
    const ladder = page.getByRole('grid', { name: 'Message ladder' });
    await ladder.getByText('Atomic (Add ./Vendor/App1, Replace ./Vendor/App1/Enabled, Exec').waitFor();
    await showAs(page, 'Commands');
    const line = (text: string) => panel(page).locator('.command-line').filter({ hasText: text }).first();
    expect(await line('Replace ./Vendor/App1/Enabled').textContent()).toContain('425 Permission denied');
    expect(await line('Copy ./Vendor/App1 → ./Vendor/App2').textContent()).toContain('200 OK');
    await line('Replace').getByRole('button', { name: 'Replace' }).click();
    await panel(page).getByText('SyncML › SyncBody › Atomic › Replace', { exact: true }).waitFor();
    await choose(page, ANSWERED);
    await showAs(page, 'Commands');
    expect(await line('Replace ./Vendor/App1/Enabled').textContent()).toContain('in Atomic 4');
    expect(await line('Put').textContent()).toContain('not a command of DM');
  });

  test('a generic alert says its type and correlator; the session says its scheme', async () => {
    const { page } = await openMessage(FIRST);
    await showAs(page, 'Commands');
    const words =
      'Alert 1226 Generic alert · correlator abc-1 · org.openmobilealliance.dm.firmwareupdate.update · critical · ./FUMO/Update1';
    expect(await panel(page).locator('.command-line').filter({ hasText: '1226' }).textContent()).toContain(words);
    await page.getByText('client authenticated · basic').waitFor();
  });

  test('the tree comes beside the message on request, and what was chosen stays chosen', async () => {
    const { page } = await openMessage(FIRST);
    const tree = page.getByRole('tree', { name: 'Device tree' });
    await element(page, 'SyncHdr').click();
    expect(await tree.count()).toBe(0);
    await panel(page).getByRole('button', { name: 'Tree beside the message' }).click();
    await tree.waitFor();
    await panel(page).getByText('SyncML › SyncHdr', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'Properties' }).waitFor();
  });
});

describe('for everyone', () => {
  test.each(APPEARANCES)(
    'axe finds nothing in any form, $theme theme at $size.width',
    {
      timeout: 120_000,
    },
    async ({ theme, size }) => {
      const { page, violations, complaints } = await openMessage(ODD_XML, { theme, size });
      await element(page, /Battery/).click();
      await panel(page).getByText('places shown as •••').click();
      expect(await violations()).toEqual([]);
      for (const name of ['XML', 'Commands']) {
        await showAs(page, name);
        expect(await violations()).toEqual([]);
      }
      await showAs(page, 'Elements');
      await choose(page, BROKEN);
      await bytes(page).locator('.byte[data-at="20"]').click();
      expect(await violations()).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );
});
