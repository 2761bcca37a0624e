/** npm's packages: whether node_modules is what package-lock.json asks for, and how it becomes so. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hasProgram, MODULES, machinePath, PROJECT_NODE, ROOT, say } from './files.mjs';

const BINDING = join(MODULES, 'smartcard/build/Release/smartcard_napi.node');
/** Says that the binding failed to compile here, so that not every start tries again; a new install clears it. */
const FAILED_MARK = join(MODULES, '.smartcard-failed');

/** True where npm finished an install of what package-lock.json asks for. npm writes the record that is read last of all. */
export function isInstalled() {
  const wanted = readPackages(join(ROOT, 'package-lock.json'));
  const present = readPackages(join(MODULES, '.package-lock.json'));
  if (!wanted || !present || !existsSync(PROJECT_NODE)) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = present[path];
    return found ? found.version === entry.version : entry.optional === true;
  });
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Brings node_modules to what package-lock.json says, development tools included. Not `npm ci`: it refuses a record that lacks
 * another platform's optional binaries, and some registries do not carry those. `--no-save` leaves package-lock.json as it is.
 */
function bringPackages() {
  npm(['install', '--no-save', '--include=dev', '--include=optional', '--no-audit', '--no-fund']);
}

/** Installs npm's packages. */
export function install() {
  say('installing npm packages (once; a few minutes on a slow line)');
  bringPackages();
  if (isInstalled()) return;
  throw new Error(
    existsSync(PROJECT_NODE)
      ? 'package.json and package-lock.json disagree; run `npm install` and commit what it changes'
      : 'npm did not run the install script of the package "node"; allow it (npm config set ignore-scripts false) and try again',
  );
}

/** True where the PC/SC binding is compiled. */
export function hasCardBinding() {
  return existsSync(BINDING);
}

/** What the PC/SC binding needs and this machine lacks, as Debian names it; empty where it can be compiled. */
export function missingForCardBinding() {
  const missing = ['g++', 'make', 'python3'].filter(name => !hasProgram(name));
  if (process.platform === 'linux' && !existsSync('/usr/include/PCSC/winscard.h')) missing.unshift('libpcsclite-dev');
  return missing;
}

/** Compiles the binding that an earlier install had to leave out (npm then removes it whole). True where it is there now. */
export function addCardBinding({ again }) {
  if (existsSync(FAILED_MARK) && !again) return false;
  say('compiling the PC/SC binding, which an earlier install had to leave out');
  // Not `npm rebuild`: it knows only packages that are present.
  bringPackages();
  if (!hasCardBinding()) writeFileSync(FAILED_MARK, '');
  return hasCardBinding();
}

/** Runs npm under the machine's own Node: the project's Node lies in the folder that npm is about to replace. */
function npm(parameters) {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  const direct = script && node && !node.startsWith(MODULES) && existsSync(node) && existsSync(script);
  const [command, first] = direct ? [node, [script]] : ['npm', []];
  const result = spawnSync(command, [...first, ...parameters, '--loglevel=error'], {
    cwd: ROOT,
    env: { ...process.env, PATH: machinePath().join(delimiter) },
    stdio: ['ignore', 2, 2],
    shell: !direct && process.platform === 'win32',
  });
  if (result.status !== 0) {
    const reason = result.error?.message ?? `it ended with ${result.signal ?? `exit code ${result.status}`}`;
    throw new Error(`npm ${parameters[0]} failed: ${reason}`);
  }
}
