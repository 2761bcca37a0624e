/** A device with a tree that servers manage: each call is a session of its own, and every message travels as bytes. */

import { execute } from '../../src-core/session/client-commands.ts';
import type { ClientSessionPorts } from '../../src-core/session/client-session.ts';
import type { Encoding } from '../../src-core/syncml/codec.ts';
import type { Draft, Item, Message, Status } from '../../src-core/syncml/message.ts';
import { ManagementTree, type TreeOptions } from '../../src-core/tree/management-tree.ts';
import type { TreeNode } from '../../src-core/tree/node.ts';
import { get, numbered, resultsIn, statusesIn } from './bench.ts';
import { ACCOUNT, ScriptedServer } from './scripted-server.ts';

/** An ACL under which every server may do everything. */
export const EVERYTHING = { acl: 'Add=*&Delete=*&Exec=*&Get=*&Replace=*' };

export interface ManagedDeviceOptions extends Partial<ClientSessionPorts> {
  readonly treeOptions?: Partial<TreeOptions>;
}

export class ManagedDevice {
  readonly tree: ManagementTree;
  readonly #options: Partial<ClientSessionPorts>;
  #now = Date.UTC(2026, 0, 2);

  constructor(nodes: readonly TreeNode[], { treeOptions, ...ports }: ManagedDeviceOptions = {}) {
    this.tree = ports.tree ?? new ManagementTree(nodes, { now: () => this.#now, ...treeOptions });
    this.#options = ports;
  }

  /** A second later. */
  wait(): void {
    this.#now += 1000;
  }

  /** The same device, managed by another server. */
  as(serverId: string): ManagedDevice {
    return new ManagedDevice([], { ...this.#options, tree: this.tree, account: { ...ACCOUNT, serverId } });
  }

  /** The same device in a session of another encoding. */
  in(encoding: Encoding): ManagedDevice {
    return new ManagedDevice([], { ...this.#options, tree: this.tree, encoding });
  }

  /** What the device answers to the commands of package 2. */
  answer(...drafts: Draft[]): Message {
    return new ScriptedServer({ ...this.#options, tree: this.tree }).begin(drafts);
  }

  statuses(...drafts: Draft[]): Status[] {
    return statusesIn(this.answer(...drafts));
  }

  codes(...drafts: Draft[]): number[] {
    return this.statuses(...drafts).map(({ code }) => code);
  }

  /** Status of one command. */
  code(draft: Draft): number {
    const [code] = this.codes(draft);
    if (code === undefined) throw new Error('the device answered without a status');
    return code;
  }

  /** Items of the Results to a Get. */
  items(uri: string): Item[] {
    return resultsIn(this.answer(get(uri))).flatMap(({ items, meta }) =>
      items.map(item => ({ ...item, meta: { ...meta, ...item.meta } })),
    );
  }

  /** Data of the Results to a Get; undefined where there are none. */
  read(uri: string): Item['data'] {
    return this.items(uri)[0]?.data;
  }

  property(uri: string, property: string): string | undefined {
    const value = this.read(`${uri}?prop=${property}`);
    return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value;
  }

  /** Names of the children of an interior node, sorted. */
  children(uri: string): string[] {
    return String(this.read(uri) ?? '')
      .split('/')
      .filter(name => name !== '')
      .sort();
  }
}

/** A command on items without data. */
export function remove(...uris: string[]): Draft {
  return { kind: 'Delete', items: uris.map(uri => ({ target: { uri } })) };
}

export function exec(uri: string, more: Partial<Item> = {}): Draft {
  return { kind: 'Exec', items: [{ target: { uri }, ...more }] };
}

export function copy(source: string, target: string): Draft {
  return { kind: 'Copy', items: [{ source: { uri: source }, target: { uri: target } }] };
}

export function addInterior(uri: string, type?: string): Draft {
  return { kind: 'Add', items: [{ target: { uri }, meta: { format: 'node', ...(type !== undefined && { type }) } }] };
}

/** Sets a property. */
export function setProperty(uri: string, property: string, data: string): Draft {
  return { kind: 'Replace', items: [{ target: { uri: `${uri}?prop=${property}` }, data }] };
}

/** Status codes of a device that takes and gives no TNDS objects. */
export function codesWithoutTnds(tree: ManagementTree, ...drafts: Draft[]): number[] {
  const actor = { serverId: ACCOUNT.serverId };
  const step = execute(numbered(drafts), { tree, actor, interactive: false, dmtnds: false }).next();
  return step.done ? step.value.map(({ code }) => code) : [];
}
