/** Run-time properties of a node: what they say, and which a server may replace (OMA-TS-DM_TND-V1_2_1 §7). */
import { ProtocolError } from '../base/errors.ts';
import { parseAcl } from './acl.ts';
import type { Actor, Guard } from './guard.ts';
import { checkTitle } from './planter.ts';
import type { Store } from './store.ts';
import { isInterior, pathOf, type StoredNode, sizeOf, typeOf, uriOf } from './stored-node.ts';
import { checkLength, isNodeName, NO_LIMITS, type UriLimits } from './uri.ts';

const PROPERTIES = ['ACL', 'Format', 'Name', 'Size', 'Title', 'TStamp', 'Type', 'VerNo'] as const;
export type Property = (typeof PROPERTIES)[number];

/** Replace is for these; the others the device keeps up to date by itself (TND §7.5). */
const REPLACEABLE: ReadonlySet<Property> = new Set(['ACL', 'Name', 'Title']);

/** Interior nodes have no Size (TND §7.2). @throws ProtocolError 406 */
export function propertyNamed(name: string, node: StoredNode): Property {
  const property = PROPERTIES.find(known => known === name);
  if (!property || (property === 'Size' && isInterior(node))) {
    throw new ProtocolError('no-property', `${uriOf(node)} has no property ${name}`, 406);
  }
  return property;
}

/** An ACL that is inherited is empty here (TND §7.7.1.1). */
export function readProperty(node: StoredNode, property: Property): string {
  switch (property) {
    case 'ACL':
      return node.acl?.text ?? '';
    case 'Format':
      return node.format;
    case 'Name':
      return node.name;
    case 'Size':
      return String(sizeOf(node));
    case 'Title':
      return node.title ?? '';
    case 'TStamp':
      return node.tstamp;
    case 'Type':
      return typeOf(node);
    case 'VerNo':
      return String(node.verNo);
  }
}

export class PropertyEditor {
  readonly #store: Store;
  readonly #guard: Guard;
  readonly #limits: UriLimits;

  constructor(store: Store, guard: Guard, limits = NO_LIMITS) {
    this.#store = store;
    this.#guard = guard;
    this.#limits = limits;
  }

  /** @throws ProtocolError 400, 405, 413, 414, 418, 425 */
  replace(node: StoredNode, property: Property, value: string, actor: Actor): void {
    if (!REPLACEABLE.has(property)) {
      throw new ProtocolError('read-only', `${property} is kept by the device, no command replaces it`, 405);
    }
    if (property === 'ACL') {
      this.#replaceAcl(node, value, actor);
    } else {
      this.#guard.checkAcl(node, 'Replace', actor);
      if (property === 'Name') this.#rename(node, value);
      else this.#retitle(node, value);
    }
    this.#store.touch(node);
  }

  #replaceAcl(node: StoredNode, value: string, actor: Actor): void {
    const acl = parseAcl(value);
    this.#guard.checkNewAcl(node, acl, actor);
    this.#store.set(node, { acl });
  }

  #rename(node: StoredNode, name: string): void {
    if (node.permanent) throw new ProtocolError('permanent', `${uriOf(node)} is a permanent node`, 405);
    if (!isNodeName(name, isInterior(node))) {
      throw new ProtocolError('node-name', `${JSON.stringify(name.slice(0, 64))} is no name of a node`, 400);
    }
    if (name === node.name) return;
    if (node.parent?.children.has(name)) {
      throw new ProtocolError('exists', `${uriOf(node)} has a sibling of the name ${name}`, 418);
    }
    this.#checkLengths(node, [...pathOf(node).slice(0, -1), name]);
    this.#store.rename(node, name);
    if (node.parent) this.#store.touch(node.parent);
  }

  /** A longer name makes all URIs below it longer. */
  #checkLengths(node: StoredNode, path: readonly string[]): void {
    checkLength(path, this.#limits);
    for (const child of node.children.values()) this.#checkLengths(child, [...path, child.name]);
  }

  #retitle(node: StoredNode, title: string): void {
    checkTitle(title);
    this.#store.set(node, { title: title === '' ? undefined : title });
  }
}
