/**
 * The management tree of a device (OMA-TS-DM_TND-V1_2_1 §5 to §7): what commands do to it, each done whole or refused with
 * a status that changes nothing. Time comes in from outside.
 */
import { ProtocolError } from '../base/errors.ts';
import { readAcl, withoutServer } from './acl.ts';
import { type AccessTypes, type Actor, Guard, INBOX_NAME } from './guard.ts';
import { defaultHome, INBOX, type InboxHome, placeFromInbox } from './inbox.ts';
import type { NodeFormat, TreeNode } from './node.ts';
import { assemble, placeObjects } from './objects.ts';
import { type Capacity, Planter } from './planter.ts';
import { PropertyEditor, propertyNamed, readProperty } from './properties.ts';
import { checkFixed, Replacer } from './replacer.ts';
import { Store, type Transaction } from './store.ts';
import { isInterior, type StoredNode, snapshot, typeOf, uriOf, walk } from './stored-node.ts';
import type { TndsNode } from './tnds.ts';
import { formatUri, isWithin, parseUri, type TreeUri } from './uri.ts';

export type { AccessTypes, Actor } from './guard.ts';
export type { Transaction } from './store.ts';

export interface TreeOptions extends Capacity {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Access types by URI from the device's DDF; undefined: everything the ACL grants. */
  readonly access?: (uri: string) => AccessTypes | undefined;
  /** Default: accounts go below ./DMAcc. */
  readonly onInbox?: InboxHome;
  /** Default as TND §7.7.1.2 recommends it. */
  readonly rootAcl?: string;
  /** False: only leaves are copied, as RepPro §6.6.4 has it. Default true: a subtree is copied to where nothing is. */
  readonly copySubtrees?: boolean;
}

/** What the command that sets a value says of it; absent: it stays as it is. */
export interface ValueMeta {
  readonly format?: NodeFormat;
  readonly type?: string;
}

const ROOT_ACL = 'Add=*&Get=*';

export class ManagementTree {
  readonly #options: TreeOptions;
  readonly #store: Store;
  readonly #guard: Guard;
  readonly #planter: Planter;
  readonly #properties: PropertyEditor;
  readonly #replacer: Replacer;

  constructor(children: readonly TreeNode[], options: TreeOptions) {
    this.#options = options;
    const { now, access, rootAcl = ROOT_ACL } = options;
    const state = { format: 'node' as const, type: undefined, title: undefined, value: undefined, verNo: 0 };
    this.#store = new Store({ ...state, acl: readAcl(rootAcl) }, now);
    this.#guard = new Guard(access);
    this.#planter = new Planter(this.#store, this.#guard, options);
    this.#properties = new PropertyEditor(this.#store, this.#guard, options.limits);
    this.#replacer = new Replacer(this.#store, this.#guard, this.#planter);
    for (const child of children) this.#planter.plant(this.#store.root, child, 'device', false);
  }

  /** Nodes below the root. */
  get size(): number {
    return this.#store.size;
  }

