/**
 * How long a write and its verification take, about: characters at the rate that the card offers in its ATR, and what a command
 * costs beside them. Cards and readers differ by a factor of two; the number is for people who look at a tray, not for a clock.
 */
import { EncodingError } from '../base/errors.ts';
import { clocksPerBit, decodeAtr } from '../encoding/atr.ts';
import type { PlannedFile } from './planned.ts';

export interface Estimate {
  /** Commands in all. */
  readonly apdus: number;
  /** Bytes over the contacts, both ways. */
  readonly bytes: number;
  readonly ms: number;
}

/** A usual clock of readers, and the bits of a character with its guard time (ISO/IEC 7816-3 §7.2). */
const CLOCK_HZ = 4_000_000;
const BITS = 12;
/** Header, procedure byte and status word of a command. */
const FRAME = 8;
/** USB and the card's own thinking, for each command; erasing and writing its memory, for each that changes it. */
const COMMAND_MS = 3;
const CHANGE_MS = 15;
/** Connecting, reset and rate negotiation, once for writing and once for verifying. */
const CONNECT_MS = 150;

/** Before the first change: EF.ICCID, EF(DODF) and EF(ODF) are selected and read, tries are read and the key is presented. */
const FIRST = 2 + 4 + 2;
/** Bytes that a command reads. */
const READ = 256;
/** A file is created: looked for twice, its directory selected; all are read again then. */
const CREATION = 3;

export function estimate(of: {
  readonly atr: Uint8Array;
  readonly files: readonly PlannedFile[];
  readonly apdusToVerify: number;
  /** The card has a bootstrap: what will be lost is read again. */
  readonly found: boolean;
}): Estimate {
  const changed = of.files.filter(({ apdus }) => apdus > 0);
  const changes = changed.reduce((sum, { apdus }) => sum + apdus, 0);
  const created = changed.filter(({ create }) => create !== undefined).length;
  const again = of.found ? contents(of.files).reduce((sum, { size }) => sum + readsOf(size), 0) : 0;
  const fresh = created > 0 ? 2 * 2 + readsOf(of.files[0]?.size ?? 0) : 0;
  const writes = changes === 0 ? 0 : FIRST + again + changed.length + CREATION * created + fresh + changes;
  const apdus = writes + of.apdusToVerify;
  const written = changed.reduce((sum, { usedBefore, usedAfter }) => sum + Math.max(usedBefore, usedAfter), 0);
  const read = of.files.reduce((sum, { size }) => sum + size, 0);
  const bytes = written + read + apdus * FRAME;
  const characterMs = (BITS * clocksPerBitOf(of.atr) * 1000) / CLOCK_HZ;
  const ms = bytes * characterMs + apdus * COMMAND_MS + changes * CHANGE_MS + 2 * CONNECT_MS;
  return { apdus, bytes, ms: Math.round(ms) };
}

/** Commands to select a file and read all of it. */
export function readsOf(size: number): number {
  return 1 + Math.ceil(size / READ);
}

function contents(files: readonly PlannedFile[]): readonly PlannedFile[] {
  return files.filter(({ role, create }) => (role === 'bootstrap' || role === 'left') && create === undefined);
}

function clocksPerBitOf(atr: Uint8Array): number {
  try {
    return clocksPerBit(decodeAtr(atr));
  } catch (error) {
    if (error instanceof EncodingError) return 372;
    throw error;
  }
}
