/** The list of licences: what ships is in it, and what may not be passed on stops it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runNode } from './run.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dmw-licences-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function licencesOf(packages: Record<string, object>) {
  const rows = Object.entries(packages).map(([name, entry]) => [
    `node_modules/${name}`,
    { version: '1.0.0', ...entry },
  ]);
  await writeFile(
    join(folder, 'package-lock.json'),
    JSON.stringify({ packages: { '': {}, ...Object.fromEntries(rows) } }),
  );
  return runNode(['scripts/licences.mjs', folder]);
}

it('lists every package that ships, and no tool', async () => {
  const { code, stdout, stderr } = await licencesOf({
    a: { license: 'MIT' },
    'a/node_modules/@s/b': { license: '(MIT OR GPL-3.0-only)' },
    tool: { license: 'GPL-3.0-only', dev: true },
    both: { license: 'ISC', devOptional: true },
    electron: { license: 'MIT', dev: true },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n').map(line => line.split(/\s+/).slice(0, 3))).toEqual([
    ['@s/b', '1.0.0', '(MIT'],
    ['a', '1.0.0', 'MIT'],
    ['both', '1.0.0', 'ISC'],
    ['electron', '1.0.0', 'MIT'],
    ['4', 'packages,', '0'],
    [''],
  ]);
});

it.each([
  'GPL-3.0-only',
  'SEE LICENSE IN EULA',
  'UNLICENSED',
  '(MIT AND GPL-2.0-only)',
  '(MIT OR GPL-2.0-only) AND GPL-2.0-only',
  undefined,
])('fails on %s', async license => {
  const { code, stdout, stderr } = await licencesOf({ good: { license: 'MIT' }, bad: { license } });
  expect(code).toBe(1);
  expect(stderr).toContain(`bad 1.0.0: licence ${license ?? 'unknown'} is not known to allow distribution`);
  expect(stdout).toContain('2 packages, 1 refused');
});

it('finds nothing to refuse in this project', async () => {
  const { code, stdout } = await runNode(['scripts/licences.mjs']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^react +\d/m);
  expect(stdout).toMatch(/^serialport +\d/m);
});
