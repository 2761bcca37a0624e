/** The Devices room over the fake workbench: reading and editing a node, commands and their answers, by mouse and keyboard. */
import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openPages } from './open-page.ts';

const open = openPages();

const treeOf = (page: Page): Locator => page.getByRole('tree', { name: 'Device tree' });
const nodeOf = (page: Page, name: string | RegExp): Locator => treeOf(page).getByRole('treeitem', { name });
const panel = (page: Page): Locator => page.getByRole('region', { name: 'Properties' });
const next = (page: Page): Locator => page.getByRole('region', { name: 'Next command' });
const preview = (page: Page): Locator => next(page).getByRole('figure', { name: 'Command as it will be sent' });
const lastOf = (page: Page): Locator => page.getByRole('status', { name: 'Last command for this node' });
const act = (page: Page, name: string): Locator =>
  page.getByRole('toolbar', { name: 'Commands' }).getByRole('button', { name, exact: true });
const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

async function choose(page: Page, uri: string): Promise<void> {
  await nodeOf(page, 'FwV').waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Go to' }).fill(uri);
  await expect.poll(() => page.getByRole('dialog').getByRole('option').count()).toBe(1);
  await page.keyboard.press('Enter');
  await panel(page).getByText(uri, { exact: true }).first().waitFor();
}

/** The XML that stands there, without the white space between elements. */
async function shows(page: Page, xml: string): Promise<void> {
  await expect.poll(async () => (await preview(page).textContent())?.replace(/>\s+</g, '><')).toContain(xml);
}

describe('node in hand', () => {
  test('all properties, what the description says, and the ACL in words', async () => {
    const { page } = await open();
    await choose(page, './DevDetail/FwV');
    const text = () => panel(page).innerText();
    expect(await text()).toMatch(
      /Format · Type\s+chr · text\/plain\s+Name\s+FwV\s+Title\s+–\s+ACL\s+Get=\*&Add=dm\.example/,
    );
    expect(await text()).toMatch(/Size · VerNo\s+5 bytes · 0\s+TStamp\s+2026-11-23 22:14:07 UTC/);
    await panel(page).getByRole('region', { name: 'Description' }).getByText('Firmware version').waitFor();
    await panel(page).getByText('in words').click();
    const words = panel(page).getByRole('list', { name: 'ACL in words' });
    await words.getByText('Every server may read its value and properties').waitFor();
    await words.getByText('Nobody may execute it').waitFor();
  });

  test('a former value comes back from the history as a Replace', async () => {
    const { page } = await open();
    await choose(page, './DevDetail/FwV');
    const history = panel(page).getByRole('list', { name: 'History of the value' });
    await expect.poll(() => history.innerText()).toMatch(/1\.0\.4 session 1A\s+now[\s\S]*1\.0\.3 session 19/);
    await history.getByRole('button', { name: 'Replace with the value of session 19' }).click();
    await shows(page, '<Data>1.0.3</Data>');
  });

  test('a secret stands behind bullets until it is revealed, in the tree and in the palette too', async () => {
    const { page, fake } = await open();
    await nodeOf(page, 'FwV').waitFor();
    fake.changeValue('./DMAcc/Example/AppAuth/1/AAuthSecret', 'hunter2');
    await choose(page, './DMAcc/Example/AppAuth/1/AAuthSecret');
    await panel(page).getByText('••••••').waitFor();
    await nodeOf(page, /AAuthSecret.*••••••/).waitFor();
    expect(await page.content()).not.toContain('hunter2');
    await panel(page).getByRole('button', { name: 'Reveal' }).click();
    await panel(page).getByText('hunter2').waitFor();
    await panel(page).getByRole('button', { name: 'Hide' }).click();
    await act(page, 'Replace').click();
    await next(page).getByLabel('New value').fill('better');
    await shows(page, './DMAcc/Example/AppAuth/1/AAuthSecret</LocURI>');
    expect(await preview(page).textContent()).not.toContain('better');
  });
});

