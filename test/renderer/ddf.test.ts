/** Device descriptions in the Devices room: what they say of a node, the panel that lists them, files that come and go. */
import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { writeDdfXml } from '../../src-core/tree/ddf/write.ts';
import { group, value } from '../tree/ddf/samples.ts';
import { openPages } from './open-page.ts';

const open = openPages();

const nodeOf = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('tree', { name: 'Device tree' }).getByRole('treeitem', { name });
const panelOf = (page: Page): Locator => page.getByRole('region', { name: 'Device descriptions' });
const own = (page: Page): Locator => page.getByRole('list', { name: 'Your own descriptions' });
const at = (uri: string) => `#/devices/${encodeURIComponent('IMEI:493005100592800')}/${encodeURIComponent(uri)}`;

const CLOCK = writeDdfXml({
  nodes: [
    group('Vendor', [
      value('Clock', { format: 'int', title: 'Clock', description: 'Seconds since 1970', access: ['Get'] }),
    ]),
  ],
});
const file = (name: string, content: string) => ({ name, mimeType: 'text/xml', buffer: Buffer.from(content) });

async function openPanel(page: Page): Promise<void> {
  await nodeOf(page, 'FwV').waitFor();
  await page.getByRole('button', { name: 'DDF' }).click();
  await panelOf(page).getByText('devinfo.xml').waitFor();
}

async function add(page: Page, ...files: ReturnType<typeof file>[]): Promise<void> {
  await panelOf(page).getByLabel('Files of descriptions').setInputFiles(files);
}

