import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ADM_KEY } from '../support/fake-workbench.ts';
import { bigTree } from '../support/fake-workbench-data.ts';
import { type OpenOptions, type OpenPage, type PageBench, startPageBench } from './open-page.ts';

let bench: PageBench;
let opened: OpenPage[] = [];

beforeAll(async () => {
  bench = await startPageBench();
}, 120_000);
afterAll(() => bench?.close());
afterEach(async () => {
  for (const one of opened) await one.close();
  opened = [];
});

async function open(options?: OpenOptions): Promise<OpenPage> {
  const one = await bench.open(options);
  opened.push(one);
  return one;
}

const treeOf = (page: Page): Locator => page.getByRole('tree', { name: 'Device tree' });
const nodeOf = (page: Page, name: string | RegExp): Locator => treeOf(page).getByRole('treeitem', { name });
const selectedOf = (page: Page): Locator => treeOf(page).getByRole('treeitem', { selected: true });
const properties = (page: Page): Locator => page.getByRole('region', { name: 'Properties' });
const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

/** Median milliseconds from a key in the tree to the next frame. */
function keyTime(page: Page, key: string): Promise<number> {
  return treeOf(page).evaluate(async (tree, pressed) => {
    const times: number[] = [];
    for (let i = 0; i < 25; i += 1) {
      const start = performance.now();
      tree.dispatchEvent(new KeyboardEvent('keydown', { key: pressed, bubbles: true, cancelable: true }));
      await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[12] ?? Number.NaN;
  }, key);
}

describe('getting in', () => {
  test('the token leaves the address and still opens the page after a reload', async () => {
    const { page, complaints } = await open();
    await nodeOf(page, 'FwV').waitFor();
    expect(page.url()).not.toContain('token');
    await page.reload();
    await nodeOf(page, 'FwV').waitFor();
    expect(complaints).toEqual([]);
  });

  test.each(['none', 'wrong'])('token %s: the page says which address to open, and asks no more', async token => {
    const { page, server, violations } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await page.evaluate(() => sessionStorage.clear());
    await page.goto('about:blank');
    await page.goto(`http://127.0.0.1:${server.port}/${token === 'none' ? '' : '?token=wrong'}`);
    await page.getByRole('heading', { name: 'This address has no key' }).waitFor();
    expect(await page.getByRole('main').textContent()).toContain('npm start');
    expect(await violations()).toEqual([]);
  });

  test('a lost core leaves what was seen on the screen and says so', async () => {
    const { page, server, fake } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await server.close();
    await page.getByText('Connection to the core lost.').waitFor();
    await nodeOf(page, 'FwV').waitFor();
    await page.getByRole('button', { name: 'Read subtree' }).click();
    await page.getByText('The core is not connected').waitFor();
    expect(fake.asked).toEqual([]);
  });

  test('a connection that blinks comes back by itself, with what changed meanwhile', async () => {
    const { page, fake } = await open();
    let drop = async () => {};
    await page.routeWebSocket(/\/api\?token=/, socket => {
      const core = socket.connectToServer();
      drop = async () => {
        await core.close();
        await socket.close();
      };
    });
    await page.reload();
    await nodeOf(page, /^FwV 1.0.4/).waitFor();
    await drop();
    fake.changeValue('./DevDetail/FwV', '1.0.5');
    await nodeOf(page, /^FwV 1.0.4\s*1.0.5/).waitFor();
    await expect.poll(() => page.getByText('Connection to the core lost.').count()).toBe(0);
  });
});

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

  test('the exact command stands there before it is sent; a value that does not fit is not sent', async () => {
    const { page, fake } = await open();
    await page.getByLabel('Search in tree').fill('Ratio');
    await nodeOf(page, /^Ratio/).click();
    expect(await properties(page).textContent()).toContain('Get ./Vendor/Ratio');
    await page.getByRole('button', { name: 'Read subtree' }).click();
    await properties(page).getByText('Get ./Vendor/Ratio is queued; the virtual handset was asked').waitFor();
    await page.getByRole('button', { name: 'Edit value' }).click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('half');
    await page.keyboard.press('Enter');
    await properties(page).getByText('Format float takes a number').waitFor();
    expect(await page.getByRole('button', { name: 'Send Replace' }).isDisabled()).toBe(true);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('0.5');
    expect(await properties(page).textContent()).toMatch(/Replace \.\/Vendor\/Ratio\s*Format float.*\s*Data "0\.5"/);
    await page.keyboard.press('Enter');
    await properties(page).getByText('Replace ./Vendor/Ratio was sent.').waitFor();
    await nodeOf(page, /^Ratio 0\.75\s*0\.5/).waitFor();
    expect(fake.asked).toEqual(['read ./Vendor/Ratio', 'replace ./Vendor/Ratio float 0.5']);
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
    await page.getByLabel('failed only').check();
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

  test('100,000 nodes: few rows in the document, and a key takes hardly longer than with 41', async () => {
    const { page, fake, complaints } = await open();
    await nodeOf(page, 'FwV').waitFor();
    const small = await keyTime(page, 'ArrowDown');
    fake.setTree(bigTree(100_000));
    await page.getByLabel('Search in tree').fill('Leaf9');
    await page.getByRole('status', { name: 'Search result' }).getByText('9,999 matches').waitFor();
    expect(await nodeOf(page, /./).count()).toBeLessThan(100);
    await treeOf(page).focus();
    await page.keyboard.press('End');
    await expect.poll(() => selectedOf(page).textContent()).toBe('99');
    expect(await keyTime(page, 'ArrowUp')).toBeLessThan(3 * small);
    await expect.poll(() => selectedOf(page).textContent()).toContain('Leaf');
    expect(complaints).toEqual([]);
  });
});

describe('go to anything', () => {
  test('rooms by number, and by palette to devices, readers and URIs', async () => {
    const { page } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await page.keyboard.press('2');
    await page.getByRole('heading', { name: 'Provision card' }).waitFor();
    await page.keyboard.press('1');
    await nodeOf(page, 'FwV').waitFor();
    for (const [text, url] of [
      ['omnikey', '#/cards/HID%20Global'],
      ['gateway', '#/devices/user%3Agateway-lab-7'],
      ['virtual handset', '#/devices/IMEI%3A493005100592800'],
    ] as const) {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Go to' }).fill(text);
      await expect.poll(() => page.getByRole('dialog').getByRole('option').count()).toBe(1);
      await page.keyboard.press('Enter');
      await expect.poll(() => page.url()).toContain(url);
    }
    await nodeOf(page, 'FwV').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to' }).fill('aauth secret');
    await expect.poll(() => page.getByRole('dialog').getByRole('option').count()).toBe(1);
    await page.keyboard.press('Enter');
    await expect.poll(() => selectedOf(page).textContent()).toContain('AAuthSecret');
  });

  test('the theme follows the system until another is chosen, and is remembered', async () => {
    const { page } = await open({ theme: 'dark' });
    const scheme = () => page.evaluate(() => document.documentElement.dataset.mantineColorScheme);
    await expect.poll(scheme).toBe('dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(scheme).toBe('light');
    await page.getByRole('button', { name: 'Theme: system' }).click();
    await page.getByRole('button', { name: 'Theme: light' }).click();
    await expect.poll(scheme).toBe('dark');
    await page.reload();
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
    expect(await scheme()).toBe('dark');
  });
});

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
    await page.keyboard.press('2');
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
    fake.pace = 5;
    fake.insertCard();
    await page.getByText('The card is being read: a moment.').waitFor();
    expect(await resume.isDisabled()).toBe(true);
    fake.pace = 0.1;
    await expect.poll(() => resume.isEnabled()).toBe(true);
    await page.getByLabel('ADM1 key').fill(ADM_KEY);
    await resume.click();
    await result(page).getByText('Verified').waitFor();
    expect(fake.asked).toEqual(['plan example', 'write plan-1', 'write plan-1']);
  });

  test('a write can be cancelled; a failed verify says so and what next', async () => {
    const { page, fake } = await open({ hash: '#/cards' });
    fake.pace = 1;
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

describe.each(['light', 'dark'] as const)('for everyone, %s theme', theme => {
  test.each([
    { width: 1440, height: 900 },
    { width: 1100, height: 700 },
  ])('axe finds nothing in any state at $width', { timeout: 60_000 }, async size => {
    const empty = await open({ theme, size, filled: false });
    await empty.page.getByRole('button', { name: 'Try it without hardware' }).waitFor();
    expect(await empty.violations()).toEqual([]);
    await empty.page.keyboard.press('2');
    await empty.page.getByText('No reader yet').waitFor();
    expect(await empty.violations()).toEqual([]);

    const { page, fake, complaints, violations } = await open({ theme, size });
    await nodeOf(page, 'FwV').click();
    fake.changeValue('./DevDetail/FwV', '1.0.5');
    await nodeOf(page, 'FwV').locator('del').waitFor();
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Edit value' }).click();
    await page.getByLabel('Search in tree').fill('V');
    expect(await violations()).toEqual([]);
    await page.getByRole('row', { name: /425/ }).click();
    await page.getByText('VerDTD').first().waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Control+k');
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: /Tracker/ }).click();
    await page.getByRole('button', { name: 'Read subtree' }).click();
    await page.getByText('Give it new credentials').waitFor();
    expect(await violations()).toEqual([]);

    await page.getByRole('link', { name: 'Cards', exact: true }).click();
    await page.getByText('The card carries a DM bootstrap').waitFor();
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    await page.getByText('Check the label').waitFor();
    expect(await violations()).toEqual([]);
    fake.pace = 2;
    await page.getByLabel('ADM1 key').fill(ADM_KEY);
    await page.keyboard.press('Enter');
    await page.getByRole('progressbar').waitFor();
    expect(await violations()).toEqual([]);
    fake.pace = 0;
    await page.getByRole('status', { name: 'Result' }).getByText('Verified').waitFor();
    expect(await violations()).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
