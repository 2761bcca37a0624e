/**
 * What the handset says, as a state machine without I/O: bytes in, events out (V.250 §5.7, verbose responses).
 * Lines end with CR, LF or both, and arrive split anywhere.
 */
import { concatBytes } from '../base/bytes.ts';
import { type AtResult, parseResult } from './at-result-codes.ts';

export type AtEvent =
  /** A line that answers the command, without its line ends. */
  | { readonly kind: 'information'; readonly text: string }
  /** The command is finished. */
  | { readonly kind: 'result'; readonly result: AtResult }
  /** A line that answers no command: `RING`, `+CREG: 1`, or an answer that came too late. */
  | { readonly kind: 'unsolicited'; readonly text: string }
  /** More bytes without a line end than any answer has: not AT text. That line is dropped. */
  | { readonly kind: 'garbled' };

type AtPhase =
  | { readonly kind: 'idle' }
  /** Sent; the next line equal to the command is its echo. */
  | { readonly kind: 'sent'; readonly command: string }
  | { readonly kind: 'answering'; readonly command: string };

export interface AtState {
  readonly phase: AtPhase;
  /** Bytes of the line that is not complete yet. */
  readonly partial: Uint8Array;
  /** The rest of this line is dropped: it grew too long. */
  readonly skipping: boolean;
}

/** Longest line in bytes; the answers of 27.007 stay far below. */
export const MAX_LINE = 8192;
const CR = 0x0d;
const LF = 0x0a;

export const INITIAL_STATE: AtState = { phase: { kind: 'idle' }, partial: new Uint8Array(), skipping: false };

/** A command goes out; what comes until its result belongs to it. */
export function commandSent(state: AtState, command: string): AtState {
  return { ...state, phase: { kind: 'sent', command } };
}

/** Nobody waits any more; what still comes is unsolicited. */
export function commandDropped(state: AtState): AtState {
  return { ...state, phase: { kind: 'idle' } };
}

export function receive(
  state: AtState,
  bytes: Uint8Array,
): { readonly state: AtState; readonly events: readonly AtEvent[] } {
  const events: AtEvent[] = [];
  const buffer = concatBytes([state.partial, bytes]);
  let { phase, skipping } = state;
  let start = 0;
  for (let end = state.partial.length; end < buffer.length; end++) {
    if (buffer[end] !== CR && buffer[end] !== LF) {
      if (skipping || end - start < MAX_LINE) continue;
      events.push({ kind: 'garbled' });
      skipping = true;
      continue;
    }
    const line = skipping ? '' : textOf(buffer.subarray(start, end));
    start = end + 1;
    skipping = false;
    if (line === '') continue;
    const event = classify(phase, line);
    phase = afterLine(phase, event);
    if (event) events.push(event);
  }
  const partial = skipping ? new Uint8Array() : buffer.subarray(start);
  return { state: { phase, partial, skipping }, events };
}

/** Some handsets pad with NUL, or with blanks. */
function textOf(line: Uint8Array): string {
  return new TextDecoder().decode(line).replaceAll('\0', '').trim();
}

/** The event that a line is; undefined for the echo of the command. */
function classify(phase: AtPhase, line: string): AtEvent | undefined {
  if (phase.kind === 'idle') return { kind: 'unsolicited', text: line };
  if (phase.kind === 'sent' && line === phase.command) return undefined;
  const result = parseResult(line);
  if (result) return { kind: 'result', result };
  return { kind: answers(phase.command, line) ? 'information' : 'unsolicited', text: line };
}

function afterLine(phase: AtPhase, event: AtEvent | undefined): AtPhase {
  if (phase.kind === 'idle' || event?.kind === 'unsolicited') return phase;
  if (event?.kind === 'result') return { kind: 'idle' };
  return { kind: 'answering', command: phase.command };
}

/**
 * Whether a line can answer the command. An extended command (`AT+CSQ`) answers in plain lines or in lines that carry
 * its own name (`+CSQ: 20,99`); a line with another name (`+CREG: 1`, `^RSSI: 17`) came by itself, as did `RING`.
 */
function answers(command: string, line: string): boolean {
  if (line === 'RING') return false;
  const name = /^[+^*%$#][A-Z][A-Z0-9]*(?=:)/i.exec(line)?.[0].toUpperCase();
  const asked: readonly string[] = command.toUpperCase().match(/[+^*%$#][A-Z][A-Z0-9]*/g) ?? [];
  return name === undefined || asked.length === 0 || asked.includes(name);
}
