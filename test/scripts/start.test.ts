/** `npm start` without a display: one line says why there is no window, and the same workbench serves a browser. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ROOT } from './run.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dmw-start-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it.each([
  { args: [], reason: 'No desktop window: there is no display. Starting in headless mode.\n' },
  { args: ['--headless'], reason: '' },
])(
  'serves the page with parameters $args, and ends on SIGTERM',
  { skip: process.platform !== 'linux' },
  async ({ args, reason }) => {
    const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env;
    const child = spawn(process.execPath, ['scripts/start.mjs', ...args, '--dm-port', '0', '--data', folder], {
      cwd: ROOT,
      env,
    });
    try {
      let stdout = '';
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.stdout.setEncoding('utf8');
      for await (const text of child.stdout) {
        stdout += text;
        if (/token=\S+\n/.test(stdout)) break;
      }
      const address = stdout.match(/http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/)?.[0];
      const page = await fetch(address ?? 'no address');
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('<title>DM Workbench</title>');
      expect(stderr).toBe(reason);
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  },
);
