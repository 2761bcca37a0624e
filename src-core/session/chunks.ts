/** A large object on its way out: one command's data cut to the room that messages have (OMA-TS-DM_Protocol-V1_2_1 §7). */
import { commandSize, type Encoding } from '../syncml/codec.ts';
import type { Command, Draft, Item, ItemData } from '../syncml/message.ts';

type Chunkable = Extract<Draft, { readonly items: readonly Item[] }>;

/** An opaque length may take this many bytes more than the one measured. */
const LENGTH_RESERVE = 4;

/** Undefined for commands that have to go whole: Status, Get, groups, several items (§6.1). */
export function chunkedData(draft: Draft): ItemData | undefined {
  switch (draft.kind) {
    case 'Add':
    case 'Replace':
    case 'Exec':
    case 'Alert':
    case 'Results':
      return draft.items.length === 1 ? draft.items[0]?.data : undefined;
    default:
      return undefined;
  }
}

/** Bytes of the object as it travels, which is what Size counts (TND §7.7.4). */
export function dataSize(data: ItemData): number {
  return typeof data === 'string' ? Buffer.byteLength(data) : data.length;
}

/** XML carries bytes as base64 text; cutting comes after that. */
export function asCarried(draft: Draft, encoding: Encoding): Draft {
  const data = chunkedData(draft);
  if (encoding === 'wbxml' || !(data instanceof Uint8Array)) return draft;
  const [item] = (draft as Chunkable).items;
  const carried = { ...item, meta: { ...item?.meta, format: 'b64' }, data: Buffer.from(data).toString('base64') };
  return { ...draft, items: [carried] } as Draft;
}

export class Chunks {
  /** The command as the caller knows it. */
  readonly draft: Draft;
  readonly #carried: Draft;
  readonly #data: ItemData;
  readonly #encoding: Encoding;
  /** Base64 text is cut where whole bytes end, so that each chunk can be read on its own. */
  readonly #step: 1 | 4;
  #offset = 0;

  constructor(draft: Draft, encoding: Encoding) {
    this.draft = draft;
    this.#encoding = encoding;
    this.#step = encoding === 'xml' && chunkedData(draft) instanceof Uint8Array ? 4 : 1;
    this.#carried = asCarried(draft, encoding);
    this.#data = chunkedData(this.#carried) ?? '';
  }

  get started(): boolean {
    return this.#offset > 0;
  }

  get done(): boolean {
    return this.#offset >= this.#data.length;
  }

  /** The next chunk with at most `room` bytes in the message, numbered `cmdId`; undefined where not one character fits. */
  next(room: number, cmdId: string): Command | undefined {
    const overhead = commandSize(this.#command(cmdId, 'x', true), this.#encoding) - 1 + LENGTH_RESERVE;
    const end = this.#end(room - overhead);
    if (end <= this.#offset) return undefined;
    const chunk = this.#command(cmdId, this.#data.slice(this.#offset, end), end < this.#data.length);
    this.#offset = end;
    return chunk;
  }

  /** Size stands in the first chunk only (§7). */
  #command(cmdId: string, data: ItemData, more: boolean): Command {
    const [item] = (this.#carried as Chunkable).items;
    const size = this.#offset === 0 ? { size: dataSize(this.#data) } : {};
    const meta = { ...item?.meta, ...size };
    const hasMeta = Object.keys(meta).length > 0;
    const chunk: Item = { ...item, ...(hasMeta && { meta }), data, ...(more && { moreData: true }) };
    return { ...this.#carried, cmdId, items: [chunk] } as Command;
  }

  #end(room: number): number {
    if (typeof this.#data !== 'string') return Math.min(this.#offset + Math.max(room, 0), this.#data.length);
    const end = endOfText(this.#data, this.#offset, room, this.#encoding === 'xml' ? xmlCost : utf8Cost);
    return end === this.#data.length ? end : end - ((end - this.#offset) % this.#step);
  }
}

/** Index after the last whole character that fits into `room` bytes. */
function endOfText(text: string, from: number, room: number, cost: (codePoint: number) => number): number {
  let left = room;
  let at = from;
  while (at < text.length) {
    const codePoint = text.codePointAt(at) ?? 0;
    left -= cost(codePoint);
    if (left < 0) break;
    at += codePoint > 0xffff ? 2 : 1;
  }
  return at;
}

function utf8Cost(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

/** What XML escapes costs six bytes at most (`&quot;`). */
function xmlCost(codePoint: number): number {
  const escaped = codePoint < 0x20 || '&<>"\''.includes(String.fromCodePoint(codePoint));
  return escaped ? 6 : utf8Cost(codePoint);
}
