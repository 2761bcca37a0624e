/** The fuzzer finds what it looks for: mistakes are planted, and it names them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { campaign as mutations } from './mutations/campaign.ts';
import { minimise } from './mutations/minimise.ts';
import { MISTAKES, campaign as planted } from './planted.ts';
import { runTask } from './pool.ts';

const run = (mistake: (typeof MISTAKES)[number]) =>
  runTask({
    campaign: planted,
    seed: MISTAKES.indexOf(mistake),
    first: 0,
    count: planted.count,
    workers: 2,
    signal: new AbortController().signal,
    onProgress: () => {},
  });

describe('a campaign', () => {
  it('without a mistake tries every case once', async () => {
    const { done, figures, failure } = await run('nothing');
    expect({ done, figures, failure }).toEqual({ done: 50, figures: { tried: 50 }, failure: undefined });
  });

  it.each([
    ['a wrong answer', 'that is wrong', 'less'],
    ['a bug', 'TypeError: x is not a function', 'input RUN'],
    ['a hang', 'no answer within 1000 ms', 'input RUN'],
    ['the end of the process', 'the worker is gone: 3', 'input RUN'],
  ] as const)(
    '%s is named with its case and input',
    async (mistake, what, input) => {
      const { failure } = await run(mistake);
      expect([25, 26]).toContain(failure?.run);
      expect(failure).toMatchObject({ what, input: input.replace('RUN', String(failure?.run)) });
    },
    60_000,
  );

  it('a leak is found', async () => {
    const { failure } = await run('a leak');
    expect(failure?.what).toMatch(/^Error: memory grew: heap by 1\d\.\d MiB since case 3$/);
  });
});

describe('mutations', () => {
  it('a seed and a case give the same input again, others give others', async () => {
    const [one, same, other] = await Promise.all([1, 1, 2].map(seed => mutations.open(seed)));
    const inputs = (attempts: typeof one) => Array.from({ length: 50 }, (_, i) => attempts?.input(i));
    expect(inputs(one)).toEqual(inputs(same));
    expect(new Set([...inputs(one), ...inputs(other)]).size).toBeGreaterThan(95);
  }, 60_000);

  it('an input is made as small as it may be: first by elements, then by bytes', () => {
    const bytes = fromHex('00 11 22 33 44 55 66 77 88 99');
    const asked: string[] = [];
    const least = minimise(
      bytes,
      all => (all.length === 10 ? [{ start: 2, end: 4 }] : []),
      less => {
        asked.push(toHex(less));
        return [0x11, 0x88].every(byte => less.includes(byte));
      },
    );
    expect(toHex(least)).toBe('1188');
    expect(asked[0]).toBe('0011445566778899');
  });
});

describe('npm run fuzz', () => {
  const start = (...parameters: string[]) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'run.mjs'), ...parameters]);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', data => {
      stdout += data;
    });
    child.stderr.on('data', data => {
      stderr += data;
    });
    return { child, ended: once(child, 'close').then(([code]) => ({ code, stdout, stderr })), said: () => stderr };
  };

  it('with --json each kind is an object', async () => {
    const { code, stdout } = await start('sessions', '--count', '10', '--seed', '3', '--json').ended;
    expect(JSON.parse(stdout)).toMatchObject({ fuzz: 'sessions', count: 10, seed: 3, messages: expect.any(Number) });
    expect(code).toBe(0);
  }, 60_000);

  it('is stopped by Ctrl+C, and says how far it came', async () => {
    const { child, ended, said } = start('mutations', '--seed', '3');
    while (!/fuzz: \d+ of/.test(said())) await once(child.stderr, 'data');
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(stdout).toMatch(/^fuzz: \d+ mutations in .*; stopped\n$/);
    expect(code).toBe(130);
  }, 60_000);

  it('--help says what is tried, and how often', async () => {
    const { code, stdout } = await start('--help').ended;
    expect(stdout).toContain('10000 documents, 1000000 mutations, 20000 sessions');
    expect(code).toBe(0);
  }, 60_000);

  it.each([[['x']], [['mutations', '--count', 'many']], [['--case', '5']], [['--workers', '0']]])(
    '%j is a mistake',
    async parameters => {
      const { code, stderr } = await start(...parameters).ended;
      expect(stderr).toContain('expected [documents|mutations|sessions]');
      expect(code).toBe(2);
    },
  );
});
