/** What goes over the wire to a card, command by command, with keys and the content of bootstrap files blanked out. */
import { toHex } from '../base/bytes.ts';
import { decodeResponse, describeStatusWord, formatStatusWord, INS, instructionName } from '../encoding/apdu.ts';
import { ApduReader } from './apdu-words.ts';
import type { CardConnection } from './reader.ts';

export interface ApduTrace {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `SELECT`, `VERIFY`, … */
  readonly name: string;
  /** `READ BINARY 6431, 256 bytes from 0`. */
  readonly text: string;
  /** Hexadecimal; a key or PIN and the content of a bootstrap file show as bullets. */
  readonly command: string;
  /** Hexadecimal without the status word, empty when no response came; of a bootstrap file `••• 256 bytes`. */
  readonly response: string;
  /** `9000`; empty when no response came. */
  readonly statusWord: string;
  /** Carried out, or more to fetch; false where the card refused or gave no response. */
  readonly ok: boolean;
  /** What the status word means, or why no response came. */
  readonly meaning: string;
  readonly ms: number;
}

export interface TracedConnection extends CardConnection {
  /** Commands sent so far, GET RESPONSE included. */
  readonly apdus: number;
}

/** VERIFY, CHANGE PIN, DISABLE PIN, ENABLE PIN, UNBLOCK PIN (ETSI TS 102 221 §11.1.9 to §11.1.13). */
const CARRIES_SECRET: ReadonlySet<number> = new Set([0x20, 0x24, 0x26, 0x28, 0x2c]);
const HEADER_AND_LC = 5;
const HIDDEN = '•••';
/** The file of a SELECT is selected then. */
const CARRIED_OUT: ReadonlySet<number> = new Set([0x61, 0x62, 0x90, 0x91, 0x9f]);
/** First byte of status words for commands that were carried out, or go on (TS 102 221 §10.2.1). */
const ACCEPTED: ReadonlySet<number> = new Set([0x61, 0x6c, 0x90, 0x91]);

/** @param now milliseconds since 1970. */
export function traceConnection(
  connection: CardConnection,
  now: () => number,
  onTrace: (entry: ApduTrace) => void,
): TracedConnection {
  let apdus = 0;
  const reader = new ApduReader();
  return {
    atr: connection.atr,
    extended: connection.extended,
    get apdus() {
      return apdus;
    },
    disconnect: () => connection.disconnect(),
    async transmit(apdu) {
      apdus += 1;
      const at = now();
      const command = reader.command(apdu);
      const isContent = command !== undefined && reader.isContent(command);
      const name = instructionName(apdu[1] ?? 0);
      const sent = { at, name, text: command ? reader.words(command) : name, command: commandText(apdu, isContent) };
      try {
        const bytes = await connection.transmit(apdu);
        const { data, sw } = decodeResponse(bytes);
        if (command && CARRIED_OUT.has(sw >> 8)) reader.done(command, data);
        const hides = command !== undefined && reader.isContent(command) && data.length > 0;
        const response = hides ? `${HIDDEN} ${data.length} bytes` : toHex(data);
        onTrace({ ...sent, response, statusWord: formatStatusWord(sw), ...judge(apdu, sw), ms: now() - at });
        return bytes;
      } catch (error) {
        const meaning = error instanceof Error ? error.message : String(error);
        onTrace({ ...sent, response: '', statusWord: '', ok: false, meaning, ms: now() - at });
        throw error;
      }
    },
  };
}

function commandText(apdu: Uint8Array, isContent: boolean): string {
  const hides = isContent || CARRIES_SECRET.has(apdu[1] ?? 0);
  if (!hides || apdu.length <= HEADER_AND_LC) return toHex(apdu);
  return `${toHex(apdu.subarray(0, HEADER_AND_LC))}${HIDDEN}`;
}

/** VERIFY without data presents nothing: its answer is the counter, no failure (TS 102 221 §11.1.9). */
function judge(apdu: Uint8Array, sw: number): { ok: boolean; meaning: string } {
  if (apdu[1] === INS.verify && apdu.length === 4 && (sw & 0xfff0) === 0x63c0) {
    return { ok: true, meaning: `${sw & 0x0f} tries left` };
  }
  return { ok: ACCEPTED.has(sw >> 8), meaning: describeStatusWord(sw) };
}