describe('editors by format', () => {
  test.each([
    { uri: './Vendor/Clock', press: 'ArrowUp', data: '2' },
    { uri: './Vendor/Ratio', type: '-1.5e3', data: '-1.5e3', refused: 'half', why: 'Format float takes a number' },
    { uri: './DevInfo/Lang', type: 'zh', data: 'zh' },
  ])(
    '$uri: typed, refused where it does not fit, and shown as it is sent',
    async ({ uri, press, type, data, refused, why }) => {
      const { page } = await open();
      await choose(page, uri);
      await page.keyboard.press('F2');
      const field = next(page).getByLabel('New value');
      await expect.poll(() => field.evaluate(e => e === document.activeElement)).toBe(true);
      if (refused) {
        await field.fill(refused);
        await next(page)
          .getByText(why ?? '')
          .waitFor();
        expect(await next(page).getByRole('button', { name: 'Send Replace' }).isDisabled()).toBe(true);
      }
      if (press) await field.press(press);
      else await field.fill(type ?? '');
      await shows(page, `<LocURI>${uri}</LocURI>`);
      await shows(page, `<Data>${data}</Data>`);
    },
  );

  test('bool by choice, date and time by calendar and clock, in the way the device writes them', async () => {
    const { page, fake } = await open();
    await nodeOf(page, 'FwV').waitFor();
    fake.addNode('./Vendor/Day', 'date', '20261123');
    fake.addNode('./Vendor/Alarm', 'time', '22:14:07Z');
    await choose(page, './Vendor/Enabled');
    await page.keyboard.press('F2');
    await next(page).getByRole('radio', { name: 'true' }).focus();
    await page.keyboard.press('ArrowLeft');
    await shows(page, '<Data>true</Data>');
    await choose(page, './Vendor/Day');
    await page.keyboard.press('F2');
    await next(page).getByLabel('Pick the date').fill('2028-02-29');
    await shows(page, '<Data>20280229</Data>');
    await next(page).getByLabel('New value').fill('20270229');
    await next(page).getByText('Format date takes a date').waitFor();
    await choose(page, './Vendor/Alarm');
    await page.keyboard.press('F2');
    await next(page).getByLabel('Pick the time').fill('06:30:00');
    await shows(page, '<Data>06:30:00Z</Data>');
  });

  test('bytes as hexadecimal and text, XML checked and laid out', async () => {
    const { page } = await open();
    await choose(page, './Vendor/Icon');
    await page.keyboard.press('F2');
    const hex = next(page).getByLabel('New value as hexadecimal');
    const text = next(page).getByLabel('New value as text');
    expect(await text.isDisabled()).toBe(true);
    await hex.fill('444D2');
    await next(page).getByText('Pairs of hexadecimal digits').waitFor();
    expect(await next(page).getByRole('button', { name: 'Send Replace' }).isDisabled()).toBe(true);
    await hex.fill('444D20');
    await expect.poll(() => text.inputValue()).toBe('DM ');
    await text.fill('DM é');
    await expect.poll(() => hex.inputValue()).toBe('444D 20C3 A9');
    await shows(page, '<Data>RE0gw6k=</Data>');
    await choose(page, './Vendor/Policy');
    await page.keyboard.press('F2');
    const xml = next(page).getByLabel('New value');
    await xml.fill('<a><b>1</b>');
    await next(page).getByText('error on line 1').waitFor();
    await xml.fill('<a><b>1</b></a>');
    await next(page).getByText('well-formed').waitFor();
    await next(page).getByRole('button', { name: 'Lay out' }).click();
    expect(await xml.inputValue()).toBe('<a>\n  <b>1</b>\n</a>');
  });
});

