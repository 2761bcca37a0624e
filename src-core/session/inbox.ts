/** Large objects on their way in: chunks are kept until the last has come, then the command is one (OMA-TS-DM_Protocol-V1_2_1 §7). */

import type { Alert, Command, Exec, Item, ItemCommand, ItemData, Results } from '../syncml/message.ts';
import { base64Value } from '../syncml/values.ts';
import { dataSize } from './chunks.ts';

/** Commands whose data may come in chunks. */
type Carrier = ItemCommand | Exec | Alert | Results;

interface Partial {
  readonly kind: Carrier['kind'];
  readonly uri: string;
  /** The command of the first chunk, whose Meta holds. */
  readonly first: Carrier;
  readonly item: Item;
  readonly size: number | undefined;
  readonly parts: ItemData[];
  received: number;
  /** Bad from the start: its chunks are answered with this and dropped. */
  readonly refusal: number | undefined;
}

/** A status that a chunk gets at once. */
export interface ChunkStatus {
  readonly command: Carrier;
  readonly item: Item;
  readonly code: number;
}

export interface Taken {
  /** Whole commands, to be executed in this order. */
  readonly commands: readonly Command[];
  readonly statuses: readonly ChunkStatus[];
  /** An object that did not come to its end: Alert 1225 names it. */
  readonly broken?: Item;
  readonly progress?: { readonly uri: string; readonly received: number; readonly size?: number };
}

export class Inbox {
  readonly #maxObjSize: number;
  #partial: Partial | undefined;

  /** @param maxObjSize bytes of one object at most */
  constructor(maxObjSize: number) {
    this.#maxObjSize = maxObjSize;
  }

  /** Forgets an object under way (the session starts over). */
  clear(): void {
    this.#partial = undefined;
  }

  take(command: Command): Taken {
    if (!isCarrier(command)) {
      // Statuses and groups carry no chunks; a group between chunks breaks the object like any other command.
      const broken = command.kind === 'Status' ? undefined : this.#breakOff();
      return { commands: [command], statuses: [], ...(broken && { broken }) };
    }
    const chunked = command.items.findIndex(item => item.moreData);
    if (chunked < 0 && !this.#partial) return this.#checkWhole(command);
    return this.#takeItems(command);
  }

  #checkWhole(command: Carrier): Taken {
    const tooLarge = command.items.filter(item => item.data !== undefined && dataSize(item.data) > this.#maxObjSize);
    if (tooLarge.length === 0) return { commands: [command], statuses: [] };
    const rest = command.items.filter(item => !tooLarge.includes(item));
    return {
      commands: rest.length > 0 ? [{ ...command, items: rest } as Command] : [],
      statuses: tooLarge.map(item => ({ command, item, code: 413 })),
    };
  }

  /** Items before a chunk are whole, an item after it is another chunk of it or breaks it off. */
  #takeItems(command: Carrier): Taken {
    if (command.kind === 'Alert' && !command.items.some(item => item.data !== undefined)) {
      return { commands: [command], statuses: [] };
    }
    const commands: Command[] = [];
    const statuses: ChunkStatus[] = [];
    const whole: Item[] = [];
    let broken: Item | undefined;
    let progress: Taken['progress'];
    const flush = () => {
      if (whole.length > 0) commands.push({ ...command, items: whole.splice(0) } as Command);
    };
    for (const item of command.items) {
      const partial = this.#continued(command, item);
      if (!partial && this.#partial) broken = this.#breakOff();
      if (!partial && !item.moreData) {
        whole.push(item);
        continue;
      }
      flush();
      const outcome = partial ? this.#continue(partial, command, item) : this.#begin(command, item);
      if (outcome.command) commands.push(outcome.command);
      if (outcome.code !== undefined) statuses.push({ command, item, code: outcome.code });
      if (outcome.progress) progress = outcome.progress;
    }
    flush();
    return { commands, statuses, ...(broken && { broken }), ...(progress && { progress }) };
  }

  /** The object under way, if this item goes on with it. */
  #continued(command: Carrier, item: Item): Partial | undefined {
    const partial = this.#partial;
    return partial && partial.kind === command.kind && partial.uri === uriOf(item) ? partial : undefined;
  }

  #begin(command: Carrier, item: Item): Outcome {
    const size = item.meta?.size ?? command.meta?.size;
    const partial: Partial = {
      kind: command.kind,
      uri: uriOf(item),
      first: command,
      item,
      size,
      parts: [],
      received: 0,
      // 411 size required, 416 more than can be taken.
      refusal: size === undefined ? 411 : size > this.#maxObjSize ? 416 : undefined,
    };
    this.#partial = partial;
    return this.#continue(partial, command, item);
  }

  #continue(partial: Partial, command: Carrier, item: Item): Outcome {
    const data = item.data ?? '';
    partial.received += dataSize(data);
    const tooMuch = partial.received > this.#maxObjSize ? 413 : undefined;
    const refusal = partial.refusal ?? tooMuch;
    if (!refusal) partial.parts.push(data);
    if (item.moreData) return { code: refusal ?? 213, progress: progressOf(partial) };
    this.#partial = undefined;
    if (refusal) return { code: refusal };
    const outer = partial.first.meta;
    const whole = joined(partial.parts, (partial.item.meta?.format ?? outer?.format) === 'b64');
    const bytes = typeof whole === 'string' ? base64Value(whole, partial.item.meta, outer) : whole;
    // As long as Size said, counted as it travelled or as what its base64 stands for (docs/interop.md).
    if (partial.size !== dataSize(whole) && partial.size !== decodedSize(partial, whole)) return { code: 424 };
    return { command: this.#reassembled(partial, command, bytes ?? whole), progress: progressOf(partial) };
  }

  /** The command of the last chunk, with the first one's Meta and all of the data. */
  #reassembled(partial: Partial, last: Carrier, data: ItemData): Command {
    const { moreData: _, ...item } = partial.item;
    const meta = partial.first.meta ?? last.meta;
    return { ...last, ...(meta && { meta }), items: [{ ...item, data }] } as Command;
  }

  #breakOff(): Item | undefined {
    const { moreData: _, data: __, ...item } = this.#partial?.item ?? {};
    const broken = this.#partial && item;
    this.#partial = undefined;
    return broken;
  }
}

interface Outcome {
  readonly command?: Command;
  readonly code?: number;
  readonly progress?: Taken['progress'];
}

function isCarrier(command: Command): command is Carrier {
  return 'items' in command && command.kind !== 'Status';
}

function uriOf(item: Item): string {
  return item.target?.uri ?? item.source?.uri ?? '';
}

function progressOf({ uri, received, size }: Partial): NonNullable<Taken['progress']> {
  return { uri, received, ...(size !== undefined && { size }) };
}

/** In base64, the last chunk was taken for bytes where it could be read alone: it is text again beside the others. */
function joined(parts: readonly ItemData[], isBase64: boolean): ItemData {
  if (parts.every(part => typeof part === 'string')) return parts.join('');
  if (isBase64 && parts.some(part => typeof part === 'string')) {
    return parts.map(part => (typeof part === 'string' ? part : Buffer.from(part).toString('base64'))).join('');
  }
  return Uint8Array.from(Buffer.concat(parts.map(part => Buffer.from(part as Uint8Array))));
}

function decodedSize(partial: Partial, data: ItemData): number | undefined {
  const format = partial.item.meta?.format ?? partial.first.meta?.format;
  return format === 'b64' && typeof data === 'string' ? Buffer.byteLength(data, 'base64') : undefined;
}
