/** dmw card, each call a run of the program: a write that was torn off is completed by resume; backups and words for lost answers. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInProcessReaders } from '../../src-core/card/in-process.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { createUicc } from '../../src-core/virtual/uicc/uicc.ts';
import { CardsRoom, THIS_SERVER } from '../../src-core/workbench/cards/room.ts';
import { type PcscdBench, usePcscd } from '../support/pcscd.ts';
import { dmw, type Running, startDmw } from '../support/programs.ts';

const KEY = ['--adm', '12345678', '--yes'];
const READER = 'reader';

/** Of the card's commands: asked for a plan to resume, planned, the key taken, and written but for the last. */
async function tornAt(): Promise<number> {
  const store = openSqliteStore(':memory:');
  const random = (bytes: number) => new Uint8Array(bytes).fill(7);
  const room = new CardsRoom({ store, now: Date.now, random, newKey: () => 'plan' }, 'http://127.0.0.1:8080/dm');
  const readers = createInProcessReaders();
  room.attach(readers);
  readers.insert(READER, createUicc());
  await room.planResume(READER).catch(() => undefined);
  await room.write((await room.plan(READER, THIS_SERVER)).id, '12345678');
  const { apdus } = JSON.parse(room.trace(READER, 'json').text) as { apdus: { text: string }[] };
  room.close();
  await store.close();
  return apdus.findLastIndex(({ text }) => text.startsWith('UPDATE BINARY'));
}

describe('dmw card resume', () => {
  let pcscd: PcscdBench;
  let data: string;
  let simulated: Running;
  beforeAll(async () => {
    pcscd = await usePcscd();
    data = await mkdtemp(join(tmpdir(), 'dmw-test-'));
    simulated = startDmw(['simulate', 'card', '--vpcd', '127.0.0.1:35963', '--tear', String(await tornAt())]);
    await simulated.firstLine;
  }, 130_000);
  afterAll(async () => {
    await simulated.stop();
    await pcscd.release();
    await rm(data, { recursive: true });
  });

  const card = (...args: string[]) => dmw(['card', ...args, '--data', data]);
  const isThere = async () => (await card('list')).stdout.includes('Virtual PCD 00 00  present');

  // Few calls: whoever else drives the virtual reader waits meanwhile.
  it('completes the card that another run of the program was pulled from, and says so to other plans before', async () => {
    await expect.poll(isThere, { timeout: 10_000 }).toBe(true);
    const torn = await card('write', ...KEY);
    expect([torn.code, torn.stdout]).toEqual([6, '']);
    await expect.poll(isThere, { timeout: 10_000 }).toBe(true);
    expect((await card('info')).stdout).toMatch(
      /^Cut {5}\S+Z {2}DM: DM account for this workbench {2}dmw card resume$/m,
    );
    const erase = await card('erase', '--dry-run');
    expect(erase.stderr).toMatch(/a write of this card was broken off on .*; this plan takes its place/);
    const resumed = await card('resume', ...KEY, '--json');
    expect(resumed.stderr).toBe('');
    expect(JSON.parse(resumed.stdout)).toMatchObject({ stage: 'verified' });
    const nothing = await card('resume', ...KEY);
    expect([nothing.code, nothing.stderr]).toEqual([7, expect.stringContaining('no write of card')]);
  }, 180_000);

  it('deletes backups, one and all: only when told so, and then for good', async () => {
    const dry = JSON.parse((await card('backups', '--delete', 'all', '--dry-run', '--json')).stdout);
    expect(dry).toMatchObject({ dryRun: true, backups: expect.arrayContaining(['1']) });
    expect((await card('backups', '--delete', '999', '--yes')).code).toBe(2);
    expect((await card('backups', '--delete', '1', '--yes')).stdout).toMatch(/^1 backup of card \d+ deleted\.\n$/);
    const rest = JSON.parse((await card('backups', '--delete', 'all', '--yes', '--json')).stdout);
    expect(['1', ...rest.deleted].toSorted()).toEqual(dry.backups.toSorted());
    expect((await card('backups')).stdout).toMatch(/^No backup of card \d+ is kept here\.$/m);
    for (const name of await readdir(data))
      expect((await readFile(join(data, name))).includes('"profile":"dm","at":'), name).toBe(false);
  }, 120_000);
});
