/** dmw simulate handset against a server of this process, which asks questions. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildDmBootstrap } from '../../src-core/bootstrap/dm-profile.ts';
import type { CommandInput } from '../../src-core/server/jobs/command-input.ts';
import { SendCommands } from '../../src-core/server/jobs/send-commands.ts';
import { DEFAULT_HANDSET } from '../../src-core/virtual/handset/identity.ts';
import { type DmBench, startDmBench } from '../support/dm-bench.ts';
import { dmw } from '../support/programs.ts';

let bench: DmBench;
let folder: string;
let job: SendCommands;
beforeEach(async () => {
  bench = await startDmBench();
  folder = await mkdtemp(join(tmpdir(), 'dmw-simulate-'));
  const account = await bench.account('device');
  await bench.handset(account).connect();
  await writeFile(join(folder, 'bootstrap'), buildDmBootstrap(account));
});
afterEach(async () => {
  await bench.close();
  await rm(folder, { recursive: true });
});

function simulate(args: readonly string[], input = '', question: CommandInput = CONFIRM) {
  const device = bench.dm.devices.get(`IMEI:${DEFAULT_HANDSET.imei}`);
  if (!device) throw new Error('the server knows no device');
  job = new SendCommands([question], device);
  device.work.add(() => job);
  const bootstrap = join(folder, 'bootstrap');
  return dmw(['simulate', 'handset', '--server', bench.http.url, '--bootstrap', bootstrap, ...args], input);
}

const CONFIRM: CommandInput = { kind: 'alert', ask: { kind: 'confirm', text: 'Add the access point?' } };
const CHOICE: CommandInput = {
  kind: 'alert',
  ask: { kind: 'choices', text: 'Services', choices: ['CNN', 'Mobilbank'], defaultResponse: '1' },
};

describe('dmw simulate handset', () => {
  it.each([
    ['yes', CONFIRM, 200],
    ['no', CONFIRM, 304],
    ['', CONFIRM, 214],
    ['1 2', CHOICE, 200],
  ])('--ask: the person at the terminal says %j', async (line, question, code) => {
    const { code: exit, stderr, stdout } = await simulate(['--ask'], `${line}\n`, question);
    expect([exit, job.progress.statuses.map(status => status.code)]).toEqual([0, [code]]);
    expect(stderr).toContain(question === CONFIRM ? 'Add the access point?\n(yes or no' : '  2  Mobilbank\n');
    expect(stdout).toMatch(/^Session 01 completed/);
  });

  it('--answers: a script does', async () => {
    const script = join(folder, 'answers.json');
    await writeFile(script, '[{"about":"access point","answer":{"kind":"confirmed","yes":false}}]');
    expect((await simulate(['--answers', script])).code).toBe(0);
    expect(job.progress.statuses.map(({ code }) => code)).toEqual([304]);
  });

  it('in XML, in DM 1.3 and in small messages', async () => {
    const { stdout, code } = await simulate(['--xml', '--dm', '1.3', '--max-msg-size', '2000', '--json']);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { authenticated: { client: true, server: true } }]);
    const [session] = await bench.store.sessions(`IMEI:${DEFAULT_HANDSET.imei}`, 1);
    const messages = session ? await bench.store.messages(session.key) : [];
    expect(Buffer.from(messages[0]?.bytes ?? []).toString()).toContain('<VerProto>DM/1.3</VerProto>');
    expect(Math.max(...messages.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(2000);
  });

  it('a firmware operation that Exec started is told in a session of its own', async () => {
    const exec: CommandInput = { kind: 'exec', uri: './FUMO/Download', correlator: 'fw-1' };
    expect((await simulate([], '', exec)).code).toBe(0);
    expect(job.progress.statuses.map(({ code }) => code)).toEqual([202]);
    const alerts = bench.events.filter(event => event.kind === 'alert').map(({ alert }) => alert);
    // No address was set: 411, malformed or bad URL.
    expect(alerts).toMatchObject([
      { code: 1226, correlator: 'fw-1', items: [{ source: { uri: './FUMO' }, data: '411' }] },
    ]);
  });

  it.each([
    [['--dm', '2.0'], '2.0 is no version of DM: 1.1, 1.2 or 1.3'],
    [['--max-msg-size', 'much'], 'much is no number of bytes'],
  ])('%j: one clear line, exit code 2', async (args, line) => {
    const { code, stderr } = await simulate(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`dmw: ${line}`)]);
  });
});
