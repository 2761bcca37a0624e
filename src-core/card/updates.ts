/** From what is on a card to what shall be: UPDATE BINARY commands in an order in which a pulled card is never broken. */
import { blanking, type ContentUpdate, contentUpdates, isOneByte } from './byte-updates.ts';
import { dodfUpdates, odfUpdates, sameList } from './directory-updates.ts';
import { leadsTo } from './layout.ts';
import { hasEntry, withdrawn } from './pointers.ts';
import type { ProfileKind } from './profile-kind.ts';

/** The three files of a bootstrap, whole, with padding. */
export interface BootstrapFiles {
  readonly bootstrap: Uint8Array;
  readonly dodf: Uint8Array;
  readonly odf: Uint8Array;
}

export type FileRole = keyof BootstrapFiles;

export interface FileUpdate extends ContentUpdate {
  readonly role: FileRole;
}

export interface Change {
  readonly kind: ProfileKind;
  /** Of the application DF, and of the file for the content. */
  readonly base: string;
  readonly path: string;
  readonly current: BootstrapFiles;
  readonly target: BootstrapFiles;
}

export interface OrderedUpdates {
  readonly updates: readonly FileUpdate[];
  /** In the middle of them a handset finds nothing, though it does before and after. */
  readonly gap: boolean;
}

/**
 * The content comes first and the pointers last, so that a handset finds the old bootstrap or the new one. Where the pointer
 * leads to the very file that changes by more than a byte, it is withdrawn first: there is none in between.
 */
export function orderUpdates({ kind, base, path, current, target }: Change): OrderedUpdates {
  // No handset is led to EF(DODF) before EF(ODF) says where it is.
  const isListed = sameList(current.odf, target.odf);
  const inUse = isListed && leadsTo(current.dodf, { base, path, kind });
  const erases = !hasEntry(target.dodf, kind);
  const content = (erases ? blanking : contentUpdates)(current.bootstrap, target.bootstrap);
  const withdraws = inUse && content.length > 0 && (erases || !isOneByte(content));
  const pointers = (from: Uint8Array, to: Uint8Array) =>
    isListed ? dodfUpdates(from, to, kind.oid) : contentUpdates(from, to);
  const between = withdraws ? withdrawn(current.dodf, kind) : current.dodf;
  const dodf = pointers(between, target.dodf);
  return {
    updates: [
      ...inFile('dodf', pointers(current.dodf, between)),
      ...inFile('bootstrap', content),
      ...inFile('dodf', dodf),
      ...inFile('odf', odfUpdates(current.odf, target.odf)),
    ],
    gap: (withdraws && !erases) || dodf.some(update => 'gap' in update),
  };
}

function inFile(role: FileRole, updates: readonly ContentUpdate[]): FileUpdate[] {
  return updates.map(({ offset, data }) => ({ role, offset, data }));
}
