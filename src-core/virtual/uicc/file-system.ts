/** Files of a virtual UICC: built from a profile, found by identifier, AID and path (ETSI TS 102 221 §8). */
import { fromHex } from '../../base/bytes.ts';
import { encodeFcp, type Fcp } from '../../encoding/fcp.ts';
import type { Access, DfProfile, FileProfile } from './profile.ts';

export interface Df {
  readonly kind: 'df';
  readonly fid: number;
  readonly aid: Uint8Array | undefined;
  readonly parent: Df | undefined;
  readonly files: CardFile[];
}

export interface Ef {
  readonly kind: 'ef';
  readonly fid: number;
  readonly parent: Df;
  /** Undefined for a transparent file. */
  readonly recordLength: number | undefined;
  readonly content: Uint8Array;
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

/** Security attributes in expanded format: access mode, then condition (TS 102 221 §9.2.4, §11.1.1.4.7). */
const CONDITIONS: Readonly<Record<Access, string>> = { always: '9000', never: '9700', adm1: 'A40683010A950108' };

export function fcpOf(file: CardFile): Uint8Array {
  if (file.kind === 'df')
    return encodeFcp({ structure: 'df', fid: file.fid, ...(file.aid === undefined ? {} : { aid: file.aid }) });
  const common = {
    fid: file.fid,
    size: file.content.length,
    security: fromHex(`800101${CONDITIONS[file.read]}800102${CONDITIONS[file.update]}`),
  };
  const fcp: Fcp =
    file.recordLength === undefined
      ? { structure: 'transparent', ...common }
      : {
          structure: 'linear-fixed',
          ...common,
          recordLength: file.recordLength,
          recordCount: file.content.length / file.recordLength,
        };
  return encodeFcp(fcp);
}
