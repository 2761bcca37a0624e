/** The set-up in a small checkout of its own, with stand-ins for npm and the build: what it does, and when it does nothing. */
import { cp, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ROOT, runNode } from './run.ts';

const LOCK = {
  packages: { '': {}, 'node_modules/a': { version: '1.2.3' }, 'node_modules/o': { version: '1.0.0', optional: true } },
};
/** Notes that it ran, takes a while, and leaves the stamp as the real build does. */
const BUILD = `
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fingerprint, STAMP } from './setup/sources.mjs';
const built = fingerprint();
appendFileSync('builds', 'built\\n');
console.log('noise of a build');
await setTimeout(200);
if (existsSync('broken')) process.exit(1);
writeFileSync(STAMP, built);
`;
/** Notes how it was called, and leaves the record that npm leaves. */
const NPM = `
import { appendFileSync, copyFileSync, existsSync } from 'node:fs';
appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
console.log('noise of npm');
if (existsSync('offline')) process.exit(1);
copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
`;

let folder: string;
const write = (path: string, text: string) => writeFile(join(folder, path), text);
const lines = async (path: string) =>
  (await readFile(join(folder, path), 'utf8').catch(() => '')).split('\n').slice(0, -1);
const setup = (purpose: string, env: NodeJS.ProcessEnv = {}) =>
  runNode(['scripts/setup.mjs', purpose], {
    cwd: folder,
    env: { npm_execpath: join(folder, 'npm.mjs'), npm_node_execpath: process.execPath, ...env },
  });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dmw-setup-'));
  await cp(join(ROOT, 'scripts'), join(folder, 'scripts'), { recursive: true });
  for (const path of ['src-core', 'node_modules/node/bin', 'node_modules/smartcard/build/Release']) {
    await mkdir(join(folder, path), { recursive: true });
  }
  await symlink(process.execPath, join(folder, 'node_modules/node/bin/node'));
  await write('node_modules/smartcard/build/Release/smartcard_napi.node', '');
  await write('scripts/build.mjs', BUILD);
  await write('npm.mjs', NPM);
  await write('package.json', '{}');
  await write('package-lock.json', JSON.stringify(LOCK));
  await write('node_modules/.package-lock.json', JSON.stringify(LOCK));
  await write('src-core/a.ts', 'export const a = 1;');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('builds once, and then does and says nothing; standard output stays free', async () => {
  const first = await setup('start');
  expect(first).toMatchObject({ code: 0, stdout: '' });
  expect(first.stderr).toMatch(/noise of a build\nsetup: built in/);
  expect(await setup('start')).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(await lines('builds')).toEqual(['built']);
  expect(await lines('npm-calls')).toEqual([]);
});

it('builds again when the content of a source changes, whatever its time says, and when one is gone', async () => {
  await setup('start');
  await write('src-core/b.ts', 'export const b = 1;');
  await utimes(join(folder, 'src-core/b.ts'), 0, 0);
  await setup('start');
  await rm(join(folder, 'src-core/b.ts'));
  await setup('start');
  expect(await lines('builds')).toHaveLength(3);
  await utimes(join(folder, 'src-core/a.ts'), new Date(), new Date());
  await setup('start');
  expect(await lines('builds')).toHaveLength(3);
});

it('fails where the build fails, and tries again next time', async () => {
  await write('broken', '');
  expect(await setup('start')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('the build failed'),
  });
  await rm(join(folder, 'broken'));
  expect((await setup('start')).code).toBe(0);
  expect(await lines('builds')).toHaveLength(2);
});

it('installs where node_modules is not what package-lock.json asks for, and leaves package-lock.json alone', async () => {
  const changed = JSON.stringify({ packages: { ...LOCK.packages, 'node_modules/a': { version: '1.2.4' } } });
  await write('package-lock.json', changed);
  expect(await setup('start')).toMatchObject({ code: 0, stdout: '' });
  expect(await lines('npm-calls')).toEqual([
    expect.stringMatching(/^install --no-save --include=dev --include=optional /),
  ]);
  await rm(join(folder, 'node_modules/.package-lock.json'));
  await setup('start');
  expect(await lines('npm-calls')).toHaveLength(2);
  expect(await readFile(join(folder, 'package-lock.json'), 'utf8')).toBe(changed);
});

it('does not install for an optional package that another platform has, or this one could not build', async () => {
  const { 'node_modules/o': _, ...present } = LOCK.packages;
  await write('node_modules/.package-lock.json', JSON.stringify({ packages: present }));
  expect((await setup('start')).code).toBe(0);
  expect(await lines('npm-calls')).toEqual([]);
});

it('says why an install failed', async () => {
  await write('offline', '');
  await rm(join(folder, 'node_modules/.package-lock.json'));
  expect(await setup('start')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('setup: npm install failed: it ended with exit code 1'),
  });
  expect(await lines('builds')).toEqual([]);
});

it('works once where two are started at the same time', async () => {
  const both = await Promise.all([setup('start'), setup('start')]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(both.map(({ stderr }) => stderr).join('')).toContain('another set-up is at work');
  expect(await lines('builds')).toEqual(['built']);
});

it('takes over the lock of a set-up that died', async () => {
  await mkdir(join(folder, 'dist'));
  await write('dist/.setup-lock', '4194304999 1');
  const { code, stderr } = await setup('start');
  expect({ code, waited: stderr.includes('another set-up') }).toEqual({ code: 0, waited: false });
  await expect(readFile(join(folder, 'dist/.setup-lock'))).rejects.toThrow('ENOENT');
});

it('tries the PC/SC binding once where it does not compile, and starts without it', async () => {
  await rm(join(folder, 'node_modules/smartcard'), { recursive: true });
  const first = await setup('start');
  expect(first.code).toBe(0);
  expect(first.stderr).toContain('setup: card readers (PC/SC) are left out, only virtual cards work');
  const calls = (await lines('npm-calls')).length;
  const second = await setup('start');
  expect(second.stderr.split('\n').filter(line => line.startsWith('setup:'))).toHaveLength(1);
  expect(await lines('npm-calls')).toHaveLength(calls);
});

it('names the system packages that the tests lack; with CI set that is a failure', async () => {
  const env = { PATH: join(folder, 'empty') };
  const inCi = await setup('test', { ...env, CI: 'true' });
  expect(inCi).toMatchObject({ code: 1, stdout: '' });
  expect(inCi.stderr).toContain('setup: missing: socat (pairs of pseudo-terminals)');
  expect(inCi.stderr).toMatch(/setup: get it from this system's packages: .*socat/);
  expect(inCi.stderr).toContain('CI is set');
  expect(await lines('builds')).toEqual([]);
  const outside = await setup('test', env);
  expect(outside.code).toBe(0);
  expect(outside.stderr).toContain('setup: missing: socat');
  expect(outside.stderr).toContain('the tests that need them are skipped');
  expect(await lines('builds')).toEqual(['built']);
});

it('refuses a purpose that it does not know', async () => {
  expect(await setup('tests')).toMatchObject({
    code: 1,
    stderr: 'setup: unknown purpose "tests"; one of: start, test, tools\n',
  });
});
