/** ./Inbox: management objects that come without an address; the device finds their place by their type (StdObj §5.3.4). */
import { ProtocolError } from '../base/errors.ts';
import type { TreeNode } from './node.ts';
import { assemble, type PlacedNode, placeObjects } from './objects.ts';
import type { TndsNode } from './tnds.ts';
import { childUri, isWithin, parseUri } from './uri.ts';

export const INBOX = './Inbox';
const INBOX_PATH = parseUri(INBOX).path;

/** URI of the interior node that takes an object; undefined where this device has no place for it. */
export type InboxHome = (object: TreeNode) => string | undefined;

/** Where a device keeps objects, by management object identifier. */
const HOMES: Readonly<Record<string, string>> = {
  'org.openmobilealliance/1.0/w7': './DMAcc',
  'urn:oma:mo:oma-dm-dmacc:1.0': './DMAcc',
};

export const defaultHome: InboxHome = ({ type = '' }) => (Object.hasOwn(HOMES, type) ? HOMES[type] : undefined);

/**
 * The objects at the places that they get; one without a name gets a number. References of the objects to each other, which
 * can only say `./Inbox/…`, follow (OMA-TS-DM_Bootstrap-V1_2_1 §5.4.5).
 * @throws ProtocolError 404 for one that has no place
 */
export function placeFromInbox(
  target: readonly string[],
  objects: readonly TndsNode[],
  home: InboxHome,
  isTaken: (uri: string) => boolean,
): PlacedNode[] {
  const names = new Names(isTaken);
  const named = objects.map(object => {
    if (object.path !== '' || object.node.name !== '') return object;
    const name = target.length > INBOX_PATH.length ? '' : names.free(homeOf(object.node, home));
    return { ...object, node: { ...object.node, name } };
  });
  const { node } = assemble(INBOX_PATH, placeObjects(target, named));
  const moves = node.children.map(object => ({
    object,
    from: childUri(INBOX, object.name),
    to: childUri(homeOf(object, home), object.name),
  }));
  const follow = (value: string): string => {
    const move = moves.find(({ from }) => isWithin(value, from));
    return move ? move.to + value.slice(move.from.length) : value;
  };
  return moves.map(({ object, to }) => ({ path: parseUri(to).path, node: withValues(object, follow) }));
}

function homeOf(object: TreeNode, home: InboxHome): string {
  const uri = home(object);
  if (uri !== undefined) return uri;
  throw new ProtocolError('no-place', `this device has no place for objects of type ${object.type ?? '(none)'}`, 404);
}

/** Numbers that are names of no node yet. */
class Names {
  readonly #isTaken: (uri: string) => boolean;
  readonly #given = new Set<string>();

  constructor(isTaken: (uri: string) => boolean) {
    this.#isTaken = isTaken;
  }

  free(parent: string): string {
    let number = 1;
    while (this.#given.has(String(number)) || this.#isTaken(childUri(parent, String(number)))) number++;
    this.#given.add(String(number));
    return String(number);
  }
}

function withValues(node: TreeNode, change: (value: string) => string): TreeNode {
  const children = node.children.map(child => withValues(child, change));
  return node.value === undefined ? { ...node, children } : { ...node, value: change(node.value), children };
}
