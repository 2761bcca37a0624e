/** Tells whether dist/ was built from the present sources: one hash over the content of all that a build reads. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './files.mjs';

const SOURCES = [
  'src-core',
  'renderer',
  'electron',
  'resources',
  'scripts/build.mjs',
  'vite.config.ts',
  'tsconfig.base.json',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];

/** Written last by a build, with the fingerprint of what it was built from. */
export const STAMP = join(ROOT, 'dist/.built');

/** Hash over names and contents of all sources. */
export function fingerprint() {
  const hash = createHash('sha256');
  for (const path of SOURCES) addPath(hash, path);
  return hash.digest('hex');
}

function addPath(hash, path) {
  const info = statSync(join(ROOT, path), { throwIfNoEntry: false });
  if (info?.isDirectory()) {
    for (const name of readdirSync(join(ROOT, path)).sort()) addPath(hash, `${path}/${name}`);
  } else if (info) {
    const content = readFileSync(join(ROOT, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
}

/** True where the last complete build was made from the present sources. */
export function isBuilt() {
  try {
    return readFileSync(STAMP, 'utf8') === fingerprint();
  } catch {
    return false;
  }
}
