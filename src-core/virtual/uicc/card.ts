/** What the commands of a virtual UICC work on: its memory, its session since the last reset, and the command at hand. */
import type { ResponseApdu } from '../../encoding/apdu.ts';
import type { CardCommand } from './command.ts';
import type { CardFile, Df, Ef } from './file-system.ts';
import type { Keys } from './keys.ts';
import type { RuleStyle } from './rules.ts';
import { SW, waiting, wrongLe } from './status.ts';

/** How this card differs from others that are right as well. */
export interface Habits {
  readonly rules: RuleStyle;
  /** `A0`: also GSM commands; `A0-only`: a SIM of the second generation. */
  readonly classes: '00' | 'A0' | 'A0-only';
  /** Every Le that is not exactly what the card gives is answered with 6Cxx, 00 too. */
  readonly exactLe: boolean;
  /** A read gives this many bytes at most. */
  readonly mostRead: number;
  /** Fewer bytes than asked come with 6282, not with 9000 or 6Cxx. */
  readonly warnsShort: boolean;
  /** T=1 with extended lengths and twenty logical channels, and an ATR that says so. */
  readonly extended: boolean;
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
  /** The application selected last, which 7FFF means. */
  readonly adf: Df | undefined;
  /** Number of the record reached by next or previous; 0: none yet. */
  readonly record: number;
}

/** What a reset forgets: open channels with their selection, rights, response bytes not yet fetched. */
export interface CardSession {
  readonly channels: Map<number, Selection>;
  /** Key references that were presented rightly. */
  readonly verified: Set<number>;
  /** For GET RESPONSE, by channel. */
  readonly pending: Map<number, Uint8Array>;
}

export interface Request {
  readonly memory: CardMemory;
  readonly session: CardSession;
  readonly command: CardCommand;
  readonly channel: number;
  readonly selection: Selection;
}

export type Handler = (request: Request) => ResponseApdu;

export function startSession(memory: CardMemory): CardSession {
  return { channels: new Map([[0, atDf(memory.mf)]]), verified: new Set(), pending: new Map() };
}

export function atDf(df: Df, adf?: Df): Selection {
  return { df, ef: undefined, adf, record: 0 };
}

export function sw(statusWord: number): ResponseApdu {
  return { data: new Uint8Array(), sw: statusWord };
}

/** Makes the file current on the channel of the command, and a record in it. */
export function makeCurrent({ session, channel, selection }: Request, file: CardFile, record = 0): void {
  const adf = file.kind === 'df' && file.aid ? file : selection.adf;
  const [df, ef] = file.kind === 'df' ? [file, undefined] : [file.parent, file];
  session.channels.set(channel, { df, ef, adf, record });
}

/**
 * Data at once where the command has an Le, else 61xx and the data with GET RESPONSE (TS 102 221 §7.3.1.1). A warning takes
 * the place of 61xx: the data wait all the same.
 */
export function answer(request: Request, data: Uint8Array, done: number = SW.ok): ResponseApdu {
  const { session, command, channel, memory } = request;
  const { le } = command;
  if (le === undefined) {
    session.pending.set(channel, data);
    return sw(done === SW.ok ? waiting(data.length) : done);
  }
  const refused = memory.habits.exactLe ? le !== data.length : le > data.length && !command.leIsMost;
  if (refused) return sw(wrongLe(data.length));
  const rest = data.slice(le);
  if (rest.length > 0) session.pending.set(channel, rest);
  else session.pending.delete(channel);
  return { data: data.slice(0, le), sw: rest.length > 0 ? waiting(rest.length) : done };
}

/** File identifiers of a path; undefined where half a one is left over. */
export function fileIdentifiers(data: Uint8Array): number[] | undefined {
  if (data.length % 2 !== 0) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return Array.from({ length: data.length / 2 }, (_, i) => view.getUint16(2 * i));
}
