/** The descriptions that come with the workbench: resources/ddf. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ShelvedFile } from './shelf.ts';

export async function builtInFiles(): Promise<ShelvedFile[]> {
  const folder = resourcesFolder();
  const names = (await readdir(folder)).filter(name => name.endsWith('.xml')).toSorted();
  return Promise.all(names.map(async name => ({ name, bytes: Uint8Array.from(await readFile(join(folder, name))) })));
}

/** Seen from the sources, from the built core and from inside the desktop application's archive. */
function resourcesFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const found = join(folder, 'resources/ddf');
    if (existsSync(found) || folder === dirname(folder)) return found;
  }
}
