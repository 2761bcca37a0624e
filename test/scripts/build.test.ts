/** What the build leaves in dist/: programs that start as they are, and only what they need in them. */
import { access, constants, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './run.ts';

const dist = (path: string) => join(ROOT, 'dist', path);
/** Modules that a built file loads as soon as it is loaded. */
const loadedAtOnce = async (path: string) =>
  [...(await readFile(dist(path), 'utf8')).matchAll(/^(?:import|export)\b[^;]*?["']([^"']+)["'];?$/gm)].map(
    match => match[1],
  );

it('makes dmw a program that the shell can start', async () => {
  expect(await readFile(dist('core/dmw.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  await access(dist('core/dmw.js'), constants.X_OK);
});

it('keeps the subcommands out of dmw until one is called', async () => {
  const modules = await loadedAtOnce('core/dmw.js');
  expect(modules).toContain('node:module');
  for (const module of modules) expect(module).not.toMatch(/serve|demo|workbench|zod|serialport|smartcard|sqlite/);
});

it('gives the window a preload in one CommonJS file that needs Electron alone', async () => {
  const preload = await readFile(dist('electron/preload.cjs'), 'utf8');
  expect([...preload.matchAll(/require\("([^"]+)"\)/g)].map(match => match[1])).toEqual(['electron']);
  expect(preload).not.toMatch(/^(import|export) /m);
});

it('gives the shell nothing but Electron and Node', async () => {
  const modules = await loadedAtOnce('electron/main.js');
  expect(modules).toContain('electron');
  for (const module of modules) expect(module).toMatch(/^(electron|node:[a-z/]+)$/);
});
