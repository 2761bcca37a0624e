import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import type { Draft } from '../../src-core/syncml/message.ts';
import { writeSessionFile } from '../../src-core/workbench/session-file.ts';
import { dmw } from '../support/programs.ts';
import { BEGAN, recordedSession } from '../support/recorded-session.ts';

const get = (uri: string): Draft => ({ kind: 'Get', items: [{ target: { uri } }] });
const { record, messages } = recordedSession({ packages: [[get('./A'), get('./A/None')]] });

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dmw-session-'));
  file = join(folder, 'session.json');
  await writeFile(file, writeSessionFile(record, messages, { secrets: 'masked', now: BEGAN, by: 'test' }));
  const store = openSqliteStore(join(folder, 'workbench.sqlite'));
  await store.putSession(record);
  await store.addMessages(messages);
  await store.close();
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...args: readonly string[]) => dmw(['session', ...args]);

describe('dmw session', () => {
  it('lists what is recorded, and exports it as a file that opens again', async () => {
    const { stdout } = await run('list', '--data', folder);
    expect(stdout).toBe('1  2026-11-24 10:00:00.000  IMEI:1  session 1A  completed  4 messages  no more commands\n');
    const exported = await run('export', '1', '--data', folder);
    const path = join(folder, 'exported.json');
    await writeFile(path, exported.stdout);
    expect((await run('show', path)).stdout).toBe((await run('show', file)).stdout);
    expect((await run('export', '1', '--html', '--data', folder)).stdout).toMatch(/^<!doctype html>/);
  });

  it('shows a file as a ladder, each command with its status', async () => {
    const { code, stdout } = await run('show', file);
    expect(code).toBe(0);
    expect(stdout.split('\n')[2]).toMatch(/▼ {2}2 · msg 1 {2}\d+ B wbxml .*Get \.\/A → 200, Get \.\/A\/None → 404$/);
  });

  it('replays a file, also without its secrets: exit code 0 without a difference', async () => {
    expect(await run('replay', file)).toMatchObject({
      code: 0,
      stdout: 'the session ended as it was recorded; no difference\n',
    });
  });

  it('tells the first difference, and ends with exit code 1', async () => {
    const { code, stdout } = await run('replay', file, '--handset', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout).differences[0]).toMatchObject({ number: 1, path: 'SyncHdr/Meta/MaxObjSize' });
  });

  it.each([
    [['show'], 'say list, export, show or replay'],
    [['export', 'newest'], 'newest is no key of a session'],
    [['replay', 'x', '--handset', '--server', 'http://x/'], 'choose one of --handset and --server'],
  ])('called as %j it says what is wrong', async (args, words) => {
    const path = args.map(arg => (arg === 'x' ? file : arg));
    const { code, stderr } = await run(...path);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  it('what is no session file is refused with the reason', async () => {
    const { code, stderr } = await run('show', join(folder, 'workbench.sqlite'));
    expect(code).toBe(1);
    expect(stderr).toContain('this is no session file: it is no JSON');
  });
});
