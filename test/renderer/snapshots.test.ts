import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { bigTree } from '../support/fake-workbench-data.ts';
import { type OpenOptions, type OpenPage, type PageBench, startPageBench } from './open-page.ts';

/** Snapshots and comparisons in the Devices room, over the core's own snapshots. */
// Each test walks a long way through the page.
vi.setConfig({ testTimeout: 60_000 });

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

const differences = (page: Page): Locator => page.getByRole('tree', { name: 'Differences' });
const list = (page: Page): Locator => page.getByRole('region', { name: 'Snapshots' });
const deviceTree = (page: Page): Locator => page.getByRole('tree', { name: 'Device tree' });

/** The room with a snapshot of a moment ago, two values changed since, one node gone. */
async function openChanged(options?: OpenOptions): Promise<OpenPage> {
  const one = await bench.open(options);
  opened.push(one);
  const { page, fake } = one;
  await deviceTree(page).waitFor();
  await page.keyboard.press('Shift+F7');
  await list(page).getByText('41 nodes').waitFor();
  await page.getByText('No difference').waitFor();
  fake.changeValue('./DevDetail/FwV', '9.9');
  fake.changeValue('./DevInfo/Lang', `${'de '.repeat(100)}end`);
  await page.getByText('the tree has changed since').waitFor();
  await page.getByRole('button', { name: 'Compare again' }).click();
  await differences(page).getByRole('treeitem', { name: 'FwV' }).waitFor();
  return one;
}

describe('snapshots', () => {
  test('with the keyboard only: take one, see what changed, read it in full, go to the node', async () => {
    const { page, complaints } = await openChanged();
    await differences(page).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    const detail = page.getByRole('region', { name: 'Difference' });
    await detail.getByText('end', { exact: false }).waitFor();
    expect(await detail.locator('pre').allTextContents()).toEqual(['en-US', `${'de '.repeat(100)}end`]);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await differences(page).getByRole('treeitem', { expanded: false }).allTextContents()).toEqual([
      './DevInfo1',
    ]);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await deviceTree(page).getByRole('treeitem', { name: 'FwV', selected: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('F7 opens and closes them, the palette does it too; a filter and kinds leave only what fits', async () => {
    const { page } = await openChanged();
    await page.keyboard.press('F7');
    await page.waitForFunction(() => document.activeElement?.id === 'device-tree');
    await page.keyboard.press('Control+K');
    await page.keyboard.type('compare trees');
    await page.keyboard.press('Enter');
    await differences(page).waitFor();
    const names = () => differences(page).locator('[aria-level="2"] .name').allTextContents();
    expect(await names()).toEqual(['Lang', 'FwV']);
    await page.getByLabel('Filter the differences').fill('9.9');
    await page.getByText('1 of 2 differences').waitFor();
    expect(await names()).toEqual(['FwV']);
    await page.getByRole('button', { name: '2 changed' }).click();
    await page.getByText('Nothing fits the filter').waitFor();
  });

  test('are named and deleted; the comparison goes on with what there is', async () => {
    const { page } = await openChanged();
    await list(page).getByRole('button', { name: 'Rename Virtual handset 1' }).click();
    await page.getByLabel('Name of the snapshot').fill('before the update');
    await page.keyboard.press('Enter');
    await list(page).getByText('before the update').waitFor();
    await list(page).getByRole('button', { name: 'Delete before the update' }).click();
    await list(page).getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('Nothing to compare yet').waitFor();
  });
});

test('apply: the exact commands before anything is sent; what changed meanwhile is refused, then they are sent', async () => {
  const { page, fake } = await openChanged();
  await page.getByRole('button', { name: 'Apply to device…' }).click();
  const panel = page.getByRole('region', { name: 'Apply to device' });
  await panel.getByText('1.0.4').waitFor();
  expect(await panel.locator('pre.xml').textContent()).toContain('<LocURI>./DevInfo/Lang</LocURI>');
  fake.changeValue('./DevInfo/Man', 'Another');
  await panel.getByRole('button', { name: 'Send 2 commands' }).click();
  await panel.getByText('the trees changed since these commands were shown').waitFor();
  expect(fake.asked).toEqual([]);
  await panel.getByLabel('What').selectOption('./DevDetail');
  await panel.getByRole('button', { name: 'Send 1 command' }).click();
  await page.getByRole('region', { name: 'Commands' }).waitFor();
  expect(fake.asked).toEqual(['send replace ./DevDetail/FwV']);
});

test('files: saved in each form and opened again without a difference; a broken one is refused with its offset', async () => {
  const { page } = await openChanged();
  const open = (name: string, buffer: Buffer) =>
    page.getByLabel('File of a tree').setInputFiles({ name, mimeType: '', buffer });
  for (const [form, name, start] of [
    ['JSON', 'Virtual-handset-1.tree.json', '{"dmTree":1'],
    ['TNDS XML', 'Virtual-handset-1.tnds.xml', '<?xml'],
    ['TNDS WBXML', 'Virtual-handset-1.tnds.wbxml', '\u0002'],
  ] as const) {
    await page.getByRole('button', { name: 'Export the tree as it is now' }).click();
    await page.getByText(form, { exact: true }).click();
    await page.getByLabel('With values of passwords').check();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save file' }).click();
    const download = await saved;
    expect(download.suggestedFilename()).toBe(name);
    const bytes = await readFile(await download.path());
    expect(bytes.toString('latin1').startsWith(start)).toBe(true);
    await open(name, bytes);
    await list(page).getByText(`file ${name}`).waitFor();
    await page.getByText('No difference').waitFor();
  }
  await open('x.json', Buffer.from('{"dmTree":1,"nodes":[}'));
  await page.getByText("Tree as JSON: Unexpected token '}' (at offset 21)").waitFor();
});

describe('for everybody', () => {
  test.each(['light', 'dark'] as const)('axe finds nothing in the %s theme', async theme => {
    const { page, violations, complaints } = await openChanged({ theme });
    await differences(page).focus();
    await page.keyboard.press('End');
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Apply to device…' }).click();
    await page.getByRole('button', { name: 'Send 2 commands' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Export the tree as it is now' }).click();
    await page.getByText('TNDS XML').click();
    expect(await violations()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('thousands of differences are a list of the rows on screen', async () => {
    const { page, fake } = await openChanged();
    fake.setTree(bigTree(20_000));
    await page.getByText('the tree has changed since').waitFor();
    await page.getByRole('button', { name: 'Compare again' }).click();
    await page.getByText(/^\d{2},\d{3} differences/).waitFor();
    await differences(page).focus();
    await page.keyboard.press('End');
    await differences(page).locator('.active').waitFor();
    expect(await differences(page).getByRole('treeitem').count()).toBeLessThan(100);
  });
});