  /** A URI within the limits of this device. @throws ProtocolError 400, 414 */
  parse(uri: string): TreeUri {
    return parseUri(uri, this.#options.limits);
  }

  has(uri: string): boolean {
    return this.#store.lookup(this.#path(uri)) !== undefined;
  }

  /** Undefined where there is no such node. Asks for no right: a device knows its own tree. */
  formatOf(uri: string): NodeFormat | undefined {
    return this.#store.lookup(this.parse(uri).path)?.format;
  }

  /**
   * The node with its children: for a server their names and formats only, for the device all of them.
   * @throws ProtocolError 400, 404, 405, 414, 425
   */
  get(uri: string, actor: Actor): TreeNode {
    const node = this.#readable(this.#path(uri), actor);
    if (actor === 'device') return this.#deep(node, actor);
    return snapshot(node, ({ children }) =>
      [...children.values()].map(({ name, format }) => ({ name, format, children: [] })),
    );
  }

  /** The node and all below it that the actor may read. @throws ProtocolError 400, 404, 405, 414, 425 */
  subtree(uri: string, actor: Actor): TreeNode {
    return this.#deep(this.#readable(this.#path(uri), actor), actor);
  }

  /** A property as text (TND §7.4). @throws ProtocolError 400, 404, 405, 406, 414, 425 */
  property(uri: string, property: string, actor: Actor): string {
    const path = this.#path(uri);
    this.#refuseInbox(path, actor);
    const node = this.#find(path);
    this.#guard.checkAcl(node, 'Get', actor);
    return readProperty(node, propertyNamed(property, node));
  }

  /** Adds a node, or a whole subtree. @throws ProtocolError 400, 404, 405, 413, 414, 418, 420, 425 */
  add(uri: string, node: Omit<TreeNode, 'name'>, actor: Actor): void {
    const path = this.#path(uri);
    if (actor !== 'device' && this.#inboxFor(path) && path.length > 1) {
      throw new ProtocolError('inbox', `${INBOX} takes management objects as TNDS only`, 415);
    }
    this.#change(actor, () => this.#planter.add(path, node, actor));
  }

  /** Adds the nodes of a TNDS object, all or none. @throws ProtocolError as `add` does */
  addObjects(uri: string, objects: readonly TndsNode[], actor: Actor): void {
    const path = this.#path(uri);
    const inbox = this.#inboxFor(path);
    if (inbox) this.#guard.authorise(inbox, 'Add', actor);
    const { onInbox = defaultHome } = this.#options;
    const placed = inbox ? placeFromInbox(path, objects, onInbox, at => this.has(at)) : placeObjects(path, objects);
    const placing = { created: new Set<StoredNode>(), byDevice: inbox !== undefined };
    this.#change(actor, () => {
      for (const { path: at, node } of placed) this.#planter.add(at, node, actor, placing);
    });
  }

  /**
   * Replaces the value of a leaf, or with `?prop=` a property of a node.
   * @param value as TreeNode keeps it: b64 and bin as base64 text
   * @throws ProtocolError 400, 404, 405, 406, 413, 414, 418, 425
   */
  replace(uri: string, value: string, actor: Actor, meta: ValueMeta = {}): void {
    const { path, query } = this.parse(uri);
    const node = this.#find(query?.kind === 'prop' ? path : this.#path(uri));
    this.#change(actor, () => {
      if (query) this.#properties.replace(node, propertyNamed(query.value, node), value, actor);
      else this.#replaceValue(node, value, actor, meta);
    });
  }

  /** Replaces a node and all below it by a TNDS object, all or nothing. @throws ProtocolError as `replace` and `add` do */
  replaceObjects(uri: string, objects: readonly TndsNode[], actor: Actor): void {
    const path = this.#path(uri);
    const node = this.#find(path);
    const wanted = assemble(path, placeObjects(path, objects));
    this.#change(actor, () => this.#replacer.replace(node, wanted, actor));
  }

  /** Deletes a node and everything below it. @throws ProtocolError 400, 404, 405, 414, 425 */
  delete(uri: string, actor: Actor): void {
    const node = this.#find(this.#path(uri));
    this.#guard.checkDelete(node, actor, true);
    this.#change(actor, () => {
      this.#store.detach(node);
      if (node.parent) this.#store.touch(node.parent);
    });
  }

  /**
   * Copies the value of a leaf into another (RepPro §6.6.4). Where the target does not exist yet, the source is added there
   * with all below it, as Get and Add would do it: titles come along, ACLs do not.
   * @throws ProtocolError 400, 403, 404, 405, 413, 414, 420, 425
   */
  copy(source: string, target: string, actor: Actor): void {
    const from = this.#readable(this.#path(source), actor);
    const to = this.#path(target);
    this.#guard.checkAccessType(from, 'Copy', actor);
    const existing = this.#store.lookup(to);
    this.#change(actor, () => {
      if (existing) this.#copyValue(from, existing, actor);
      else this.#copyTree(from, to, actor);
    });
  }

  /** Whether the actor may execute the node. @throws ProtocolError 400, 404, 405, 414, 425 */
  authoriseExec(uri: string, actor: Actor): void {
    this.#guard.authorise(this.#find(this.#path(uri)), 'Exec', actor);
  }

  /** A server leaves the device: no ACL names it any more (TND §7.7.1.4). */
  deleteServer(serverId: string): void {
    this.#change('device', () => {
      for (const node of walk(this.#store.root)) {
        const acl = node.acl && withoutServer(node.acl, serverId, !node.parent);
        if (acl === node.acl) continue;
        this.#store.set(node, { acl });
        this.#store.touch(node);
      }
    });
  }

  /**
   * What servers change from here on can be undone as one (Atomic); what the device itself changes meanwhile stays. One that
   * is never ended keeps every later change in memory.
   */
  begin(): Transaction {
    return this.#store.begin();
  }

  /** Of a command on nodes: none but Get and Replace apply to properties (TND §7.5). @throws ProtocolError 405 */
  #path(uri: string): readonly string[] {
    const { path, query } = this.parse(uri);
    if (query) throw new ProtocolError('property', `${uri} names a property or a list, expected a node`, 405);
    return path;
  }

  #find(path: readonly string[]): StoredNode {
    const node = this.#store.lookup(path);
    if (!node) throw new ProtocolError('not-found', `${formatUri(path)} does not exist`, 404);
    return node;
  }

  #readable(path: readonly string[], actor: Actor): StoredNode {
    this.#refuseInbox(path, actor);
    const node = this.#find(path);
    this.#guard.authorise(node, 'Get', actor);
    return node;
  }

  /** A Get of ./Inbox is not allowed, nor of anything below it, be it there or not (StdObj §5.3.4). @throws ProtocolError 405 */
  #refuseInbox(path: readonly string[], actor: Actor): void {
    if (actor === 'device' || !this.#inboxFor(path)) return;
    throw new ProtocolError('inbox', `${INBOX} and what is below it cannot be read`, 405);
  }

  /**
   * The node ./Inbox for paths that lead there. The name is reserved: a device that has none gets none from a server.
   * @throws ProtocolError 404
   */
  #inboxFor(path: readonly string[]): StoredNode | undefined {
    if (path[0] !== INBOX_NAME) return undefined;
    const inbox = this.#store.lookup([INBOX_NAME]);
    if (!inbox) throw new ProtocolError('no-inbox', `this device has no ${INBOX}`, 404);
    return inbox;
  }

  #deep(node: StoredNode, actor: Actor): TreeNode {
    return snapshot(node, at => this.#guard.readableChildren(at, actor).map(child => this.#deep(child, actor)));
  }

  #change(actor: Actor, act: () => unknown): void {
    this.#store.all(actor === 'device', act);
  }

  #replaceValue(node: StoredNode, value: string, actor: Actor, meta: ValueMeta): void {
    const uri = uriOf(node);
    if (isInterior(node)) throw new ProtocolError('interior', `${uri} is an interior node`, 405);
    if (meta.format === 'node') throw new ProtocolError('leaf', `${uri} is a leaf and stays one`, 405);
    this.#guard.authorise(node, 'Replace', actor);
    const change = { format: meta.format ?? node.format, type: meta.type ?? node.type, value };
    if (actor !== 'device') {
      checkFixed(node, change);
      this.#planter.checkSize(change);
    }
    this.#store.set(node, change);
    this.#store.touch(node);
  }

  #copyValue(from: StoredNode, to: StoredNode, actor: Actor): void {
    this.#guard.checkAccessType(to, 'Copy', actor);
    this.#guard.authorise(to, 'Replace', actor);
    if (isInterior(from) || isInterior(to)) throw forbidden(`${uriOf(to)} exists; only leaves are copied into leaves`);
    const { format, type, value } = from;
    const fixed = to.permanent && (format !== to.format || typeOf(from) !== typeOf(to));
    if (fixed) throw forbidden(`${uriOf(to)} is a permanent node of another Format or Type`);
    this.#store.set(to, { format, type, value });
    this.#store.touch(to);
  }

  #copyTree(from: StoredNode, to: readonly string[], actor: Actor): void {
    const uri = uriOf(from);
    if (isInterior(from) && this.#options.copySubtrees === false) throw forbidden(`${uri} is an interior node`);
    if (isWithin(formatUri(to), uri)) throw forbidden(`${formatUri(to)} is inside ${uri}`);
    for (const node of walk(from)) this.#guard.authorise(node, 'Get', actor);
    this.#planter.add(to, withoutAcls(this.#deep(from, 'device')), actor);
  }
}

function withoutAcls({ acl: _, ...node }: TreeNode): TreeNode {
  return { ...node, children: node.children.map(withoutAcls) };
}

function forbidden(why: string): ProtocolError {
  return new ProtocolError('copy', why, 403);
}
