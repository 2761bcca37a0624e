/** Which standard object a node is, or lies in: told by the type of its node, or where devices leave that out by its place. */
import type { SeenTree } from '../tree/ddf/seen-tree.ts';
import { parentOf } from '../tree/device-tree.ts';
import { DMACC_TYPE } from './dmacc.ts';
import { FUMO_TYPE } from './fumo.ts';

export type ObjectKind = 'dmacc' | 'devinfo' | 'devdetail' | 'inbox' | 'fumo';

export interface FoundObject {
  readonly kind: ObjectKind;
  readonly uri: string;
}

/** Without the version at the end: those that followed 1.0 added leaves. */
const TYPES: Readonly<Record<string, ObjectKind>> = {
  [DMACC_TYPE]: 'dmacc',
  'urn:oma:mo:oma-dm-dmacc': 'dmacc',
  'urn:oma:mo:oma-dm-devinfo': 'devinfo',
  'urn:oma:mo:oma-dm-devdetail': 'devdetail',
  'urn:oma:mo:oma-dm-inbox': 'inbox',
  [FUMO_TYPE.slice(0, FUMO_TYPE.lastIndexOf(':'))]: 'fumo',
};
const PLACES: Readonly<Record<string, ObjectKind>> = {
  './DevInfo': 'devinfo',
  './DevDetail': 'devdetail',
  './Inbox': 'inbox',
};
const ACCOUNTS = /^\.\/DMAcc\/[^/]+$/;

/** The innermost one; undefined outside of all. */
export function findObject(tree: SeenTree, uri: string): FoundObject | undefined {
  for (let at: string | undefined = uri; at !== undefined; at = parentOf(at)) {
    const kind = kindAt(tree, at);
    if (kind) return { kind, uri: at };
  }
  return undefined;
}

function kindAt(tree: SeenTree, uri: string): ObjectKind | undefined {
  const node = tree.get(uri);
  if (node && node.format !== 'node') return undefined;
  return TYPES[(node?.type ?? '').replace(/(urn:oma:mo:.*):[\d.]+$/, '$1')] ?? PLACES[uri] ?? kindByShape(tree, uri);
}

/** StdObj §5.3.1: an account lies below ./DMAcc and has an AppID; FUMO §5.1: a State beside an operation. */
function kindByShape(tree: SeenTree, uri: string): ObjectKind | undefined {
  if (ACCOUNTS.test(uri)) return tree.get(`${uri}/AppID`) || tree.get(`${uri}/ServerID`) ? 'dmacc' : undefined;
  const updates = tree.get(`${uri}/Update`) ?? tree.get(`${uri}/DownloadAndUpdate`);
  return updates && tree.get(`${uri}/State`) ? 'fumo' : undefined;
}
