/** The small programs behind the npm scripts: the closing line of a test run, the end of npm, the layer rules, benchmarks. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ROOT, runNode } from './run.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dmw-scripts-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('ends a test run with one plain line that counts broken files as failures', async () => {
  await writeFile(
    join(folder, 'a.test.mjs'),
    `it('passes', () => {}); it('passes too', () => {}); it.skip('waits', () => {}); it('fails', () => { throw new Error(); });`,
  );
  await writeFile(join(folder, 'broken.test.mjs'), 'syntax error');
  const { code, stdout } = await runNode([
    join(ROOT, 'node_modules/vitest/vitest.mjs'),
    ...['run', '--globals', '--root', folder],
    `--reporter=${join(ROOT, 'scripts/closing-line.mjs')}`,
  ]);
  expect(code).toBe(1);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('Tests: 2 passed, 2 failed, 1 skipped');
});

it('ends a program whose npm is gone', async () => {
  // The shell stands where npm's does: between npm and the program, and it forwards no signal.
  const program = `setInterval(() => {}, 1000); process.on('SIGTERM', () => { console.log('ended'); process.exit(); }); console.log(process.pid);`;
  const shell = spawn('sh', ['-c', `"$0" --import ./scripts/follow-npm.mjs -e "$1"; true`, process.execPath, program], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(shell.stdout.setEncoding('utf8'), 'data');
  shell.kill('SIGKILL');
  expect(await once(shell.stdout, 'data')).toEqual(['ended\n']);
});

it('finds an import that goes up in the house, and sees types', async () => {
  for (const path of ['src-core/encoding', 'src-core/workbench', 'renderer', 'electron']) {
    await mkdir(join(folder, path), { recursive: true });
  }
  for (const file of ['.dependency-cruiser.mjs', 'tsconfig.json', 'tsconfig.base.json']) {
    await cp(join(ROOT, file), join(folder, file));
  }
  await writeFile(join(folder, 'src-core/workbench/views.ts'), 'export interface View {}\nexport const view = 1;');
  await writeFile(
    join(folder, 'src-core/encoding/a.ts'),
    `import type { View } from '../workbench/views.ts';\nexport type A = View;`,
  );
  await writeFile(
    join(folder, 'renderer/good.ts'),
    `import type { View } from '../src-core/workbench/views.ts';\nexport type A = View;`,
  );
  await writeFile(
    join(folder, 'renderer/bad.ts'),
    `import { view } from '../src-core/workbench/views.ts';\nexport const a = view;`,
  );
  const { code, stdout } = await runNode(
    [
      join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
      'src-core',
      'electron',
      'renderer',
      '--config',
      '.dependency-cruiser.mjs',
    ],
    { cwd: folder },
  );
  expect(code).not.toBe(0);
  expect(stdout).toContain('encoding-knows-only-lower-floors: src-core/encoding/a.ts');
  expect(stdout).toContain('page-imports-only-types-of-the-core: renderer/bad.ts');
  expect(stdout).not.toContain('good.ts');
});

it('names the benchmarks where one is asked for that is not there', async () => {
  const { code, stdout, stderr } = await runNode(['test/bench/run.mjs', 'nothing']);
  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: '',
    stderr: 'bench: expected one name of: card, codec, session, start, tree\n',
  });
});

it('measures the start against a bare server, one JSON object a line', async () => {
  const { code, stdout } = await runNode(['test/bench/run.mjs', 'start', '--json']);
  expect(code).toBe(0);
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(rows).toEqual([
    {
      bench: 'start',
      case: 'listening',
      value: expect.any(Number),
      unit: 'ms',
      baseline: expect.any(Number),
      ratio: expect.any(Number),
    },
  ]);
  expect(rows[0].ratio).toBeCloseTo(rows[0].value / rows[0].baseline, 1);
}, 60_000);
