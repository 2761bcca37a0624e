/** Files of a virtual UICC: built from a profile, found by identifier, AID and path (ETSI TS 102 221 §8). */
import { fromHex } from '../../base/bytes.ts';
import type { Access, DfProfile, EfProfile } from './profile.ts';

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
  /** Short file identifier, 1 to 30; undefined: the file has none. */
  readonly sfi: number | undefined;
  readonly parent: Df;
  readonly structure: 'transparent' | 'linear-fixed' | 'cyclic';
  /** Undefined for a transparent file. */
  readonly recordLength: number | undefined;
  /** Records one after another, of a cyclic file the newest first. */
  content: Uint8Array;
  readonly read: Access;
  readonly update: Access;
  /** Who may deactivate it and activate it again. */
  readonly activate: Access;
  active: boolean;
}

export type CardFile = Df | Ef;

/** The identifier of whatever application is selected (TS 102 221 §8.4.1). */
export const CURRENT_ADF = 0x7fff;

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

function buildEf(profile: EfProfile, parent: Df): Ef {
  const { kind: structure, fid, sfi, read, update, activate = 'never', inactive = false } = profile;
  const isBinary = profile.kind === 'transparent';
  const records = isBinary ? [profile.content ?? ''] : profile.records;
  const step = isBinary ? profile.size : profile.recordLength;
  const content = new Uint8Array(step * records.length).fill(0xff);
  for (const [i, record] of records.entries()) content.set(fromHex(record), i * step);
  const recordLength = isBinary ? undefined : step;
  return { kind: 'ef', fid, sfi, parent, structure, recordLength, content, read, update, activate, active: !inactive };
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

/** Application DFs whose AID begins with this (right truncated, §8.5.1.1), in the order of the card. */
export function findByAid(mf: Df, aid: Uint8Array): Df[] {
  const begins = (full: Uint8Array) => aid.length <= full.length && aid.every((byte, i) => byte === full[i]);
  return mf.files.filter((file): file is Df => file.kind === 'df' && file.aid !== undefined && begins(file.aid));
}

export function masterFile(df: Df): Df {
  return df.parent === undefined ? df : masterFile(df.parent);
}

export function isWithin(df: Df | undefined, file: CardFile): boolean {
  return df !== undefined && (df === file || isWithin(df.parent, file));
}

/** Bytes that a file takes from the card's memory, with all below it. */
export function sizeOf(file: CardFile): number {
  return file.kind === 'ef' ? file.content.length : file.files.reduce((sum, inner) => sum + sizeOf(inner), 0);
}
