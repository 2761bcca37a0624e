/** FUMO as the server read it, with what its generic alerts told (OMA-TS-DM-FUMO-V1_0 §5.1, §6.2). */
import type { SeenTree } from '../tree/ddf/seen-tree.ts';
import {
  FUMO_OPERATIONS,
  FUMO_STATES,
  type FumoOperation,
  type FumoResult,
  type FumoState,
  fumoState,
} from './fumo.ts';
import { childrenOf, lastName, type ObjectViewBase, valueAt } from './object-view.ts';

export interface FumoView extends ObjectViewBase {
  readonly kind: 'fumo';
  readonly packageName?: string;
  readonly packageVersion?: string;
  /** The present state; absent where it was not read or is not known. */
  readonly state?: FumoState;
  readonly states: readonly FumoState[];
  /** What Exec may start, each with the address that it takes the package from. */
  readonly operations: readonly { readonly name: FumoOperation; readonly uri: string; readonly url?: string }[];
  /** Newest first. */
  readonly alerts: readonly FumoAlert[];
}

/** A generic alert of a device about firmware. */
export interface FumoAlert {
  readonly at: number;
  readonly sessionKey: string;
  readonly sessionId: string;
  readonly words: string;
  /** The object that it came from. */
  readonly source?: string;
  readonly correlator?: string;
  readonly mark?: string;
  readonly result?: FumoResult;
  /** Data that is no result code. */
  readonly data?: string;
}

export function viewFumo(tree: SeenTree, uri: string, alerts: readonly FumoAlert[]): FumoView {
  const names = new Set(childrenOf(tree, uri).map(lastName));
  const name = valueAt(tree, uri, 'PkgName');
  const version = valueAt(tree, uri, 'PkgVersion');
  const state = fumoState(valueAt(tree, uri, 'State'));
  return {
    kind: 'fumo',
    uri,
    ...(name !== undefined && { packageName: name }),
    ...(version !== undefined && { packageVersion: version }),
    ...(state && { state }),
    states: FUMO_STATES,
    operations: FUMO_OPERATIONS.filter(each => names.has(each)).map(each => operationAt(tree, uri, each)),
    alerts: alerts.filter(({ source }) => source === undefined || concerns(source, uri)),
    problems: problemsOf(tree, uri, names),
  };
}

/** Some devices name the node that was executed, or leave out `./`. */
function concerns(source: string, uri: string): boolean {
  const absolute = source.startsWith('./') ? source : `./${source}`;
  return absolute === uri || absolute.startsWith(`${uri}/`);
}

function operationAt(tree: SeenTree, uri: string, name: FumoOperation): FumoView['operations'][number] {
  const url = name === 'Update' ? undefined : valueAt(tree, uri, `${name}/PkgURL`);
  return { name, uri: `${uri}/${name}`, ...(url !== undefined && { url }) };
}

function problemsOf(tree: SeenTree, uri: string, names: ReadonlySet<string>): string[] {
  const state = valueAt(tree, uri, 'State');
  const bare = FUMO_OPERATIONS.filter(
    each => each !== 'Update' && names.has(each) && !tree.get(`${uri}/${each}/PkgURL`),
  );
  return [
    ...(state === undefined ? ['State is not there, or was not read'] : []),
    ...(state !== undefined && !fumoState(state) ? [`State ${JSON.stringify(state)} is none of FUMO's`] : []),
    ...(names.has('Update') || names.has('DownloadAndUpdate') ? [] : ['neither Update nor DownloadAndUpdate is there']),
    ...bare.map(each => `${each}/PkgURL is not there, or was not read`),
  ];
}
