/**
 * A recording from a file without secrets, less what the stars in it stand for: a password of stars must not be sent as one.
 * Commands whose values were left out go, with the answers to them. Pure.
 */
import { EncodingError } from '../../base/errors.ts';
import type { MessageRecord } from '../../store/contract.ts';
import { decodeMessage, encodeMessage } from '../../syncml/codec.ts';
import type { Command, Item, ItemData, Message } from '../../syncml/message.ts';
import type { MaskedRange } from '../session-file.ts';
import { withOtherStars } from '../session-mask.ts';

export interface Unmasked {
  readonly records: readonly MessageRecord[];
  /** `Replace ./A/Password of message 2: its value was left out of the file`. */
  readonly leftOut: readonly string[];
  /** Credentials of the device are stars. */
  readonly credentialsMasked: boolean;
}

/** Masked ranges by the key of their message. */
export type MaskedPlaces = ReadonlyMap<string, readonly MaskedRange[]>;

type Direction = MessageRecord['direction'];

/** @param sides whose messages are sent again */
export function withoutMasked(
  records: readonly MessageRecord[],
  masked: MaskedPlaces,
  sides: readonly Direction[],
): Unmasked {
  if (![...masked.values()].some(ranges => ranges.length > 0)) {
    return { records, leftOut: [], credentialsMasked: false };
  }
  const read = records.map(record => readTwice(record, masked.get(record.key) ?? []));
  const sieve = new Sieve(read, sides);
  return {
    records: read.map((one, i) => sieve.sift(one, i + 1)).map(one => sieve.withoutAnswers(one)),
    leftOut: [...sieve.leftOut],
    credentialsMasked: read.some(
      ({ record, message, other }) =>
        record.direction === 'up' && message?.header.cred?.data !== other?.header.cred?.data,
    ),
  };
}

interface ReadTwice {
  readonly record: MessageRecord;
  /** Absent where the bytes cannot be read: a replay stops there. */
  readonly message?: Message;
  /** The same with another sign in place of the stars: what differs was masked. */
  readonly other?: Message;
}

function readTwice(record: MessageRecord, ranges: readonly MaskedRange[]): ReadTwice {
  const { bytes, encoding } = record;
  try {
    const message = decodeMessage(bytes, encoding);
    if (ranges.length === 0) return { record, message, other: message };
    return { record, message, other: decodeMessage(withOtherStars({ bytes, encoding }, ranges), encoding) };
  } catch (error) {
    if (error instanceof EncodingError) return { record };
    throw error;
  }
}

class Sieve {
  readonly leftOut = new Set<string>();
  readonly #sides: readonly Direction[];
  /** Objects of which a chunk was masked: no chunk of theirs is sent. */
  readonly #broken = new Set<string>();
  /** Commands that went whole, by who sent them, MsgID and CmdID. */
  readonly #gone = new Set<string>();

  constructor(read: readonly ReadTwice[], sides: readonly Direction[]) {
    this.#sides = sides;
    const chunked = new Set<string>();
    const masked = new Set<string>();
    for (const { record, message, other } of read)
      forEachItem(message, other, (command, item, twin) => {
        const object = objectOf(record.direction, command, item);
        if (item.moreData) chunked.add(object);
        if (differs(item.data, twin?.data)) masked.add(object);
      });
    for (const object of masked) if (chunked.has(object)) this.#broken.add(object);
  }

  sift(read: ReadTwice, number: number): ReadTwice {
    const { record, message, other } = read;
    if (!message || !this.#sides.includes(record.direction)) return read;
    const sift = (commands: readonly Command[], twins: readonly Command[]): Command[] =>
      commands.flatMap((command, i): Command[] => {
        const twin = twins[i];
        if ('commands' in command) {
          const inner = sift(command.commands, twin && 'commands' in twin ? twin.commands : []);
          if (inner.length > 0 || command.commands.length === 0) return [{ ...command, commands: inner } as Command];
          return this.#leave(command, read, message);
        }
        if (!('items' in command)) return [command];
        const twinItems = twin && 'items' in twin ? twin.items : [];
        const items = command.items.filter((item, at) => {
          const object = objectOf(record.direction, command, item);
          return !differs(item.data, twinItems[at]?.data) && !this.#broken.has(object);
        });
        if (items.length === command.items.length) return [command];
        if (command.kind === 'Status') return [{ ...command, items }];
        for (const item of command.items.filter(one => !items.includes(one)))
          this.leftOut.add(`${command.kind} ${uriOf(item)} of message ${number}: its value was left out of the file`);
        return items.length > 0 ? [{ ...command, items } as Command] : this.#leave(command, read, message);
      });
    const commands = sift(message.commands, other?.commands ?? []);
    return { ...read, message: { ...message, commands } };
  }

  /** The record with its bytes as they are now. */
  withoutAnswers({ record, message }: ReadTwice): MessageRecord {
    if (!message) return record;
    const asked = record.direction === 'up' ? 'down' : 'up';
    const commands = message.commands.filter(command => {
      if (command.kind !== 'Status' && command.kind !== 'Results') return true;
      return !this.#gone.has(`${asked} ${command.msgRef} ${command.cmdRef}`);
    });
    return { ...record, bytes: encodeMessage({ ...message, commands }, record.encoding) };
  }

  #leave({ cmdId }: Command, { record }: ReadTwice, { header }: Message): [] {
    this.#gone.add(`${record.direction} ${header.msgId} ${cmdId}`);
    return [];
  }
}

type Seen = (command: Command, item: Item, twin: Item | undefined) => void;

function forEachItem(message: Message | undefined, other: Message | undefined, seen: Seen): void {
  const walk = (commands: readonly Command[], twins: readonly Command[]): void => {
    for (const [i, command] of commands.entries()) {
      const twin = twins[i];
      if ('commands' in command) walk(command.commands, twin && 'commands' in twin ? twin.commands : []);
      if (!('items' in command)) continue;
      for (const [at, item] of command.items.entries())
        seen(command, item, twin && 'items' in twin ? twin.items[at] : undefined);
    }
  };
  walk(message?.commands ?? [], other?.commands ?? []);
}

const objectOf = (direction: Direction, { kind }: Command, item: Item): string => `${direction} ${kind} ${uriOf(item)}`;
const uriOf = (item: Item): string => item.target?.uri ?? item.source?.uri ?? '';

function differs(one: ItemData | undefined, other: ItemData | undefined): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) return !Buffer.from(one).equals(other);
  return one !== other;
}
