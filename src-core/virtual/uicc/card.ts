/** What the commands of a virtual UICC work on: its memory, its session since the last reset, and the command at hand. */
import { type CommandApdu, channelOf, type ResponseApdu, SW_OK } from '../../encoding/apdu.ts';
import type { RuleStyle } from './file-control.ts';
import type { CardFile, Df, Ef } from './file-system.ts';
import type { Keys } from './keys.ts';

/** How this card differs from others that are right as well. */
export interface Habits {
  readonly rules: RuleStyle;
  /** `A0`: also GSM commands; `A0-only`: a SIM of the second generation. */
  readonly classes: '00' | 'A0' | 'A0-only';
  /** Le 00 is answered with 6Cxx where there are less than 256 bytes. */
  readonly exactLe: boolean;
  /** A read gives this many bytes at most, with 9000. */
  readonly mostRead: number;
}

/** What lives as long as the card. */
export interface CardMemory {
  readonly mf: Df;
  readonly keys: Keys;
  readonly habits: Habits;
  /** Bytes for new files. */
  free: number;
}

export interface Selection {
  readonly df: Df;
  readonly ef: Ef | undefined;
}

/** What a reset forgets: open channels with their selection, rights, response bytes not yet fetched. */
export interface CardSession {
  readonly channels: Map<number, Selection>;
  /** Key references that were presented rightly. */
  readonly verified: Set<number>;
  pending: Uint8Array | undefined;
}

export interface Request {
  readonly memory: CardMemory;
  readonly session: CardSession;
  readonly command: CommandApdu;
  readonly selection: Selection;
}

export type Handler = (request: Request) => ResponseApdu;

export function startSession(memory: CardMemory): CardSession {
  return { channels: new Map([[0, { df: memory.mf, ef: undefined }]]), verified: new Set(), pending: undefined };
}

export function sw(statusWord: number): ResponseApdu {
  return { data: new Uint8Array(), sw: statusWord };
}

/** Makes the file current on the channel of the command. */
export function makeCurrent({ session, command }: Request, file: CardFile): void {
  const selected = file.kind === 'df' ? { df: file, ef: undefined } : { df: file.parent, ef: file };
  session.channels.set(channelOf(command.cla), selected);
}

/** Data at once where the command has an Le, else 61xx and the data with GET RESPONSE. */
export function answer(session: CardSession, data: Uint8Array, le: number | undefined): ResponseApdu {
  if (le === undefined) {
    session.pending = data;
    return sw(0x6100 | (data.length & 0xff));
  }
  if (le !== 256 && le > data.length) return sw(0x6c00 | data.length);
  const rest = data.slice(le);
  session.pending = rest.length > 0 ? rest : undefined;
  return { data: data.slice(0, le), sw: rest.length > 0 ? 0x6100 | (rest.length & 0xff) : SW_OK };
}

/** File identifiers of a path; undefined where half a one is left over. */
export function fileIdentifiers(data: Uint8Array): number[] | undefined {
  if (data.length % 2 !== 0) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return Array.from({ length: data.length / 2 }, (_, i) => view.getUint16(2 * i));
}
