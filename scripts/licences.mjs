/**
 * `npm run licences`: name, version and licence of every third-party package that the workbench ships, from package-lock.json.
 * Fails on a licence that is unknown or forbids distribution under Apache-2.0. A path names another project's folder.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './setup/files.mjs';

/** A development package by its name, but the desktop application is built around it. */
const ELECTRON = 'node_modules/electron';

/** Licences (SPDX) whose packages may be passed on inside an Apache-2.0 program, linked or bundled. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

/** Of alternatives one must be allowed; where parts are joined by AND, all that the expression names. */
function isAllowed(expression) {
  const parts = expression
    .replace(/[()]/g, ' ')
    .trim()
    .split(/\s+(?:AND|OR)\s+/);
  const isOne = part => ALLOWED.has(part.trim());
  return / AND /.test(expression) ? parts.every(isOne) : parts.some(isOne);
}

/** What npm recorded for each package that is not for development only, one row for each name and version. */
function shippedPackages(folder) {
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const rows = Object.entries(packages)
    .filter(([path, entry]) => path !== '' && !entry.link && (!entry.dev || path === ELECTRON))
    .map(([path, entry]) => ({
      name: entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: entry.version,
      licence: entry.license ?? licenceInFolder(join(folder, path)) ?? 'unknown',
    }));
  const unique = new Map(rows.map(row => [`${row.name}@${row.version}`, row]));
  return [...unique.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** Old packages write the licence in other ways than npm's record takes. */
function licenceInFolder(folder) {
  try {
    const { license, licenses } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return license?.type ?? license ?? licenses?.map(entry => entry.type).join(' OR ');
  } catch {
    return undefined;
  }
}

const rows = shippedPackages(process.argv[2] ?? ROOT);
const width = key => Math.max(0, ...rows.map(row => row[key].length));
for (const { name, version, licence } of rows) {
  console.log(`${name.padEnd(width('name'))}  ${version.padEnd(width('version'))}  ${licence}`);
}
const refused = rows.filter(row => !isAllowed(row.licence));
for (const { name, version, licence } of refused) {
  console.error(
    `${name} ${version}: licence ${licence} is not known to allow distribution; find another package, or add the licence here`,
  );
}
console.log(`${rows.length} packages, ${refused.length} refused`);
process.exitCode = refused.length === 0 ? 0 : 1;
