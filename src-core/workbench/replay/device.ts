/** The recorded commands once more on a device: as work like any other, whose answers are compared with the recorded ones. */
import { BULLETS } from '../message-secrets.ts';
import { secretNameIn } from '../secret-names.ts';
import type { DifferenceView } from '../session-views.ts';
import type { WorkService } from '../work-service.ts';
import type { WorkView } from '../work-views.ts';
import type { CommandsAgain, Expected } from './again.ts';

export interface DeviceStep {
  readonly done: boolean;
  readonly failed: boolean;
  /** Commands that the device has answered. */
  readonly answered: number;
  readonly differences: readonly DifferenceView[];
  readonly detail: string;
}

/** Ends when the device has answered, or the signal cancels it: what waits in the queue is taken back. */
export async function* replayOnDevice(
  { commands, expected }: CommandsAgain,
  deviceId: string,
  work: WorkService,
  signal: AbortSignal,
): AsyncGenerator<DeviceStep> {
  const { workId } = await work.send(deviceId, commands, false);
  try {
    for await (const items of work.watch(deviceId, signal)) {
      const item = items.find(({ id }) => id === workId);
      if (!item) continue;
      const answered = item.statuses.filter(({ path }) => path !== '').length;
      const differences = item.done ? differencesOf(item, expected) : [];
      yield { done: item.done, failed: isFailed(item), answered, differences, detail: wordsFor(item) };
      if (item.done) return;
    }
  } finally {
    // Too late where it went out already.
    if (signal.aborted) await work.cancel(workId).catch(() => undefined);
  }
}

const isFailed = ({ done, state }: WorkView): boolean => done && (state === 'unsent' || state === 'cancelled');

function wordsFor({ state, detail }: WorkView): string {
  if (detail !== undefined) return detail;
  if (state === 'queued') return 'waiting for the device to connect';
  return state === 'answered' ? '' : state;
}

function differencesOf(work: WorkView, expected: ReadonlyMap<string, Expected>): DifferenceView[] {
  return [...expected].flatMap(([path, recorded]) => [
    ...statusDifference(work, path, recorded),
    ...resultDifferences(work, path, recorded),
  ]);
}

function statusDifference({ statuses }: WorkView, path: string, recorded: Expected): DifferenceView[] {
  const code = statuses.find(status => status.path === path)?.code;
  if (code === recorded.code) return [];
  return [differenceOf(recorded, 'Status', recorded.code?.toString(), code?.toString())];
}

function resultDifferences({ results, moreResults }: WorkView, path: string, recorded: Expected): DifferenceView[] {
  const own = results.filter(result => result.path === path && result.omitted === undefined);
  const replayed = new Map(own.map(({ uri, value = '' }) => [uri, value]));
  // Those that are not kept with the work cannot be compared.
  const uris = new Set([...(moreResults > 0 ? [] : recorded.results.keys()), ...replayed.keys()]);
  return [...uris].flatMap(uri => {
    const [before, now] = [recorded.results.get(uri), replayed.get(uri)];
    const isSecret = secretNameIn(uri) !== undefined;
    // Stars stand for a value that was left out of a file: nothing to compare with.
    if (before === now || (isSecret && before !== undefined && /^\*+$/.test(before))) return [];
    const hide = (value: string | undefined) => (value !== undefined && isSecret ? BULLETS : value);
    return [differenceOf(recorded, `Results ${uri}`, hide(before), hide(now))];
  });
}

function differenceOf(
  { title, messageKey, number }: Expected,
  what: string,
  recorded: string | undefined,
  replayed: string | undefined,
): DifferenceView {
  return {
    ...(messageKey !== undefined && { messageKey }),
    number,
    path: `${title} → ${what}`,
    ...(recorded !== undefined && { recorded }),
    ...(replayed !== undefined && { replayed }),
  };
}