describe('commands', () => {
  test('without an open session the click waits: node, row and list say so, until it is cancelled', async () => {
    const { page, fake } = await open();
    await choose(page, './Vendor/Ratio');
    await page.keyboard.press('F2');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('0.5');
    await page.keyboard.press('Enter');
    await lastOf(page).getByText('queued', { exact: true }).waitFor();
    await nodeOf(page, /^Ratio/)
      .getByRole('img', { name: 'Replace: queued' })
      .waitFor();
    await page.getByRole('tab', { name: 'Commands 1' }).click();
    const commands = page.getByRole('region', { name: 'Commands', exact: true });
    await commands.getByRole('figure', { name: 'Command as it was sent' }).getByText('./Vendor/Ratio').waitFor();
    await commands.getByRole('button', { name: 'Cancel Replace ./Vendor/Ratio' }).click();
    await lastOf(page).getByText('cancelled').waitFor();
    await expect
      .poll(() =>
        nodeOf(page, /^Ratio/)
          .getByRole('img')
          .count(),
      )
      .toBe(0);
    expect(fake.asked).toEqual(['send replace ./Vendor/Ratio', 'cancel 1']);
  });

  test('in a held session the status comes back to the node, the value flashes, and undo offers the former one', async () => {
    const { page, fake } = await open();
    await choose(page, './Vendor/Ratio');
    await page.getByRole('button', { name: 'Hold session' }).click();
    await page.getByText(/^in session 1B · held/).waitFor();
    await page.keyboard.press('F2');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('0.5');
    await preview(page).getByText('sent at once in the open session').waitFor();
    await page.keyboard.press('Control+Enter');
    await lastOf(page).getByText('200 OK').waitFor();
    await nodeOf(page, /^Ratio 0\.75\s*0\.5/).waitFor();
    await lastOf(page).getByRole('button', { name: 'Undo' }).click();
    await shows(page, '<Data>0.75</Data>');
    fake.work.code = 405;
    await page.getByRole('button', { name: 'Send Replace' }).click();
    await lastOf(page).getByText('405 Command not allowed').waitFor();
    await nodeOf(page, /^Ratio/)
      .getByRole('img', { name: 'Replace: 405 Command not allowed' })
      .waitFor();
    await page.getByRole('button', { name: 'Let go' }).click();
    await page.getByRole('button', { name: 'Hold session' }).waitFor();
  });

  test.each([
    { uri: './DevInfo', name: 'Get', what: '?list=TNDS', xml: '<LocURI>./DevInfo?list=TNDS</LocURI>' },
    { uri: './Vendor', name: 'Delete', say: '6 nodes below it go with it.', xml: '<Delete xmlns="SYNCML:SYNCML1.2">' },
    {
      uri: './Vendor/Note',
      name: 'Copy',
      fill: { label: 'Copy it to', text: './Vendor/Note2' },
      xml: '<Target><LocURI>./Vendor/Note2</LocURI></Target><Source><LocURI>./Vendor/Note</LocURI></Source>',
    },
    {
      uri: './Vendor/Enabled',
      name: 'Exec',
      fill: { label: 'Correlator (optional)', text: 'c-7' },
      xml: '<Correlator>c-7</Correlator>',
    },
  ])('$name of $uri: the exact command stands there, and is sent', async ({ uri, name, what, fill, say, xml }) => {
    const { page, fake } = await open();
    await choose(page, uri);
    await act(page, name).click();
    if (what) await next(page).getByLabel('What to read').selectOption(what);
    if (fill) await next(page).getByLabel(fill.label).fill(fill.text);
    if (say) await next(page).getByText(say).waitFor();
    await shows(page, xml);
    await next(page).getByRole('button', { name: 'Copy command as WBXML hex' }).click();
    expect(await clipboard(page)).toMatch(/^[0-9A-F]+$/);
    await next(page)
      .getByRole('button', { name: `Send ${name}` })
      .click();
    await lastOf(page).getByText('queued', { exact: true }).waitFor();
    expect(fake.asked).toHaveLength(1);
  });

  test('Add: what the description offers is filled in; a name that is there is refused', async () => {
    const { page, fake } = await open();
    await choose(page, './DMAcc/Example');
    await act(page, 'Add').click();
    await next(page)
      .getByRole('group', { name: /^May be added/ })
      .getByRole('button', { name: /^PrefConRef chr/ })
      .click();
    await shows(page, '<LocURI>./DMAcc/Example/PrefConRef</LocURI>');
    await next(page).getByLabel('Name').fill('AppID');
    await next(page).getByText('A node of this name is there already.').waitFor();
    await next(page).getByLabel('Name').fill('Ext');
    await next(page).getByLabel('Format').selectOption('node');
    await shows(page, '<Format xmlns="syncml:metinf">node</Format>');
    await page.getByRole('button', { name: 'Send Add' }).click();
    await lastOf(page).waitFor({ state: 'attached' });
    await expect.poll(() => fake.asked).toEqual(['send add ./DMAcc/Example/Ext']);
  });

  test('ACL, name and title are set by Replace of the property, the ACL explained while it is edited', async () => {
    const { page } = await open();
    await choose(page, './Vendor');
    await page.keyboard.press('F9');
    await next(page).getByLabel('Who may Exec').selectOption('only these');
    await next(page).getByText('Name the servers that may Exec, or choose nobody.').waitFor();
    await next(page).getByLabel('Servers that may Exec').fill('a b=c');
    await next(page).getByText('is no server identifier').waitFor();
    await next(page).getByLabel('Servers that may Exec').fill('dm.example, b.example');
    await next(page).getByText('dm.example and b.example may execute it').waitFor();
    await shows(page, '<LocURI>./Vendor?prop=ACL</LocURI></Target><Data>Get=*&amp;Replace=dm.example+backup.example');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+F2');
    await next(page).getByLabel('New name').fill('DMAcc');
    await next(page).getByText('A sibling has this name.').waitFor();
    await next(page).getByLabel('New name').fill('Maker');
    await shows(page, '<LocURI>./Vendor?prop=Name</LocURI></Target><Data>Maker</Data>');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+F9');
    await next(page).getByLabel('New title').fill('x'.repeat(256));
    await next(page).getByText('A title has 255 bytes at most').waitFor();
  });

  test('what speaks against a command stands beside it', async () => {
    const { page, fake } = await open();
    fake.work.problems = [{ text: 'FwV takes Get only', advice: 'Read it instead', severity: 'warning' }];
    await choose(page, './DevDetail/FwV');
    await act(page, 'Delete').click();
    await preview(page).getByText('FwV takes Get only').waitFor();
    await preview(page).getByText('Read it instead').waitFor();
  });
});

