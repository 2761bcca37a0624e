/** Where things are: the project's own folders, npm's packages, and programs on this machine's PATH. */
import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const MODULES = join(ROOT, 'node_modules');

/** The Node that builds and runs the workbench, carried by the npm package `node`. */
export const PROJECT_NODE = join(MODULES, 'node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** PATH as the machine has it, without this project's own programs; the system folders that users lack come last. */
export function machinePath() {
  const given = (process.env.PATH ?? '').split(delimiter).filter(folder => !folder.startsWith(MODULES));
  return process.platform === 'win32' ? given : [...given, '/usr/sbin', '/sbin'];
}

/** True where a program of that name is on the machine. */
export function hasProgram(name) {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  return machinePath().some(folder => existsSync(join(folder, file)));
}

/** One line for the person; standard output belongs to the command that follows the set-up. */
export function say(line) {
  process.stderr.write(`setup: ${line}\n`);
}
