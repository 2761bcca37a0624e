/** The commands that a recorded server sent, package by package, as work for a DM server session. Pure. */
import { isSessionAlert } from '../../session/alerts.ts';
import { Inbox } from '../../session/inbox.ts';
import type { ServerWork } from '../../session/server-work.ts';
import { headerWord } from '../../session/statuses.ts';
import type { Command, Draft, Item } from '../../syncml/message.ts';
import { type Exchange, isChallenge } from './recording.ts';

export function recordedWork(exchanges: readonly Exchange[]): ServerWork {
  const packages = packagesOf(exchanges);
  return {
    next: () => packages.shift() ?? [],
    // What comes back is compared as messages.
    onStatus() {},
    onResults() {},
    onUnsent() {},
  };
}

function packagesOf(exchanges: readonly Exchange[]): Draft[][] {
  // Large objects came in chunks: the session cuts them anew.
  const inbox = new Inbox(Number.POSITIVE_INFINITY);
  const packages: Draft[][] = [];
  let open: Draft[] = [];
  for (const { up, down } of exchanges) {
    // Sent again because the device asked for credentials: the session does so by itself.
    if (!down || isChallenge(headerWord(up.message))) continue;
    const { commands, final } = down.message;
    const whole = commands.flatMap(command =>
      inbox.take(command).commands.map(taken => (commands.includes(taken) ? taken : withoutSize(taken))),
    );
    open.push(...whole.filter(isWork).map(draftOf));
    if (!final || open.length === 0) continue;
    packages.push(open);
    open = [];
  }
  return packages;
}

type Work = Exclude<Command, { kind: 'Status' | 'Results' | 'Unsupported' }>;

function isWork(command: Command): command is Work {
  const answers = command.kind === 'Status' || command.kind === 'Results' || command.kind === 'Unsupported';
  return !answers && !isSessionAlert(command);
}

function draftOf(command: Work): Draft {
  const { cmdId: _, ...draft } = command;
  return ('commands' in draft ? { ...draft, commands: draft.commands.filter(isWork).map(draftOf) } : draft) as Draft;
}

/** Chunks say their Size by themselves. */
function withoutSize(command: Command): Command {
  if (!('items' in command)) return command;
  const items = command.items.map(({ meta, ...item }): Item => {
    const { size: _, ...rest } = meta ?? {};
    return { ...item, ...(meta && { meta: rest }) };
  });
  return { ...command, items } as Command;
}
