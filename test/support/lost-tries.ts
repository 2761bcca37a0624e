/** Keeps watch over every virtual card: a test that costs a PIN try says so, in this process and in programs that it starts. */
import { subscribe } from 'node:diagnostics_channel';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Watch {
  /** Since the end of the last test. */
  lost: string[];
  declared: number;
  /** Programs write a line here for each try. */
  readonly file: string;
}

/** One for the process: test files share it, their modules need not be the same. */
const watch = startedWatch();

function startedWatch(): Watch {
  const place = globalThis as { lostTriesWatch?: Watch };
  if (place.lostTriesWatch) return place.lostTriesWatch;
  const file = join(tmpdir(), `dmw-lost-tries-${process.pid}`);
  rmSync(file, { force: true });
  const started: Watch = { lost: [], declared: 0, file };
  subscribe('dmw:uicc:lost-try', message => started.lost.push((message as { key: string }).key));
  place.lostTriesWatch = started;
  return started;
}

/** This test presents wrong keys by intention: exactly so many tries are lost in it. */
export function expectLostTries(tries: number): void {
  watch.declared += tries;
}

/** After each test. @throws Error where more or fewer tries were lost than the test declared. */
export function checkLostTries(): void {
  const lost = [...watch.lost, ...lostInPrograms()];
  const { declared } = watch;
  watch.lost = [];
  watch.declared = 0;
  if (lost.length === declared) return;
  throw new Error(
    `tries lost on virtual cards: ${lost.length} (${lost.join(', ') || 'none'}), declared: ${declared}; ` +
      'a wrong key that is meant needs expectLostTries(n) of test/support/lost-tries.ts',
  );
}

/** What Node is to be told so that a started program reports the tries that its virtual cards lose. */
export function reportingTries(): { readonly options: readonly string[]; readonly env: NodeJS.ProcessEnv } {
  const reporter = join(import.meta.dirname, 'report-lost-tries.mjs');
  return { options: ['--import', reporter], env: { DMW_TEST_LOST_TRIES: watch.file } };
}

/** The file is taken away before it is read: a program that goes on begins a new one. */
function lostInPrograms(): string[] {
  if (!existsSync(watch.file)) return [];
  const taken = `${watch.file}.taken`;
  renameSync(watch.file, taken);
  const keys = readFileSync(taken, 'utf8').split('\n').slice(0, -1);
  rmSync(taken);
  return keys.map(key => `${key} in a program`);
}
