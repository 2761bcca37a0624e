import { describe, expect, test } from 'vitest';
import { openPages } from './open-page.ts';
import { clipboard, nodeOf, properties, selectedOf, treeOf } from './page-parts.ts';

const open = openPages();

describe('devices', () => {
  test('an empty room tells the story of one button, step by step, and opens the device', async () => {
    const { page, fake, complaints } = await open({ filled: false });
    await page.getByRole('button', { name: 'Try it without hardware' }).click();
    const steps = page.getByRole('list', { name: 'Story steps' }).getByRole('listitem');
    await expect.poll(() => steps.count()).toBe(6);
    await steps.filter({ hasText: '1.83 s' }).waitFor();
    await nodeOf(page, 'FwV').waitFor();
    await page.getByRole('list', { name: 'Devices' }).getByRole('link', { name: 'Virtual handset 1' }).waitFor();
    expect(await page.getByRole('heading', { level: 1, name: 'Virtual handset 1' }).count()).toBe(1);
    expect(page.url()).toContain('#/devices/IMEI%3A493005100592800');
    expect(fake.asked).toEqual(['story']);
    expect(complaints).toEqual([]);
  });

  test('a story that stops says at which step and why, and can be told again', async () => {
    const { page, fake } = await open({ filled: false });
    fake.storyFails = true;
    await page.getByRole('button', { name: 'Try it without hardware' }).click();
    const failed = page.getByRole('list', { name: 'Story steps' }).getByRole('listitem').nth(3);
    await failed.getByText('refused the credentials with 401').waitFor();
    fake.storyFails = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await nodeOf(page, 'FwV').waitFor();
  });

  test('a changed value stands out with the old one struck through, then is plain again', async () => {
    const { page, fake } = await open();
    await nodeOf(page, /^FwV 1.0.4/).waitFor();
    fake.changeValue('./DevDetail/FwV', '1.0.5');
    const row = nodeOf(page, 'FwV');
    await row.locator('del').waitFor();
    expect(await row.locator('del').textContent()).toBe('1.0.4');
    await expect.poll(() => row.locator('del').count(), { timeout: 8000 }).toBe(0);
    expect(await row.textContent()).toContain('1.0.5');
  });

  test('the keyboard alone walks the tree, folds it and finds by letter', async () => {
    const { page } = await open();
    await treeOf(page).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => selectedOf(page).getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => selectedOf(page).getAttribute('aria-expanded')).toBe('false');
    expect(await nodeOf(page, 'DevId').count()).toBe(0);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => selectedOf(page).textContent()).toContain('DevId');
    await page.keyboard.type('fw');
    await expect.poll(() => selectedOf(page).textContent()).toContain('FwV');
    const active = await treeOf(page).getAttribute('aria-activedescendant');
    expect(active).toBe(await selectedOf(page).getAttribute('id'));
    await properties(page).getByText('./DevDetail/FwV', { exact: true }).first().waitFor();
    await expect.poll(() => page.url()).toContain('.%2FDevDetail%2FFwV');
  });

  test('search by expression opens the way, marks and counts; Enter goes from match to match', async () => {
    const { page } = await open();
    await treeOf(page).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => nodeOf(page, /./).count()).toBe(1);
    await page.keyboard.press('Control+f');
    await page.keyboard.type('/V$/');
    const result = page.getByRole('status', { name: 'Search result' });
    await result.getByText('4 matches').waitFor();
    expect(await treeOf(page).locator('mark').allTextContents()).toEqual(['V', 'V', 'V', 'V']);
    await page.keyboard.press('Enter');
    await result.getByText('1 of 4').waitFor();
    await expect.poll(() => selectedOf(page).textContent()).toContain('DmV');
    await page.keyboard.press('Shift+Enter');
    await result.getByText('4 of 4').waitFor();
    await expect.poll(() => selectedOf(page).textContent()).toContain('HwV');
    await page.getByLabel('Search in tree').fill('/(/');
    await result.getByText('not a valid expression').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByLabel('Search in tree').inputValue()).toBe('');
  });

  test('a node shows its properties in full, and copies as what it is', async () => {
    const { page } = await open();
    await page.getByLabel('Search in tree').fill('Note');
    await nodeOf(page, /^Note/).click();
    const panel = properties(page);
    expect(await panel.textContent()).toContain('down to the last word.');
    expect(await panel.textContent()).toContain('inherited from ./Vendor');
    await panel.getByRole('button', { name: 'Copy URI' }).click();
    expect(await clipboard(page)).toBe('./Vendor/Note');
    await panel.getByRole('button', { name: 'Copy node as JSON' }).click();
    expect(JSON.parse(await clipboard(page))).toMatchObject({ uri: './Vendor/Note', format: 'chr' });
    await page.getByLabel('Search in tree').fill('Icon');
    await nodeOf(page, /^Icon/).click();
    await panel.getByRole('button', { name: 'Copy value as hex' }).click();
    expect(await clipboard(page)).toMatch(/^444D20576F726B62656E6368[0-9A-F]+0001FEFF$/);
  });

  test('an error of the core stands near its action, with what to do, and not on another device', async () => {
    const { page } = await open();
    await page.getByRole('link', { name: /^last session failed Tracker/ }).click();
    await page.getByRole('button', { name: 'Read subtree' }).click();
    await page.getByText('The device refused the last session with 401').waitFor();
    await page.getByText('Give it new credentials before queueing commands for it.').waitFor();
    await page.getByRole('link', { name: /Gateway lab 7/ }).click();
    await expect.poll(() => page.getByText('The device refused the last session').count()).toBe(0);
  });

  test('the ladder filters failed messages and opens one as elements, XML, hex and commands, by keyboard alone', async () => {
    const { page } = await open();
    const ladder = page.getByRole('grid', { name: 'Message ladder' });
    await ladder.getByRole('row', { name: /425 Permission denied/ }).waitFor();
    expect(await ladder.getByRole('row').count()).toBe(7);
    await page.getByRole('checkbox', { name: 'failed only' }).check();
    await expect.poll(() => ladder.getByRole('row').count()).toBe(2);
    await ladder.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const message = page.getByRole('region', { name: 'Message', exact: true });
    await message.getByText('VerDTD').first().waitFor();
    await message.getByRole('button', { name: 'Copy XML' }).click();
    expect(await clipboard(page)).toContain('  <VerDTD>1.2</VerDTD>');
    await message.getByRole('radio', { name: 'Elements' }).focus();
    await page.keyboard.press('ArrowRight');
    await message.getByText('<SyncML').first().waitFor();
    await page.keyboard.press('ArrowRight');
    await message.getByRole('grid', { name: 'Bytes of the message' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await message.getByText('Replace ./Vendor/Enabled').waitFor();
    await page.keyboard.press('Escape');
    await properties(page).waitFor();
    await page.getByLabel('Session', { exact: true }).selectOption({ index: 1 });
    await page.getByText('completed: no more commands').waitFor();
  });
});
