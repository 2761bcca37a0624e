/** Files of a virtual UICC: built from a profile, found by identifier, AID and path (ETSI TS 102 221 §8). */
import { fromHex } from '../../base/bytes.ts';
import type { Access, DfProfile, FileProfile } from './profile.ts';

export interface Df {
  readonly kind: 'df';
  readonly fid: number;
  readonly aid: Uint8Array | undefined;
  readonly parent: Df | undefined;
  readonly files: CardFile[];
  readonly change: Access;
}

export interface Ef {
  readonly kind: 'ef';
  readonly fid: number;
  readonly parent: Df;
  /** Undefined for a transparent file. */
  readonly recordLength: number | undefined;
  content: Uint8Array;
  readonly read: Access;
  readonly update: Access;
}

export type CardFile = Df | Ef;

export function buildFiles(profile: DfProfile, parent?: Df): Df {
  const df: Df = {
    kind: 'df',
    fid: profile.fid,
    aid: profile.aid === undefined ? undefined : fromHex(profile.aid),
    parent,
    files: [],
    change: profile.change ?? 'adm1',
  };
  for (const file of profile.files) df.files.push(file.kind === 'df' ? buildFiles(file, df) : buildEf(file, df));
  return df;
}

function buildEf(profile: Exclude<FileProfile, DfProfile>, parent: Df): Ef {
  const records = profile.kind === 'linear-fixed' ? profile.records : [profile.content ?? ''];
  const recordLength = profile.kind === 'linear-fixed' ? profile.recordLength : undefined;
  const step = recordLength ?? (profile.kind === 'transparent' ? profile.size : 0);
  const content = new Uint8Array(step * records.length).fill(0xff);
  for (const [i, record] of records.entries()) content.set(fromHex(record), i * step);
  return { kind: 'ef', fid: profile.fid, parent, recordLength, content, read: profile.read, update: profile.update };
}

/** Children, the DF itself, its parent and its siblings that are DFs: what SELECT by identifier reaches (§8.4.1). */
export function findByFid(current: Df, fid: number): CardFile | undefined {
  const mf = masterFile(current);
  if (fid === mf.fid) return mf;
  const siblings = (current.parent?.files ?? []).filter(file => file.kind === 'df');
  const reachable: (CardFile | undefined)[] = [...current.files, current, current.parent, ...siblings];
  return reachable.find(file => file?.fid === fid);
}

/** Follows file identifiers downwards from `start`. */
export function findByPath(start: Df, path: readonly number[]): CardFile | undefined {
  let file: CardFile = start;
  for (const fid of path) {
    if (file.kind === 'ef') return undefined;
    const next: CardFile | undefined = file.files.find(inner => inner.fid === fid);
    if (next === undefined) return undefined;
    file = next;
  }
  return file;
}

/** An application DF by its AID; a shorter AID selects by its beginning (right truncated, §8.5.1.1). */
export function findByAid(mf: Df, aid: Uint8Array): Df | undefined {
  const begins = (full: Uint8Array) => aid.length <= full.length && aid.every((byte, i) => byte === full[i]);
  return mf.files.find((file): file is Df => file.kind === 'df' && file.aid !== undefined && begins(file.aid));
}

export function masterFile(df: Df): Df {
  return df.parent === undefined ? df : masterFile(df.parent);
}

/** Bytes that a file takes from the card's memory, with all below it. */
export function sizeOf(file: CardFile): number {
  return file.kind === 'ef' ? file.content.length : file.files.reduce((sum, inner) => sum + sizeOf(inner), 0);
}
