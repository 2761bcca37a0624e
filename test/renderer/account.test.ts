/** The account of a device, freed from the page: over the fake, and with the real core and two handsets. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../src-core/base/secret.ts';
import { buildDmBootstrap } from '../../src-core/bootstrap/dm-profile.ts';
import type { DmAccount } from '../../src-core/objects/dmacc.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { VirtualHandset } from '../../src-core/virtual/handset/handset.ts';
import { exchangeOverHttp } from '../../src-core/virtual/handset/http-exchange.ts';
import { DEFAULT_HANDSET } from '../../src-core/virtual/handset/identity.ts';
import { Workbench } from '../../src-core/workbench/workbench.ts';
import { newNonce } from '../support/dm-bench.ts';
import { APPEARANCES, openPages } from './open-page.ts';

const open = openPages();
const button = (page: Page) => page.getByRole('button', { name: 'Account of the device' });
const go = (page: Page, hash: string) =>
  page.evaluate(to => {
    location.hash = to;
  }, hash);
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Free the account for another device?' });

describe('over the fake', () => {
  test('frees nothing before it is confirmed; then the device has no account any more', async () => {
    const { page, fake, complaints } = await open();
    await button(page).click();
    await dialog(page).getByText('dm.example belongs to Virtual handset 1').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog(page).count()).toBe(0);
    await button(page).click();
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => dialog(page).count()).toBe(0);
    expect(fake.asked).toEqual([]);
    await button(page).click();
    await dialog(page).getByRole('button', { name: 'Free account' }).click();
    await expect.poll(() => button(page).count()).toBe(0);
    expect(fake.asked).toEqual(['free dm.example']);
    expect(complaints).toEqual([]);
  });

  test('a device without an account has no button; a refusal of the core is said in the question', async () => {
    const { page, fake } = await open();
    fake.accountsFail = true;
    await button(page).click();
    await dialog(page).getByRole('button', { name: 'Free account' }).click();
    await dialog(page).getByText('no account belongs to IMEI:493005100592800').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: /Gateway lab 7/ }).click();
    await expect.poll(() => button(page).count()).toBe(0);
  });

  test.each(APPEARANCES)('axe finds nothing in the question, $theme theme at $size.width', async ({ theme, size }) => {
    const { page, violations } = await open({ theme, size });
    await button(page).click();
    await dialog(page).waitFor();
    expect(await violations()).toEqual([]);
  });
});

describe('with the real core', () => {
  let folder: string;
  let core: Workbench;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dmw-account-'));
    const database = join(folder, 'workbench.db');
    core = await Workbench.open({ database, dmHost: '127.0.0.1', dmPort: 0, pcscd: 'never', version: 'test' });
  });
  afterEach(async () => {
    await core.close();
    await rm(folder, { recursive: true });
  });

  async function putAccount(user: string): Promise<DmAccount> {
    const account: DmAccount = {
      name: 'Workbench',
      serverId: 'dm.workbench',
      displayName: 'DM Workbench',
      serverUrl: core.dmUrl,
      client: { scheme: 'md5', name: user, secret: Secret.ofText('client-password'), nonce: newNonce() },
      server: { scheme: 'md5', name: 'dm.workbench', secret: Secret.ofText('server-password'), nonce: newNonce() },
    };
    const store = openSqliteStore(join(folder, 'workbench.db'));
    await store.putAccount({
      user,
      password: account.client.secret,
      clientNonce: account.client.nonce,
      clientScheme: 'md5',
      serverId: account.serverId,
      serverPassword: account.server.secret,
      serverNonce: account.server.nonce,
      serverScheme: 'md5',
      origin: 'test',
      createdAt: Date.now(),
      failures: 0,
    });
    await store.close();
    return account;
  }

  function handset(account: DmAccount, imei: string): VirtualHandset {
    const ports = { now: Date.now, newNonce, exchange: exchangeOverHttp };
    const made = new VirtualHandset({ ...DEFAULT_HANDSET, imei }, ports);
    made.bootstrap(buildDmBootstrap(account));
    return made;
  }

  test('a card moved to another handset: refused with the reason, taken once its account is freed', async () => {
    const account = await putAccount(`handset-${randomUUID().slice(0, 8)}`);
    const [first, second] = [handset(account, '490154203237518'), handset(account, '356938035643809')];
    expect(await first.connect()).toMatchObject({ outcome: 'completed' });
    expect(await second.connect()).toMatchObject({ outcome: 'refused' });

    const { page, complaints } = await open({ service: core, hash: '#/devices/IMEI%3A356938035643809' });
    const list = page.getByRole('list', { name: 'Devices' });
    await list.getByText(`the account ${account.client.name} belongs to device IMEI:490154203237518`).waitFor();
    expect(await button(page).count()).toBe(0);
    await go(page, '#/devices/IMEI%3A490154203237518');
    await button(page).click();
    await dialog(page).getByRole('button', { name: 'Free account' }).click();
    await expect.poll(() => button(page).count()).toBe(0);

    expect(await second.connect()).toMatchObject({ outcome: 'completed' });
    await go(page, '#/devices/IMEI%3A356938035643809');
    await button(page).waitFor();
    expect(await first.connect()).toMatchObject({ outcome: 'refused' });
    expect(complaints).toEqual([]);
  });
});
