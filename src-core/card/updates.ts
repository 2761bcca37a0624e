/** From what is on a card to what shall be: UPDATE BINARY commands in an order in which a pulled card is never broken. */
import { blanking, type ContentUpdate, contentUpdates } from './byte-updates.ts';
import { dodfUpdates, odfUpdates, sameList } from './directory-updates.ts';
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
  readonly current: BootstrapFiles;
  readonly target: BootstrapFiles;
  /** The pointer on the card leads to the very file that changes. */
  readonly inUse: boolean;
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
export function orderUpdates({ kind, current, target, inUse }: Change): OrderedUpdates {
  const erases = !hasEntry(target.dodf, kind);
  const content = (erases ? blanking : contentUpdates)(current.bootstrap, target.bootstrap);
  const isSmall = content.length <= 1 && (content[0]?.data.length ?? 0) <= 1;
  const withdraws = inUse && content.length > 0 && (erases || !isSmall);
  // No handset is led to EF(DODF) before EF(ODF) says where it is.
  const isListed = sameList(current.odf, target.odf);
  const pointers = (from: Uint8Array, to: Uint8Array) =>
    isListed
      ? dodfUpdates(from, to, kind.oid)
      : contentUpdates(from, to).map(update => ({ ...update, phase: 'prepare' as const }));
  const between = withdraws ? withdrawn(current.dodf, kind) : current.dodf;
  const dodf = pointers(between, target.dodf);
  return {
    updates: [
      ...inFile('dodf', pointers(current.dodf, between)),
      ...inFile('bootstrap', content),
      ...inFile('dodf', dodf),
      ...inFile('odf', odfUpdates(current.odf, target.odf)),
    ],
    gap: (withdraws && !erases) || dodf.some(({ phase }) => phase === 'swap'),
  };
}

function inFile(role: FileRole, updates: readonly ContentUpdate[]): FileUpdate[] {
  return updates.map(({ offset, data }) => ({ role, offset, data }));
}
