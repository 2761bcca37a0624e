/** From what is on a card to what shall be: UPDATE BINARY commands in an order in which a pulled card is never broken. */
import { bytesEqual } from '../base/bytes.ts';
import { CardError } from '../base/errors.ts';
import { MAX_COMMAND_DATA } from '../encoding/apdu.ts';

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
 * pointer leads to the very file that takes several commands to replace, it is withdrawn first: there is none in between.
 */
export function orderUpdates({ current, target, withdrawn, inUse }: Change): FileUpdate[] {
  const content = contentUpdates(current.bootstrap, target.bootstrap).map(update => ({
    ...update,
    role: 'bootstrap' as const,
  }));
  const erases = bytesEqual(target.dodf, withdrawn);
  const withdraws = inUse && content.length > 0 && (erases || content.length > 1);
  const withdraw = withdraws ? pointerUpdate('dodf', current.dodf, withdrawn) : [];
  const dodf = withdraws ? withdrawn : current.dodf;
  return [
    ...withdraw,
    ...content,
    ...pointerUpdate('dodf', dodf, target.dodf),
    ...pointerUpdate('odf', current.odf, target.odf),
  ];
}

/** Differences of the content, near ones merged, in chunks of at most 255 bytes. */
export function contentUpdates(from: Uint8Array, to: Uint8Array): ContentUpdate[] {
  const updates: ContentUpdate[] = [];
  for (const span of differences(from, to))
    for (let offset = span.start; offset < span.end; offset += MAX_COMMAND_DATA)
      updates.push({ offset, data: to.slice(offset, Math.min(offset + MAX_COMMAND_DATA, span.end)) });
  return updates;
}

/** Nothing is left in the file. */
export function blanking(file: Uint8Array): ContentUpdate[] {
  return contentUpdates(file, new Uint8Array(file.length).fill(0xff));
}

/** A directory file changes in one command, which a card carries out whole or not at all. */
function pointerUpdate(role: FileRole, from: Uint8Array, to: Uint8Array): FileUpdate[] {
  if (bytesEqual(from, to)) return [];
  const start = to.findIndex((byte, i) => byte !== from[i]);
  const end = to.findLastIndex((byte, i) => byte !== from[i]) + 1;
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
