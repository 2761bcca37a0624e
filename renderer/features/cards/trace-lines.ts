/** The APDU trace as lines: what a filter keeps, how it is copied, and where another card begins. Pure. */
import type { ApduView } from '../../../src-core/workbench/views.ts';

export interface TraceFilter {
  /** Every word of it must be found: in words, bytes, status word, meaning or ICCID. */
  readonly text: string;
  readonly refusedOnly: boolean;
}

export function filterTrace(apdus: readonly ApduView[], { text, refusedOnly }: TraceFilter): readonly ApduView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && !refusedOnly) return apdus;
  return apdus.filter(apdu => {
    if (refusedOnly && apdu.ok) return false;
    const { text: command, command: bytes, response, statusWord, meaning, iccid } = apdu;
    const all = [command, bytes, response, statusWord, meaning, iccid].join('\n').toLowerCase();
    return words.every(word => all.includes(word));
  });
}

/** `# READ BINARY 6431, 256 bytes from 0`, `> 00B0…`, `< … 9000 normal ending 12 ms`. */
export function traceText(apdus: readonly ApduView[]): string {
  return apdus
    .flatMap(({ text, command, response, statusWord, meaning, ms }) => [
      ...(text ? [`# ${text}`] : []),
      `> ${command}`,
      `< ${response}${response && ' '}${statusWord} ${meaning} ${ms} ms`,
    ])
    .join('\n');
}

/** Who answers from this line on, where that changes: before a card said who it is, nobody knows. */
export function cardFrom(apdus: readonly ApduView[], i: number): string | undefined {
  const [before, now] = [apdus[i - 1]?.iccid, apdus[i]?.iccid];
  if (now === before) return undefined;
  return now === undefined ? 'A card that has not said its ICCID yet' : `Card ${now}`;
}
