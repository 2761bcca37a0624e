/**
 * `npm start`: the desktop window where Electron and a display can be had, else the same workbench in headless mode, which prints
 * the address for a browser. `--headless` asks for that directly; further parameters go to `dmw serve`.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { MODULES, ROOT } from './setup/files.mjs';

const ELECTRON = join(MODULES, 'electron');
/** A download that has not ended by then is given up; where there is no way out it fails within seconds by itself. */
const DOWNLOAD_MS = 5 * 60_000;
/** A window that is gone this soon, and not in order, never opened. */
const OPENING_MS = 5000;

/** Runs until the program ends; signals for this process go to it, so that nothing stays behind. */
function run(command, parameters, options) {
  return new Promise(resolve => {
    const began = Date.now();
    const child = spawn(command, parameters, { cwd: ROOT, ...options });
    let stopped = false;
    const forward = signal => {
      stopped = true;
      child.kill(signal);
    };
    process.on('SIGINT', forward).on('SIGTERM', forward);
    const ended = (code, signal) => {
      process.off('SIGINT', forward).off('SIGTERM', forward);
      resolve({ code: code ?? 128 + (constants.signals[signal] ?? 0), ms: Date.now() - began, stopped });
    };
    child.once('error', () => ended(1, null));
    child.once('exit', ended);
  });
}

/** Why there can be no window here, or undefined. */
function reasonAgainstWindow() {
  if (process.platform !== 'linux') return undefined;
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'there is no display';
  if (process.getuid() === 0) return 'Electron keeps its sandbox, which does not work for root';
  return undefined;
}

function electronBinary() {
  const pathFile = join(ELECTRON, 'path.txt');
  const file = existsSync(pathFile) ? join(ELECTRON, 'dist', readFileSync(pathFile, 'utf8')) : undefined;
  return file && existsSync(file) ? file : undefined;
}

/** Electron's npm package brings its binary only when it is first asked for. */
async function fetchElectron() {
  console.error('Fetching the Electron binary (once, about 120 MB)…');
  return run(process.execPath, [join(ELECTRON, 'install.js')], { stdio: 'ignore', timeout: DOWNLOAD_MS });
}

/** True where the window was open and is closed now; its exit code is ours. */
async function openWindow(parameters) {
  const refusal = reasonAgainstWindow();
  if (refusal) return goHeadless(refusal);
  if (!electronBinary()) {
    const { stopped, code } = await fetchElectron();
    if (stopped && !electronBinary()) process.exit(code);
  }
  const binary = electronBinary();
  if (!binary) return goHeadless('the Electron binary cannot be fetched');
  const { code, ms, stopped } = await run(binary, [ROOT, ...parameters], { stdio: 'inherit' });
  if (code !== 0 && !stopped && ms < OPENING_MS) return goHeadless(`Electron ended at once (exit code ${code})`);
  process.exitCode = code;
  return true;
}

function goHeadless(reason) {
  console.error(`No desktop window: ${reason}. Starting in headless mode.`);
  return false;
}

/** The command line in this very process: no second one that could be left behind. */
async function serve(parameters) {
  process.argv = [process.execPath, join(ROOT, 'dist/core/dmw.js'), 'serve', ...parameters];
  await import('../dist/core/dmw.js');
}

const parameters = process.argv.slice(2);
const others = parameters.filter(parameter => parameter !== '--headless');
if (others.length < parameters.length || !(await openWindow(others))) await serve(others);
