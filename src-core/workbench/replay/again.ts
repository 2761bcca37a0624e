/** The commands that a recorded server sent, as commands for a device, with what the device answered then. Pure. */
import { isSessionAlert } from '../../session/alerts.ts';
import { Inbox } from '../../session/inbox.ts';
import { headerWord } from '../../session/statuses.ts';
import type { Command, Item, Message, Meta } from '../../syncml/message.ts';
import type { CommandInput } from '../work-views.ts';
import { type Exchange, isChallenge } from './recording.ts';

/** What the device answered to one command, by its path: `2`, inside a group `2.1`. */
export interface Expected {
  /** `Replace ./A/B`. */
  readonly title: string;
  /** Recorded message that answered it. */
  readonly messageKey?: string;
  readonly number: number;
  readonly code?: number;
  /** Values by URI. */
  readonly results: ReadonlyMap<string, string>;
}

export interface CommandsAgain {
  readonly commands: readonly CommandInput[];
  readonly expected: ReadonlyMap<string, Expected>;
  /** What cannot be asked of a device from here, in words. */
  readonly leftOut: readonly string[];
}

export function commandsAgain(exchanges: readonly Exchange[]): CommandsAgain {
  const inbox = new Inbox(Number.POSITIVE_INFINITY);
  const commands: CommandInput[] = [];
  const expected = new Map<string, Expected>();
  const leftOut = new Set<string>();
  for (const [i, { up, down }] of exchanges.entries()) {
    // Sent again because the device asked for credentials.
    if (!down || isChallenge(headerWord(up.message))) continue;
    const answers = new Recorded(down.message, exchanges.slice(i + 1));
    const put = (into: CommandInput[], above: string, whole: Command): void => {
      if (whole.kind === 'Atomic' || whole.kind === 'Sequence') {
        const inner: CommandInput[] = [];
        const path = `${above}${into.length + 1}`;
        for (const one of whole.commands) put(inner, `${path}.`, one);
        if (inner.length === 0) return;
        into.push({ kind: whole.kind === 'Atomic' ? 'atomic' : 'sequence', commands: inner });
        expected.set(path, answers.to(whole, undefined, `${whole.kind} of ${inner.length}`));
        return;
      }
      for (const item of itemsOf(whole)) {
        const input = inputOf(whole, item);
        const title = `${whole.kind} ${whole.kind === 'Alert' ? whole.code : uriOf(item)}`;
        if (input) expected.set(`${above}${into.push(input)}`, answers.to(whole, item, title));
        else if (isWork(whole)) leftOut.add(`${title} of message ${down.number}`);
      }
    };
    for (const command of down.message.commands)
      for (const whole of inbox.take(command).commands) put(commands, '', whole);
  }
  return { commands, expected, leftOut: [...leftOut] };
}

const isWork = (command: Command): boolean =>
  command.kind !== 'Status' && command.kind !== 'Results' && !isSessionAlert(command);
const uriOf = (item: Item): string => item.target?.uri ?? item.source?.uri ?? '';

function itemsOf(command: Command): readonly Item[] {
  return 'items' in command && command.kind !== 'Status' && command.kind !== 'Results' ? command.items : [];
}

function inputOf(command: Command, item: Item): CommandInput | undefined {
  const [uri = '', query = ''] = (item.target?.uri ?? '').split('?');
  const outer = 'meta' in command ? command.meta : undefined;
  switch (command.kind) {
    case 'Get':
      return { kind: 'get', uri, ...named('list', query), ...named('prop', query) };
    case 'Delete':
      return { kind: 'delete', uri };
    case 'Copy':
      return item.source ? { kind: 'copy', from: item.source.uri, to: uri } : undefined;
    case 'Exec': {
      const { correlator } = command;
      const data = typeof item.data === 'string' ? { data: item.data } : {};
      return item.data instanceof Uint8Array
        ? undefined
        : { kind: 'exec', uri, ...data, ...(correlator !== undefined && { correlator }) };
    }
    case 'Add':
      return { kind: 'add', uri, ...nodeOf(item, outer) };
    case 'Replace': {
      const { prop } = named('prop', query);
      if (prop !== undefined) return { kind: 'replaceProperty', uri, prop, value: textOfData(item) ?? '' };
      return { kind: 'replace', uri, ...nodeOf(item, outer), value: textOfData(item) ?? '' };
    }
    default:
      return undefined;
  }
}

function named<K extends string>(name: K, query: string): { readonly [P in K]?: string } {
  const [key, value] = query.split('=');
  return (key === name && value !== undefined ? { [name]: value } : {}) as { [P in K]?: string };
}

function nodeOf(item: Item, outer: Meta | undefined): { format: string; type?: string; value?: string } {
  const value = textOfData(item);
  const type = item.meta?.type ?? outer?.type;
  return {
    format: item.meta?.format ?? outer?.format ?? 'chr',
    ...(type !== undefined && { type }),
    ...(value !== undefined && { value }),
  };
}

/** Bytes as base64. */
function textOfData({ data }: Item): string | undefined {
  return data instanceof Uint8Array ? Buffer.from(data).toString('base64') : data;
}

/** Finds what the device said to the commands of one message. */
class Recorded {
  readonly #asked: Message;
  readonly #later: readonly Exchange[];

  constructor(asked: Message, later: readonly Exchange[]) {
    this.#asked = asked;
    this.#later = later;
  }

  /** A status for the item by its URI, else the one for the command. */
  to({ cmdId }: Command, item: Item | undefined, title: string): Expected {
    const results = new Map<string, string>();
    let found: Pick<Expected, 'code' | 'messageKey' | 'number'> = { number: this.#later[0]?.up.number ?? 0 };
    for (const { up } of this.#later)
      for (const answer of up.message.commands) {
        if (answer.kind !== 'Status' && answer.kind !== 'Results') continue;
        if (answer.msgRef !== this.#asked.header.msgId || answer.cmdRef !== cmdId) continue;
        if (answer.kind === 'Results') for (const one of answer.items) results.set(uriOf(one), textOfData(one) ?? '');
        else if (found.code === undefined || (item && answer.targetRefs.includes(uriOf(item))))
          found = { code: answer.code, messageKey: up.key, number: up.number };
      }
    return { title, ...found, results };
  }
}
