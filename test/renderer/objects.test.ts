/** Standard objects as typed views in the side panel: over the fake, and firmware with the real core and its virtual handset. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Workbench } from '../../src-core/workbench/workbench.ts';
import { APPEARANCES, openPages } from './open-page.ts';

const open = openPages();
const DEVICE = 'IMEI:493005100592800';
const ACCOUNT_NODE = './DMAcc/Example/AppAuth';
const at = (uri: string) => `#/devices/${encodeURIComponent(DEVICE)}/${encodeURIComponent(uri)}`;
const go = (page: Page, uri: string) =>
  page.evaluate(hash => {
    location.hash = hash;
  }, at(uri));
const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

describe('over the fake', () => {
  test('a DM account: server, address, who proves what; its secrets are nowhere in the page', async () => {
    const { page, fake, complaints } = await open({ hash: at(ACCOUNT_NODE) });
    const account = card(page, 'DM account');
    await account.getByText('http://192.168.1.20:8080/dm').waitFor();
    const server = account.getByRole('region', { name: 'Credential SRVCRED' });
    expect(await server.textContent()).toContain('SRVCRED the server to the device DIGEST');
    expect(await server.textContent()).toContain('Secretnot readable, as it should be');
    fake.addNode(`${ACCOUNT_NODE}/1/AAuthSecret`, 'chr', 'correct horse');
    await go(page, './DMAcc/Example');
    await server.getByText('•••••• set').waitFor();
    await account.getByText('AppAuth/1/AAuthSecret can be read').waitFor();
    expect(await page.content()).not.toContain('correct horse');
    expect(complaints).toEqual([]);
  });

  test('details of the device in words, also while a leaf of it is in hand', async () => {
    const { page, fake } = await open({ hash: at('./DevDetail/FwV') });
    const details = card(page, 'Details of the device');
    await details.waitFor();
    await expect.poll(() => details.textContent()).toContain('Firmware1.0.4');
    fake.changeValue('./DevDetail/FwV', '1.0.5');
    await expect.poll(() => details.textContent()).toContain('Firmware1.0.5');
  });

  test('what contradicts the object is said', async () => {
    const { page, fake } = await open({ hash: at('./DevInfo/Lang') });
    await card(page, 'Device').getByText('Language').waitFor();
    fake.changeValue('./DevInfo/Lang', 'en_US');
    await card(page, 'Device').getByText('Lang "en_US" is no language tag').waitFor();
  });

  test('a node outside of every object has no card', async () => {
    const { page } = await open({ hash: at('./DevDetail/FwV') });
    await card(page, 'Details of the device').waitFor();
    await page.getByLabel('Search in tree').fill('Note');
    await page.getByRole('treeitem', { name: /^Note/ }).click();
    await expect.poll(() => page.locator('.object').count()).toBe(0);
  });

  test('firmware: the present state marked, the package, and what the device told, newest first', async () => {
    const { page, fake, complaints } = await open();
    fake.addFirmware();
    await go(page, './FUMO/State');
    const fumo = card(page, 'Firmware update');
    const states = fumo.getByRole('list', { name: 'States of the update' });
    await states.waitFor();
    await expect
      .poll(() => states.locator('[aria-current="step"]').getAttribute('aria-label'))
      .toBe('50 Ready to update');
    expect(await states.getByRole('listitem').count()).toBe(10);
    await fumo.getByText('version 1.0.5').waitFor();
    await fumo.getByText('https://updates.example/').waitFor();
    await fumo.getByText('no address yet').waitFor();
    const told = await fumo
      .getByRole('list', { name: 'Generic alerts about firmware' })
      .getByRole('listitem')
      .allTextContents();
    expect(told).toEqual([
      expect.stringMatching(/^Download ended200Successful.*session 1A · correlator fw-7 · informational$/),
      expect.stringMatching(
        /^Download ended404The signature of the package does not fit.*session 19 · correlator fw-6 · critical$/,
      ),
      expect.stringMatching(/^The user asks for an update.*session 18 · informational · data "menu"$/),
    ]);
    fake.changeValue('./FUMO/State', '60');
    await expect.poll(() => states.locator('[aria-current="step"]').getAttribute('aria-label')).toBe('60 Updating');
    expect(complaints).toEqual([]);
  });

  test.each(APPEARANCES)(
    'axe finds nothing in the cards, $theme theme at $size.width',
    {
      timeout: 120_000,
    },
    async ({ theme, size }) => {
      const { page, fake, violations } = await open({ theme, size });
      fake.addFirmware();
      for (const [uri, name] of [
        ['./FUMO/State', 'Firmware update'],
        [ACCOUNT_NODE, 'DM account'],
        ['./DevDetail', 'Details of the device'],
      ] as const) {
        await go(page, uri);
        await card(page, name).waitFor();
        expect(await violations()).toEqual([]);
      }
    },
  );
});

describe('with the real core', () => {
  let core: Workbench;
  beforeEach(async () => {
    core = await Workbench.open({
      database: ':memory:',
      dmHost: '127.0.0.1',
      dmPort: 0,
      pcscd: 'never',
      version: 'test',
    });
    await core.runStory(() => {});
  });
  afterEach(() => core.close());

  test('Exec of a download: the virtual handset connects by itself and tells its end; the state is read again', {
    timeout: 60_000,
  }, async () => {
    await core.readSubtree(DEVICE, './FUMO');
    const { page, complaints } = await open({ service: core, hash: at('./FUMO') });
    const fumo = card(page, 'Firmware update');
    const present = fumo.locator('[aria-current="step"]');
    await present.waitFor();
    await expect.poll(() => present.getAttribute('aria-label')).toBe('10 Idle');
    await core.replaceValue(DEVICE, './FUMO/Download/PkgURL', 'chr', 'https://updates.example/fw-1.0.5.bin');
    await core.work.send(DEVICE, [{ kind: 'exec', uri: './FUMO/Download', correlator: 'fw-1' }], false);
    await fumo.getByText('Download ended').waitFor();
    await fumo.getByText('correlator fw-1').waitFor();
    await core.readSubtree(DEVICE, './FUMO');
    await expect.poll(() => present.getAttribute('aria-label'), { timeout: 15_000 }).toBe('50 Ready to update');
    await fumo.getByText('version 1.0.5').waitFor();
    expect(complaints).toEqual([]);
  });
});
