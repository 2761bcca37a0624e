/** UPDATE BINARY commands that make the bytes of a file other ones. */
import { MAX_COMMAND_DATA } from '../encoding/apdu.ts';
import { HEAD } from './content.ts';

export interface ContentUpdate {
  readonly offset: number;
  /** 1 to 255 bytes. */
  readonly data: Uint8Array;
}

/** Equal bytes between two differences that are cheaper to write again than to send another command for. */
const MERGE_GAP = 16;

/** Where they differ from `start` to `end`, near differences merged, in chunks of at most 255 bytes. */
export function contentUpdates(from: Uint8Array, to: Uint8Array, start = 0, end = to.length): ContentUpdate[] {
  const updates: ContentUpdate[] = [];
  for (const span of differences(from, to, start, end))
    for (let offset = span.start; offset < span.end; offset += MAX_COMMAND_DATA)
      updates.push({ offset, data: to.slice(offset, Math.min(offset + MAX_COMMAND_DATA, span.end)) });
  return updates;
}

/** No card can be cut in the middle of it. */
export function isOneByte(updates: readonly ContentUpdate[]): boolean {
  return updates.length === 1 && updates[0]?.data.length === 1;
}

/** From the end, the head of what is there by itself and last: while it is there, the next plan knows what it is. */
export function blanking(from: Uint8Array, to: Uint8Array): ContentUpdate[] {
  const start = to.findIndex((byte, i) => byte !== from[i]);
  if (start < 0) return [];
  const head = Math.min(start + HEAD, to.length);
  return [...contentUpdates(from, to, start, head), ...contentUpdates(from, to, head)].reverse();
}

function differences(from: Uint8Array, to: Uint8Array, start: number, end: number): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  for (let i = start; i < end; i++) {
    if (to[i] === from[i]) continue;
    const last = spans.at(-1);
    if (last && i - last.end <= MERGE_GAP) last.end = i + 1;
    else spans.push({ start: i, end: i + 1 });
  }
  return spans;
}