describe('what a description says of the node in hand', () => {
  test('its title, words, access types, occurrence and scope, and which document it is from', async () => {
    const { page } = await open({ hash: at('./DevDetail/LrgObj') });
    const said = page.getByRole('region', { name: 'Description', exact: true });
    await said.getByText('Large objects').waitFor();
    const text = await said.textContent();
    for (const part of [
      'true: the device takes values in several messages',
      'devdetail',
      'exactly one',
      'permanent',
      'bool',
      'Get',
    ])
      expect(text).toContain(part);
  });

  test('what may be added below a node is offered with the command', async () => {
    const { page } = await open({ hash: at('./DMAcc/Example') });
    await nodeOf(page, /^Example/).waitFor();
    await page.getByRole('tree', { name: 'Device tree' }).press('Insert');
    const offers = page.getByRole('group', { name: 'May be added' });
    await offers.getByRole('button', { name: /AAuthPref/ }).click();
    await expect.poll(() => page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('AAuthPref');
  });

  test('a whole object is offered where the tree is open, and goes out with what it requires, shown before', async () => {
    const { page, fake } = await open({ hash: at('./Vendor') });
    await nodeOf(page, /^Vendor/).waitFor();
    await page.getByRole('tree', { name: 'Device tree' }).press('Insert');
    await page.getByText('that may stand anywhere').click();
    const objects = page.getByRole('group', { name: 'Objects', exact: true });
    await objects.getByRole('button', { name: /^Network access point/ }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Nap');
    expect(await page.getByRole('checkbox', { name: 'with 1 node that it requires' }).isChecked()).toBe(true);
    const shown = page.getByRole('figure', { name: 'Command as it will be sent' });
    await shown.getByText('./Vendor/Nap/NAPID').waitFor();
    await page.getByRole('button', { name: 'Send 2 commands' }).click();
    const sent = () => fake.work.works.value.flatMap(({ commands = [] }) => commands);
    await expect.poll(sent).toMatchObject([
      { kind: 'add', uri: './Vendor/Nap', format: 'node', type: 'urn:oma:mo:oma-connmo-nap:1.0' },
      { kind: 'add', uri: './Vendor/Nap/NAPID', format: 'chr', value: '' },
    ]);
  });

  test('what speaks against a command stands beside it before it is sent', async () => {
    const { page, fake } = await open({ hash: at('./DevInfo/Man') });
    fake.work.problems = await fake.ddf.problems('IMEI:493005100592800', [{ kind: 'delete', uri: './DevInfo/Man' }]);
    await nodeOf(page, /^Man/).waitFor();
    await page.getByRole('tree', { name: 'Device tree' }).press('Delete');
    await page.getByText('./DevInfo/Man is a permanent node: it cannot be deleted').waitFor();
  });
});

describe('the panel of descriptions', () => {
  test.each(['light', 'dark'] as const)('lists those built in, without a complaint, in the %s theme', async theme => {
    const { page, complaints, violations } = await open({ theme });
    await openPanel(page);
    const builtIn = page.getByRole('list', { name: 'Built-in descriptions' });
    expect(await builtIn.getByRole('listitem', { name: /\.xml$/ }).count()).toBe(10);
    expect(await builtIn.getByRole('listitem', { name: 'fumo.xml' }).textContent()).toContain(
      'urn:oma:mo:oma-fumo:1.0',
    );
    await panelOf(page).getByText('None yet.').waitFor();
    expect(await violations()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('a file that is added counts at once, and no longer once it is removed', async () => {
    const { page } = await open({ hash: at('./Vendor/Clock') });
    const said = page.getByRole('region', { name: 'Description', exact: true });
    await openPanel(page);
    await add(page, file('clock.ddf', CLOCK));
    await own(page).getByText('clock.xml').waitFor();
    await page.keyboard.press('Escape');
    await nodeOf(page, 'Clock').click();
    await said.getByText('Seconds since 1970').waitFor();
    await openPanel(page);
    await own(page).getByRole('button', { name: 'Remove clock.xml' }).click();
    await own(page).getByRole('button', { name: 'Keep' }).click();
    await own(page).getByRole('button', { name: 'Remove clock.xml' }).click();
    await own(page).getByRole('button', { name: 'Remove', exact: true }).click();
    await panelOf(page).getByText('None yet.').waitFor();
    await nodeOf(page, 'Note').click();
    await nodeOf(page, 'Clock').click();
    await page.getByRole('region', { name: 'Properties' }).getByText('int').first().waitFor();
    expect(await said.count()).toBe(0);
  });

  test('a file that cannot be read says where, and those before it stay', async () => {
    const { page } = await open();
    await openPanel(page);
    const bad = CLOCK.replace('<int/>', '<money/>');
    await add(page, file('clock.xml', CLOCK), file('bad.xml', bad));
    await panelOf(page)
      .getByText(`bad.xml: DDF: money is no format of a node (at offset ${bad.indexOf('<money/>')})`)
      .waitFor();
    expect(await own(page).getByRole('listitem', { name: /xml$/ }).count()).toBe(1);
  });

  test('a file that is too large is not even sent', async () => {
    const { page } = await open();
    await openPanel(page);
    await add(page, file('big.xml', ' '.repeat(1024 * 1024 + 1)));
    await panelOf(page).getByText('big.xml: it has 1,048,577 bytes, a description has at most 1 MiB').waitFor();
  });

  test('remarks on a file are listed with their bytes; one for another model says that it does not count', async () => {
    const { page } = await open();
    await openPanel(page);
    const other = CLOCK.replace('<VerDTD>1.2</VerDTD>', '<VerDTD>1.1</VerDTD><Man>Another Factory</Man>');
    await add(page, file('other.xml', other));
    await own(page).getByText('1 remark').click();
    await own(page).getByText('VerDTD is 1.1, expected 1.2').waitFor();
    await own(page).getByText('another model').waitFor();
  });

  test('what the device turned out to hold can be saved as a description', async () => {
    const { page } = await open();
    await openPanel(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      panelOf(page).getByRole('button', { name: 'Write one of this tree' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('SmartPhone2000.ddf.xml');
  });

  test('by keys alone: opened from the palette, left with Escape; a chosen node takes its place', async () => {
    const { page } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to' }).fill('device descriptions');
    await page.getByRole('option', { name: /Device descriptions \(DDF\)/, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await panelOf(page).getByText('devinfo.xml').waitFor();
    await panelOf(page).getByRole('button', { name: 'Close' }).press('Escape');
    await panelOf(page).waitFor({ state: 'detached' });
    await page.keyboard.press('Shift+F8');
    await panelOf(page).waitFor();
    await nodeOf(page, 'FwV').click();
    await panelOf(page).waitFor({ state: 'detached' });
  });
});
