/** Single commands as a diff needs them, as data: add a node or a subtree, replace a leaf, set a property, delete. */
import { type KnownNode, walkKnown } from '../known.ts';
import { TNDS_WBXML_TYPE, TNDS_XML_TYPE, writeTndsWbxml, writeTndsXml } from '../tnds.ts';
import { typeOf } from './fields.ts';

/** Bytes are base64 text where the format is bin. */
export type TreeCommand =
  | {
      readonly kind: 'add' | 'replace';
      readonly uri: string;
      readonly format: string;
      readonly type?: string;
      /** Absent for an interior node. */
      readonly value: string;
    }
  | { readonly kind: 'add'; readonly uri: string; readonly format: 'node'; readonly type?: string }
  | PropertyCommand
  | { readonly kind: 'delete'; readonly uri: string };

/** Properties that a command replaces (TND §7.5). */
export interface PropertyCommand {
  readonly kind: 'replaceProperty';
  readonly uri: string;
  readonly prop: 'ACL' | 'Name' | 'Title';
  readonly value: string;
}

/** A difference that no command brings about. */
export interface Skipped {
  readonly uri: string;
  readonly why: string;
}

/** How a new subtree travels: a command for each node, or one TNDS object. */
export type SubtreeForm = 'nodes' | 'tnds-wbxml' | 'tnds-xml';

export function setProperty(uri: string, prop: PropertyCommand['prop'], value: string): PropertyCommand {
  return { kind: 'replaceProperty', uri, prop, value };
}

export interface Added {
  readonly commands: readonly TreeCommand[];
  /** To be sent once everything is there. */
  readonly acls: readonly PropertyCommand[];
  readonly skipped: readonly Skipped[];
}

/** A node and all below it: TNDS where that is asked for and there is something below it, else node by node. */
export function addCommands(uri: string, node: KnownNode, form: SubtreeForm): Added {
  return form !== 'nodes' && node.children.length > 0 ? addObject(uri, node, form) : addNodes(uri, node);
}

/** Undefined for a leaf that nobody read. */
export function valueCommand(kind: 'add' | 'replace', uri: string, leaf: KnownNode): TreeCommand | undefined {
  const { format, value = format === 'null' ? '' : undefined } = leaf;
  if (format === undefined || value === undefined) return undefined;
  const type = typeOf(leaf);
  return { kind, uri, format, ...(type !== undefined && { type }), value };
}

export const NOT_READ = 'its value was not read';

function addNodes(top: string, subtree: KnownNode): Added {
  const commands: TreeCommand[] = [];
  const acls: PropertyCommand[] = [];
  const skipped: Skipped[] = [];
  for (const { uri, node } of walkKnown(subtree, top)) {
    const command = isInner(node) ? addInterior(uri, node) : valueCommand('add', uri, node);
    if (!command) {
      skipped.push({ uri, why: NOT_READ });
      continue;
    }
    commands.push(command);
    if (node.title) commands.push(setProperty(uri, 'Title', node.title));
    if (node.acl) acls.push(setProperty(uri, 'ACL', node.acl));
  }
  return { commands, acls, skipped };
}

function addInterior(uri: string, { type }: KnownNode): TreeCommand {
  return { kind: 'add', uri, format: 'node', ...(type && { type }) };
}

function isInner({ format, children }: KnownNode): boolean {
  return format === 'node' || children.length > 0;
}

/** TStamp and VerNo are the device's own business (TND §7.5). */
const SENT = new Set(['ACL', 'Format', 'Title', 'Type', 'Value'] as const);

function addObject(uri: string, subtree: KnownNode, form: SubtreeForm): Added {
  const skipped: Skipped[] = [];
  const objects = [{ path: '', node: onlyRead(uri, subtree, skipped) }];
  const content =
    form === 'tnds-xml'
      ? { format: 'xml', type: TNDS_XML_TYPE, value: writeTndsXml(objects, SENT) }
      : { format: 'bin', type: TNDS_WBXML_TYPE, value: Buffer.from(writeTndsWbxml(objects, SENT)).toString('base64') };
  return { commands: [{ kind: 'add', uri, ...content }], acls: [], skipped };
}

/** Without the leaves that nobody read: they would be made empty. */
function onlyRead(top: string, subtree: KnownNode, skipped: Skipped[]): KnownNode {
  const unread = new Set<KnownNode>();
  for (const { uri, node } of walkKnown(subtree, top)) {
    if (isInner(node) || valueCommand('add', uri, node)) continue;
    unread.add(node);
    skipped.push({ uri, why: NOT_READ });
  }
  const without = (node: KnownNode): KnownNode => ({
    ...node,
    children: node.children.filter(child => !unread.has(child)).map(without),
  });
  return unread.size === 0 ? subtree : without(subtree);
}
