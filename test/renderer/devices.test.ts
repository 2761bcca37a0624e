/** The Devices room over the fake workbench: pins, device list, by keyboard alone, and for everyone. */
import { describe, expect, test } from 'vitest';
import { act, choose, DEVICE, hashOf, lastOf, next, shows } from './node-parts.ts';
import { openPages } from './open-page.ts';
import { nodeOf, properties, treeOf } from './page-parts.ts';

const open = openPages();

describe('pins and devices', () => {
  test('a pinned subtree shows its values wherever the person is, flashes, and is there after a reload', async () => {
    const { page, fake } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await choose(page, './DevDetail/URI');
    await page.keyboard.press('Control+b');
    const pins = page.getByRole('region', { name: 'Pinned subtrees' });
    await pins.getByRole('button', { name: /^MaxTotLen\s*127/ }).waitFor();
    await nodeOf(page, /^URI/).getByRole('img', { name: 'pinned' }).waitFor();
    await page.reload();
    fake.changeValue('./DevDetail/URI/MaxTotLen', '255');
    await pins.getByRole('button', { name: /^MaxTotLen\s*255/ }).click();
    await properties(page).getByText('./DevDetail/URI/MaxTotLen', { exact: true }).first().waitFor();
    await page.getByRole('link', { name: /Gateway lab 7/ }).click();
    await expect.poll(() => pins.count()).toBe(0);
    await page.goBack();
    await pins.getByRole('button', { name: 'Unpin ./DevDetail/URI' }).click();
    await expect.poll(() => pins.count()).toBe(0);
  });

  test('each device says how it can be reached, its last session and when', async () => {
    const { page } = await open();
    const list = page.getByRole('list', { name: 'Devices' }).getByRole('link');
    await list.nth(3).waitFor();
    const texts = (await list.allTextContents()).map(text => text.replace(/\s+/g, ' '));
    expect(texts[1]).toMatch(/SmartPhone2000\d+ min agosession 18 completed · as tester · 3 queued/);
    expect(texts[2]).toContain('last session failed: 401');
    expect(texts[3]).toContain('never connected');
  });
});

describe('by keyboard alone', () => {
  test('device, tree, value, exact command, send, status, undo', async () => {
    const { page, fake } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await fake.work.hold(DEVICE, true);
    await page.keyboard.press('F6');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'SmartPhone2000' }).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await nodeOf(page, 'FwV').waitFor();
    await page.keyboard.press('F6');
    await page.keyboard.press('End');
    await properties(page).getByText('./Vendor/Ratio', { exact: true }).first().waitFor();
    await page.keyboard.press('F2');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('0.9');
    await shows(page, '<Data>0.9</Data>');
    await page.keyboard.press('Enter');
    await lastOf(page).getByText('200 OK').waitFor();
    await expect.poll(() => treeOf(page).evaluate(e => e === document.activeElement)).toBe(true);
    await page.keyboard.press('F6');
    const undo = lastOf(page).getByRole('button', { name: 'Undo' });
    for (let i = 0; i < 25 && !(await undo.evaluate(e => e === document.activeElement)); i += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await shows(page, '<Data>0.75</Data>');
    await page.keyboard.press('Control+Enter');
    await nodeOf(page, /^Ratio 0\.9\s*0\.75/).waitFor();
    expect(fake.asked.filter(asked => asked.startsWith('send'))).toHaveLength(2);
  });

  test('the palette lists what can be done here with its key, and does it', async () => {
    const { page } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await choose(page, './Vendor/Ratio');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to' }).fill('edit the value');
    const option = page.getByRole('dialog').getByRole('option');
    await expect.poll(() => option.count()).toBe(1);
    expect(await option.locator('kbd').getAttribute('data-key')).toBe('F2');
    await page.keyboard.press('Enter');
    await expect
      .poll(() =>
        next(page)
          .getByLabel('New value')
          .evaluate(e => e === document.activeElement),
      )
      .toBe(true);
  });
});

describe('for everyone', () => {
  test.each([
    { theme: 'light', width: 1440, height: 900 },
    { theme: 'dark', width: 1100, height: 700 },
  ] as const)('axe finds nothing in forms, lists and pins, $theme at $width', { timeout: 60_000 }, async size => {
    const { page, fake, complaints, violations } = await open({
      theme: size.theme,
      size,
      hash: hashOf('./Vendor/Icon'),
    });
    await nodeOf(page, /^Icon/).waitFor();
    await page.keyboard.press('F2');
    await shows(page, './Vendor/Icon');
    expect(await violations()).toEqual([]);
    await next(page).getByRole('button', { name: 'Batch' }).click();
    await page.getByRole('region', { name: 'Batch' }).getByRole('figure').getByText('Sequence').first().waitFor();
    await choose(page, './Vendor');
    await page.keyboard.press('Control+b');
    await page.keyboard.press('F9');
    await shows(page, '?prop=ACL');
    expect(await violations()).toEqual([]);
    await fake.work.hold(DEVICE, true);
    fake.work.code = 405;
    await page.getByRole('button', { name: 'Send 1 command' }).click();
    await page
      .getByRole('region', { name: 'Command and answer' })
      .getByText('405 Command not allowed')
      .first()
      .waitFor();
    await act(page, 'Add').click();
    await next(page).getByLabel('Name').waitFor();
    expect(await violations()).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
