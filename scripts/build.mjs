/**
 * Builds dist/: the page (dist/page), the core with its command line (dist/core) and the desktop shell (dist/electron).
 * Pure JavaScript packages are bundled; what is imported dynamically stays a file of its own, loaded when it is needed.
 */
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { ROOT } from './setup/files.mjs';
import { fingerprint, STAMP } from './setup/sources.mjs';

const DIST = join(ROOT, 'dist');
/** Files of an earlier build stay this long: a workbench that runs from it still loads its parts. `--clean` keeps none. */
const KEEP_MS = 24 * 3600_000;
/** Native packages: they stay in node_modules, and are found there at run time. The last two are optional parts of `ws`. */
const NATIVE = ['electron', 'serialport', 'smartcard', 'bufferutil', 'utf-8-validate'];

/** One program for Node: no page, no public folder. `input` maps the name of each entry to its source. */
async function buildForNode(folder, input, output) {
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'warn',
    publicDir: false,
    ssr: { target: 'node', noExternal: true, external: NATIVE },
    build: {
      ssr: true,
      target: 'node24',
      outDir: join(DIST, folder),
      emptyOutDir: false,
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        input,
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', ...output },
      },
    },
  });
}

async function buildCore() {
  await buildForNode('core', {
    dmw: 'src-core/cli/dmw.ts',
    'core-process': 'src-core/workbench/core-process.ts',
    'pcsc-process': 'src-core/card/pcsc-process.ts',
  });
  chmodSync(join(DIST, 'core/dmw.js'), 0o755);
}

async function buildShell() {
  await buildForNode('electron', { main: 'electron/main.ts' });
  // A sandboxed preload is CommonJS in one file.
  await buildForNode('electron', { preload: 'electron/preload.ts' }, { format: 'cjs', entryFileNames: '[name].cjs' });
}

async function buildPage() {
  await build({
    configFile: join(ROOT, 'vite.config.ts'),
    root: join(ROOT, 'renderer'),
    logLevel: 'warn',
    build: { emptyOutDir: false },
  });
}

/** Removes what builds before `time` (milliseconds since 1970) left behind. */
function sweep(time) {
  for (const entry of readdirSync(DIST, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    // The lock of the set-up that started this build lies here too, under a name with a dot.
    if (entry.isFile() && !entry.name.startsWith('.') && statSync(file).mtimeMs < time) rmSync(file);
  }
}

const began = Date.now();
const built = fingerprint();
mkdirSync(DIST, { recursive: true });
rmSync(STAMP, { force: true });
await buildCore();
await buildShell();
await buildPage();
sweep(process.argv.includes('--clean') ? began : began - KEEP_MS);
writeFileSync(STAMP, built);
