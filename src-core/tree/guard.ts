/** Whether a command may touch a node: its AccessType, then its ACL (OMA-TS-DM_TND-V1_2_1 §7.7.1 and §9.4.3.1). */
import { ProtocolError } from '../base/errors.ts';
import { type Acl, grants, grantsToAnyone, type Right } from './acl.ts';
import { effectiveAcl, isGranted, isInterior, type StoredNode, uriOf, walk } from './stored-node.ts';

/** Commands that a node's description lists (DDF AccessType); the others answer 405, whatever the ACL grants. */
export type AccessTypes = ReadonlySet<Right | 'Copy'>;

/** Whoever acts: a server by its identifier, or the device itself, to which neither ACL nor AccessType applies. */
export type Actor = { readonly serverId: string } | 'device';

/** Objects that arrive here are placed by the device; nothing below it can be read (StdObj §5.3.4). */
export const INBOX_NAME = 'Inbox';

export class Guard {
  readonly #access: ((uri: string) => AccessTypes | undefined) | undefined;

  constructor(access: ((uri: string) => AccessTypes | undefined) | undefined) {
    this.#access = access;
  }

  /** @throws ProtocolError 405, 425 */
  authorise(node: StoredNode, right: Right, actor: Actor): void {
    this.checkAccessType(node, right, actor);
    this.checkAcl(node, right, actor);
  }

  /** Independent of the ACL. @throws ProtocolError 405 */
  checkAccessType(node: StoredNode, right: Right | 'Copy', actor: Actor): void {
    if (actor === 'device' || this.#allows(node, right)) return;
    throw new ProtocolError('access-type', `${uriOf(node)} does not allow ${right}`, 405);
  }

  /** @throws ProtocolError 425 */
  checkAcl(node: StoredNode, right: Right, actor: Actor): void {
    if (!this.grants(node, right, actor)) throw denied(node, right, actor);
  }

  grants(node: StoredNode, right: Right, actor: Actor): boolean {
    return actor === 'device' || isGranted(node, right, actor.serverId);
  }

  /**
   * The right to change the ACL of a node: Replace by its own ACL, but only for interior nodes, or Replace by the ACL of
   * its parent (TND §7.7.1.3). The root always has a value, and every server may extend the tree (§7.7.1.2).
   * @throws ProtocolError 405, 425
   */
  checkNewAcl(node: StoredNode, acl: Acl | undefined, actor: Actor): void {
    const own = isInterior(node) && this.grants(node, 'Replace', actor);
    if (!own && !(node.parent && this.grants(node.parent, 'Replace', actor))) {
      throw new ProtocolError('acl', `the ACL of ${uriOf(node)} is not open to this server`, 425, {
        advice: 'Interior nodes let those change it who may replace them, leaves those who may replace their parent',
      });
    }
    if (!node.parent && (!acl || (grantsToAnyone(node.acl, 'Add') && !grantsToAnyone(acl, 'Add')))) {
      throw new ProtocolError('root-acl', 'the ACL of the root keeps Add=*', 405);
    }
  }

  /**
   * Whether a node can go with everything below it. AccessType protects only the node that the Delete names (TND §6.2.5),
   * permanent nodes protect what is above them (RepPro §6.6.5), and every ACL in the subtree has its say: rights to a
   * parent are no rights to its children (TND §7.7.1.3). @throws ProtocolError 405, 425
   */
  checkDelete(node: StoredNode, actor: Actor, named: boolean): void {
    if (!node.parent) throw new ProtocolError('root', 'the root cannot be deleted', 405);
    if (actor === 'device') return;
    for (const each of walk(node)) {
      if (each.permanent) throw new ProtocolError('permanent', `${uriOf(each)} is a permanent node`, 405);
    }
    if (named) this.checkAccessType(node, 'Delete', actor);
    this.checkAcl(node, 'Delete', actor);
    for (const each of walk(node)) if (each.acl) this.checkAcl(each, 'Delete', actor);
  }

  /**
   * Children that the actor may read. What is below a node that may not be read is not shown either: its place in the tree
   * would tell of the node (TND §8.1: a client sends what the server has a read access right to).
   */
  readableChildren(node: StoredNode, actor: Actor): StoredNode[] {
    const children = [...node.children.values()];
    if (actor === 'device') return children;
    const inherited = effectiveAcl(node);
    return children.filter(child => {
      return grants(child.acl ?? inherited, 'Get', actor.serverId) && !isInbox(child) && this.#allows(child, 'Get');
    });
  }

  #allows(node: StoredNode, right: Right | 'Copy'): boolean {
    return this.#access?.(uriOf(node))?.has(right) !== false;
  }
}

export function isInbox(node: StoredNode): boolean {
  return node.name === INBOX_NAME && node.parent !== undefined && !node.parent.parent;
}

function denied(node: StoredNode, right: Right, actor: Actor): ProtocolError {
  const who = actor === 'device' ? 'the device' : actor.serverId;
  return new ProtocolError('acl', `${uriOf(node)} grants no ${right} to ${who}`, 425);
}
