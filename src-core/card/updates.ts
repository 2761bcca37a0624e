/** From what is on a card to what shall be: UPDATE BINARY commands in an order in which a pulled card is never broken. */
import { bytesEqual } from '../base/bytes.ts';
import { CardError, EncodingError } from '../base/errors.ts';
import { MAX_COMMAND_DATA } from '../encoding/apdu.ts';
import { readTlvs } from '../encoding/ber-tlv.ts';
import { HEAD } from './content.ts';

/** The three files of a bootstrap, whole, with padding. */
export interface BootstrapFiles {
  readonly bootstrap: Uint8Array;
  readonly dodf: Uint8Array;
  readonly odf: Uint8Array;
}

export type FileRole = keyof BootstrapFiles;

export interface ContentUpdate {
  readonly offset: number;
  /** 1 to 255 bytes. */
  readonly data: Uint8Array;
}

export interface FileUpdate extends ContentUpdate {
  readonly role: FileRole;
}

export interface Change {
  readonly current: BootstrapFiles;
  readonly target: BootstrapFiles;
  /** The DODF without its bootstrap entry. */
  readonly withdrawn: Uint8Array;
  /** The pointer on the card leads to the very file that changes. */
  readonly inUse: boolean;
}

/** Equal bytes between two differences that are cheaper to write again than to send another command for. */
const MERGE_GAP = 16;

/**
 * The content comes first and the pointers last, so that a handset finds the old bootstrap or the new one. Only where the
 * pointer leads to the very file that changes, it is withdrawn first: there is none in between.
 */
export function orderUpdates({ current, target, withdrawn, inUse }: Change): FileUpdate[] {
  const erases = bytesEqual(target.dodf, withdrawn);
  const differing = contentUpdates(current.bootstrap, target.bootstrap);
  const content = (erases && differing.length > 0 ? blanking(current.bootstrap) : differing).map(update => ({
    ...update,
    role: 'bootstrap' as const,
  }));
  const withdraws = inUse && content.length > 0 && (erases || isGap({ current, target, withdrawn, inUse }));
  // No handset is led to EF(DODF) before EF(ODF) says where it is.
  const listed = bytesEqual(current.odf, target.odf);
  const withdraw = withdraws ? pointerUpdates('dodf', current.dodf, withdrawn, listed) : [];
  const dodf = withdraws ? withdrawn : current.dodf;
  return [
    ...withdraw,
    ...content,
    ...pointerUpdates('dodf', dodf, target.dodf, listed),
    ...pointerUpdates('odf', current.odf, target.odf, true),
  ];
}

/** What is in use changes by more than a byte: a command can be cut in the middle, and no handset is led there in between. */
export function isGap({ current, target, withdrawn, inUse }: Change): boolean {
  const keeps = !bytesEqual(target.dodf, withdrawn);
  const updates = contentUpdates(current.bootstrap, target.bootstrap);
  const isBlank = current.bootstrap.every(byte => byte === 0xff);
  return keeps && inUse && (updates.length > 1 || (!isBlank && updates.some(({ data }) => data.length > 1)));
}

/** Differences of the content, near ones merged, in chunks of at most 255 bytes. */
export function contentUpdates(from: Uint8Array, to: Uint8Array): ContentUpdate[] {
  const updates: ContentUpdate[] = [];
  for (const span of differences(from, to))
    for (let offset = span.start; offset < span.end; offset += MAX_COMMAND_DATA)
      updates.push({ offset, data: to.slice(offset, Math.min(offset + MAX_COMMAND_DATA, span.end)) });
  return updates;
}

/** Nothing is left in the file. From its end, the head by itself and last: while it is there, the next plan knows what it is. */
export function blanking(file: Uint8Array): ContentUpdate[] {
  const blank = new Uint8Array(file.length).fill(0xff);
  const [head, rest] = [file.subarray(0, HEAD), file.subarray(HEAD)];
  const behind = contentUpdates(rest, blank.subarray(HEAD)).map(({ offset, data }) => ({
    offset: HEAD + offset,
    data,
  }));
  return [...contentUpdates(head, blank.subarray(0, HEAD)), ...behind].reverse();
}

/**
 * A directory file changes in one command. No specification says that a card carries a command out whole or not at all, so one
 * that handsets read already (`live`) changes by a single byte where it can: a new entry at the end of the list gets its first
 * byte last, before it the list ends there; the last entry loses its first byte first.
 */
function pointerUpdates(role: FileRole, from: Uint8Array, to: Uint8Array, live: boolean): FileUpdate[] {
  if (bytesEqual(from, to)) return [];
  const start = to.findIndex((byte, i) => byte !== from[i]);
  const end = to.findLastIndex((byte, i) => byte !== from[i]) + 1;
  const first = { role, offset: start, data: to.slice(start, start + 1) };
  const rest = contentUpdates(from.subarray(start + 1, end), to.subarray(start + 1, end)).map(({ offset, data }) => ({
    role,
    offset: start + 1 + offset,
    data,
  }));
  if (live && start === directoryList(from)?.length) return [...rest, first];
  if (live && start === directoryList(to)?.length) return [first, ...rest];
  if (end - start > MAX_COMMAND_DATA)
    throw new CardError(
      'pointer-not-atomic',
      `EF(${role.toUpperCase()}) would change in ${end - start} bytes, more than one command writes`,
      {
        advice: 'The card issuer must put the DM bootstrap at the end of this file',
      },
    );
  return [{ role, offset: start, data: to.slice(start, end) }];
}

/** The entries of a directory file, without what lies behind them; undefined where they cannot be told apart. */
export function directoryList(bytes: Uint8Array): Uint8Array | undefined {
  try {
    const last = readTlvs(bytes, { padded: true }).at(-1);
    return bytes.subarray(0, last ? last.valueOffset + last.value.length : 0);
  } catch (error) {
    if (error instanceof EncodingError) return undefined;
    throw error;
  }
}

function differences(from: Uint8Array, to: Uint8Array): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  for (const [i, byte] of to.entries()) {
    if (byte === from[i]) continue;
    const last = spans.at(-1);
    if (last && i - last.end <= MERGE_GAP) last.end = i + 1;
    else spans.push({ start: i, end: i + 1 });
  }
  return spans;
}
