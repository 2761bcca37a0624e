/** Replaces a whole subtree by a TNDS object (OMA-TS-DM_RepPro-V1_2_1 §6.6.11). */
import { ProtocolError } from '../base/errors.ts';
import { type Acl, parseAcl } from './acl.ts';
import type { Actor, Guard } from './guard.ts';
import type { TreeNode } from './node.ts';
import type { Subtree } from './objects.ts';
import { checkTitle, type Planter } from './planter.ts';
import type { Store } from './store.ts';
import { isInterior, type NodeState, type StoredNode, typeOf, uriOf } from './stored-node.ts';

/** What of a node a command sets; TStamp and VerNo follow. */
type Described = Pick<NodeState, 'format' | 'type' | 'title' | 'acl' | 'value'>;

export class Replacer {
  readonly #store: Store;
  readonly #guard: Guard;
  readonly #planter: Planter;

  constructor(store: Store, guard: Guard, planter: Planter) {
    this.#store = store;
    this.#guard = guard;
    this.#planter = planter;
  }

  /**
   * The result is as if all nodes below were deleted, the first replaced and the others added. For the rights it counts
   * what changes: Replace on a node that stays, Add where one is new, Delete on one that goes.
   * @throws ProtocolError 400, 405, 413, 414, 418, 420, 425
   */
  replace(node: StoredNode, { node: wanted, described }: Subtree, actor: Actor): void {
    this.#guard.authorise(node, 'Replace', actor);
    if (isInterior(node) !== isInterior(wanted)) {
      throw new ProtocolError('interior', `${uriOf(node)} cannot turn from leaf to interior node or back`, 405);
    }
    // The target itself is replaced, not added anew: what the object does not say of it stays.
    const known = { ...(node.acl && { acl: node.acl.text }), ...(node.title !== undefined && { title: node.title }) };
    const type = wanted.type ?? node.type;
    const change: TreeNode = { ...known, ...wanted, ...(type !== undefined && { type }) };
    if (described) this.#change(node, change, actor);
    this.#replaceChildren(node, wanted.children, actor);
  }

  #merge(node: StoredNode, wanted: TreeNode, actor: Actor): void {
    if (isInterior(node) === isInterior(wanted)) {
      this.#change(node, wanted, actor);
      this.#replaceChildren(node, wanted.children, actor);
      return;
    }
    const { parent } = node;
    if (!parent) return;
    this.#remove(node, actor);
    this.#addChild(parent, wanted, actor);
  }

  #replaceChildren(node: StoredNode, wanted: readonly TreeNode[], actor: Actor): void {
    const names = new Set(wanted.map(child => child.name));
    let changed = false;
    for (const child of [...node.children.values()]) {
      if (names.has(child.name)) continue;
      this.#remove(child, actor);
      changed = true;
    }
    for (const child of wanted) {
      const existing = node.children.get(child.name);
      if (existing) this.#merge(existing, child, actor);
      else this.#addChild(node, child, actor);
      changed ||= !existing;
    }
    if (changed) this.#store.touch(node);
  }

  #addChild(parent: StoredNode, child: TreeNode, actor: Actor): void {
    this.#guard.authorise(parent, 'Add', actor);
    this.#planter.plant(parent, child, actor, false);
  }

  #remove(node: StoredNode, actor: Actor): void {
    this.#guard.checkDelete(node, actor, false);
    this.#store.detach(node);
  }

  #change(node: StoredNode, wanted: TreeNode, actor: Actor): void {
    const change = this.#described(node, wanted, actor);
    const aclChanges = change.acl?.text !== node.acl?.text;
    const changes = aclChanges || typeOf(change) !== typeOf(node) || change.title !== node.title;
    if (isInterior(node) && !changes) return;
    if (!isInterior(node)) this.#guard.checkAccessType(node, 'Replace', actor);
    this.#guard.checkAcl(node, 'Replace', actor);
    if (aclChanges) this.#guard.checkNewAcl(node, change.acl, actor);
    if (actor !== 'device') checkFixed(node, change);
    this.#store.set(node, change);
    this.#store.touch(node);
  }

  #described(node: StoredNode, wanted: TreeNode, actor: Actor): Described {
    if (actor !== 'device') {
      this.#planter.checkSize(wanted);
      checkTitle(wanted.title);
    }
    return {
      format: wanted.format,
      type: wanted.type,
      title: wanted.title,
      acl: aclOf(node, wanted.acl),
      value: isInterior(wanted) ? undefined : (wanted.value ?? ''),
    };
  }
}

/** The root always has a value (TND §7.7.1.2). */
function aclOf(node: StoredNode, text: string | undefined): Acl | undefined {
  return text === node.acl?.text || (!node.parent && !text) ? node.acl : parseAcl(text ?? '');
}

/** Format and Type of permanent nodes cannot be changed (RepPro §6.6.11). @throws ProtocolError 405 */
export function checkFixed(node: StoredNode, change: Pick<NodeState, 'format' | 'type'>): void {
  const changes = change.format !== node.format || typeOf(change) !== typeOf(node);
  if (node.permanent && changes) {
    throw new ProtocolError('permanent', `${uriOf(node)} is a permanent node: its Format and Type stay`, 405);
  }
}
