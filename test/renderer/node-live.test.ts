/** The Devices room over the real core and its virtual handset: what is clicked reaches the device, and its status comes back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Workbench } from '../../src-core/workbench/workbench.ts';
import { act, lastOf, next, preview } from './node-parts.ts';
import { openPages } from './open-page.ts';
import { nodeOf, properties } from './page-parts.ts';

const open = openPages();
let core: Workbench;
let device = '';

beforeAll(async () => {
  core = await Workbench.open({
    database: ':memory:',
    dmHost: '127.0.0.1',
    dmPort: 0,
    pcscd: 'never',
    version: 'test',
  });
  await core.runStory(() => {});
  device = (await core.devices.list())[0]?.id ?? '';
}, 60_000);
afterAll(() => core?.close());

const hashOf = (uri: string): string => `#/devices/${encodeURIComponent(device)}/${encodeURIComponent(uri)}`;

test('hold the session, replace a value, undo it, and be refused: each status beside its node', {
  timeout: 60_000,
}, async () => {
  const { page, complaints } = await open({ service: core, hash: hashOf('./DMAcc/Workbench/Name') });
  await nodeOf(page, /^Name DM Workbench/).waitFor();
  await page.getByRole('button', { name: 'Hold session' }).click();
  await page.getByText(/^in session .* held/).waitFor();
  await page.keyboard.press('F2');
  await next(page).getByLabel('New value').fill('Lab');
  await preview(page).getByText('Lab').waitFor();
  await page.keyboard.press('Enter');
  await lastOf(page).getByText('200 OK').waitFor();
  await nodeOf(page, /^Name .*Lab/).waitFor();
  await lastOf(page).getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Send Replace' }).click();
  await nodeOf(page, /^Name .*DM Workbench/).waitFor();
  await page.evaluate(hash => {
    window.location.hash = hash;
  }, hashOf('./DevDetail/FwV'));
  await properties(page).getByRole('region', { name: 'Description' }).waitFor();
  await act(page, 'Delete').click();
  await next(page).getByRole('button', { name: 'Send Delete' }).click();
  await lastOf(page)
    .getByText(/^4\d\d /)
    .waitFor();
  await nodeOf(page, /^FwV/)
    .getByRole('img', { name: /^Delete: 4\d\d/ })
    .waitFor();
  await page.getByRole('button', { name: 'Let go' }).click();
  await page.getByRole('button', { name: 'Hold session' }).waitFor();
  expect(complaints).toEqual([]);
});
