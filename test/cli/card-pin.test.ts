/** dmw card with a card that is read after PIN1: refused with its tries, opened by --pin and DMW_PIN, a wrong one once. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectLostTries } from '../support/lost-tries.ts';
import { type PcscdBench, usePcscd } from '../support/pcscd.ts';
import { dmw, type Running, startDmw } from '../support/programs.ts';

describe('dmw card --pin', () => {
  let pcscd: PcscdBench;
  let data: string;
  let simulated: Running;
  beforeAll(async () => {
    pcscd = await usePcscd();
    data = await mkdtemp(join(tmpdir(), 'dmw-test-'));
    const card = ['--pin1', '0470', '--read-after-pin1'];
    simulated = startDmw(['simulate', 'card', '--vpcd', '127.0.0.1:35963', ...card]);
    await simulated.firstLine;
  }, 130_000);
  afterAll(async () => {
    await simulated.stop();
    await pcscd.release();
    await rm(data, { recursive: true });
  });

  it('opens the card for a write and what is read of it; its digits are in no output and no trace', async () => {
    expectLostTries(1);
    const card = (args: string[], input = '', env = {}) => dmw(['card', ...args, '--data', data], input, env);
    await expect
      .poll(async () => (await card(['list'])).stdout.includes('Virtual PCD 00 00  present'), { timeout: 10_000 })
      .toBe(true);
    const closed = await card(['plan']);
    expect([closed.code, closed.stderr]).toEqual([4, expect.stringContaining('PIN1 has 3 tries left')]);

    const wrong = await card(['plan', '--pin', '9999']);
    expect([wrong.code, wrong.stderr]).toEqual([4, expect.stringContaining('PIN1 is wrong, 2 tries left')]);
    expect(await card(['plan', '--pin', '9999'])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('not presented again'),
    });

    const trace = join(data, 'trace.txt');
    const written = await card(['write', '--pin', '-', '--adm', '12345678', '--yes', '--trace', trace], '0470\n');
    expect([written.code, written.stderr]).toEqual([0, '']);
    const traced = await readFile(trace, 'utf8');
    expect(traced.match(/VERIFY PIN1$/gm)).toHaveLength(4);
    expect(traced).not.toContain('30343730');

    const { code, stdout } = await card(['info'], '', { DMW_PIN: '0470' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^PIN1 {4}asked for, 3 tries left$/m);
    expect(stdout).toMatch(/^ {8}transparent, no SFI, activated$/m);
    expect(stdout).toMatch(/^ {8}linear fixed, 2 records of 38 bytes, SFI 30, activated$/m);
  }, 60_000);

  it.each([
    [['info', '--pin', '12'], 'PIN1 is 4 to 8 digits, and this one has 2'],
    [['write', '--pin', '-', '--adm', '-', '--yes'], 'standard input has one of --pin and --adm'],
    [['list', '--pin', '1234'], 'card list takes no --pin'],
  ])('%j: one clear line, exit code 2', async (args, line) => {
    const { code, stderr } = await dmw(['card', ...args, '--data', data]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(line)]);
  });
});