describe('batch', () => {
  test('several commands are gathered, moved, refused in an Atomic, sent as a Sequence, each with its status', async () => {
    const { page, fake } = await open();
    await page.getByRole('button', { name: 'Hold session' }).click();
    const collect = async (uri: string, name: string) => {
      await choose(page, uri);
      await act(page, name).click();
      await next(page).getByRole('button', { name: 'Batch' }).click();
    };
    await collect('./Vendor/Ratio', 'Replace');
    await collect('./Vendor/Note', 'Get');
    await collect('./Vendor/Icon', 'Delete');
    const batch = page.getByRole('region', { name: 'Batch' });
    const list = batch.getByRole('list', { name: 'Commands of the batch' });
    await batch.getByRole('button', { name: 'Move up: Delete ./Vendor/Icon' }).click();
    await expect.poll(() => list.innerText()).toMatch(/1\s*Replace[\s\S]*2\s*Delete[\s\S]*3\s*Get/);
    await batch.getByRole('radio', { name: 'Atomic' }).check({ force: true });
    await batch.getByText('A Get stands in no Atomic').waitFor();
    expect(await batch.getByRole('button', { name: 'Send 3 commands' }).isDisabled()).toBe(true);
    await batch.getByRole('button', { name: 'Remove: Get ./Vendor/Note' }).click();
    await expect
      .poll(() => batch.getByRole('figure').textContent())
      .toMatch(/<Atomic[\s\S]*<Replace>[\s\S]*<Delete>[\s\S]*<\/Atomic>/);
    await batch.getByRole('button', { name: 'Send 2 commands' }).click();
    const answer = page.getByRole('region', { name: 'Command and answer' });
    const inner = answer.getByRole('list', { name: 'Commands inside the Atomic' }).getByRole('listitem');
    await expect
      .poll(async () => (await inner.allInnerTexts()).map(text => text.replace(/\s+/g, ' ')))
      .toEqual(['1.1 Replace ./Vendor/Ratio 200 OK', '1.2 Delete ./Vendor/Icon 200 OK']);
    await expect.poll(() => nodeOf(page, /^Icon/).count()).toBe(0);
    expect(fake.asked.at(-1)).toBe('send atomic of 2 commands');
    await page.getByRole('tab', { name: 'Batch' }).click();
    await page.getByText('Draft a command for a node').waitFor();
  });
});

describe('pins and devices', () => {
  test('a pinned subtree shows its values wherever the person is, flashes, and is there after a reload', async () => {
    const { page, fake } = await open();
    await choose(page, './DevDetail/URI');
    await page.keyboard.press('Control+b');
    const pins = page.getByRole('region', { name: 'Pinned subtrees' });
    await pins.getByRole('button', { name: /^MaxTotLen\s*127/ }).waitFor();
    await nodeOf(page, /^URI/).getByRole('img', { name: 'pinned' }).waitFor();
    await page.reload();
    fake.changeValue('./DevDetail/URI/MaxTotLen', '255');
    await pins.getByRole('button', { name: /^MaxTotLen\s*255/ }).click();
    await panel(page).getByText('./DevDetail/URI/MaxTotLen', { exact: true }).first().waitFor();
    await page.getByRole('link', { name: /Gateway lab 7/ }).click();
    await expect.poll(() => pins.count()).toBe(0);
    await page.goBack();
    await pins.getByRole('button', { name: 'Unpin ./DevDetail/URI' }).click();
    await expect.poll(() => pins.count()).toBe(0);
  });

  test('each device says how it can be reached, its last session and when', async () => {
    const { page } = await open();
    const list = page.getByRole('list', { name: 'Devices' }).getByRole('link');
    await expect.poll(() => list.count()).toBe(4);
    const texts = (await list.allInnerTexts()).map(text => text.replace(/\s+/g, ' '));
    expect(texts[1]).toContain('SmartPhone2000 12 min ago 12 min ago · 3 commands queued');
    expect(texts[2]).toContain('last session failed: 401');
    expect(texts[3]).toContain('never connected');
  });
});

describe('by keyboard alone', () => {
  test('device, tree, value, exact command, send, status, undo', async () => {
    const { page, fake } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await fake.work.hold('IMEI:493005100592800', true);
    await page.keyboard.press('F6');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'SmartPhone2000' }).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Virtual handset 1' }).waitFor();
    await page.keyboard.press('F6');
    await page.keyboard.type('ratio');
    await panel(page).getByText('./Vendor/Ratio', { exact: true }).first().waitFor();
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

describe.each(['light', 'dark'] as const)('for everyone, %s theme', theme => {
  test.each([
    { width: 1440, height: 900 },
    { width: 1100, height: 700 },
  ])('axe finds nothing in forms, lists and pins at $width', { timeout: 60_000 }, async size => {
    const { page, fake, complaints, violations } = await open({ theme, size });
    await choose(page, './Vendor/Icon');
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
    await fake.work.hold('IMEI:493005100592800', true);
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
