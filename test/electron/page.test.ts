/** The page's own protocol: files of dist/page, nothing beside it, a strict policy on each. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pageHandler } from '../../electron/page.ts';

let folder: string;
let handle: (request: Request) => Promise<Response>;
const get = (url: string, method = 'GET') => handle(new Request(url, { method }));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dmw-page-'));
  await mkdir(join(folder, 'page/assets'), { recursive: true });
  await mkdir(join(folder, 'page-secret'));
  await writeFile(join(folder, 'page/index.html'), '<!doctype html>');
  await writeFile(join(folder, 'page/assets/a b.js'), 'export {};');
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'page-secret/secret.txt'), 'secret');
  handle = pageHandler(join(folder, 'page'), async () => 4711);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('serves a file with its type and a policy that names the core’s port alone', async () => {
  const response = await get('app://workbench/index.html');
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('<!doctype html>');
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const policy = response.headers.get('content-security-policy')?.split('; ');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain('connect-src ws://127.0.0.1:4711');
  expect(policy?.join(' ')).not.toMatch(/unsafe|\*/);
});

it('takes encoded names and ignores the query', async () => {
  const response = await get('app://workbench/assets/a%20b.js?v=1#top');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
});

it.each([
  'app://workbench/../secret.txt',
  'app://workbench/%2e%2e/secret.txt',
  'app://workbench/..%2fsecret.txt',
  'app://workbench/assets/..%2f..%2fsecret.txt',
  'app://workbench/..%2fpage-secret/secret.txt',
  'app://workbench//etc/passwd',
  'app://workbench/%00index.html',
  'app://workbench/%E0%A4%A',
  'app://workbench/',
  'app://workbench/assets',
  'app://elsewhere/index.html',
  'app://workbench:80/index.html',
  'other://workbench/index.html',
])('does not serve %s', async url => {
  const response = await get(url);
  expect(response.status).toBe(404);
  expect(await response.text()).not.toContain('secret');
});

it('answers GET alone', async () => {
  expect((await get('app://workbench/index.html', 'POST')).status).toBe(404);
});
