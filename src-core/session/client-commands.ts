/** What a DM client does with each command of the server (OMA-TS-DM_RepPro-V1_2_1 §6.6): a status, and results of a Get. */
import { ProtocolError } from '../base/errors.ts';
import type { Command, Item, ItemCommand, ItemData } from '../syncml/message.ts';
import type { Actor, ManagementTree } from '../tree/management-tree.ts';
import { NODE_FORMATS, type TreeNode } from '../tree/node.ts';
import { TNDS_WBXML_TYPE, writeTndsWbxml } from '../tree/tnds.ts';
import { formatUri, parseUri } from '../tree/uri.ts';

export interface ItemOutcome {
  readonly targetRef?: string;
  readonly code: number;
  /** Items of the Results command that answers a Get. */
  readonly results: readonly Item[];
}

/** Executes a command item by item; commands without items have one outcome. */
export function execute(tree: ManagementTree, command: Command, actor: Actor): ItemOutcome[] {
  switch (command.kind) {
    case 'Add':
    case 'Delete':
    case 'Get':
    case 'Replace':
      return command.items.map(item => executeItem(tree, command, item, actor));
    case 'Alert':
      return [{ code: 200, results: [] }];
    default:
      // Optional commands of this client: the server learns that, and nothing changes.
      return [{ code: 406, results: [] }];
  }
}

function executeItem(tree: ManagementTree, command: ItemCommand, item: Item, actor: Actor): ItemOutcome {
  const targetRef = item.target?.uri;
  if (targetRef === undefined) return { code: 400, results: [] };
  try {
    const results = executeOn(tree, command, item, targetRef, actor);
    return { targetRef, code: 200, results };
  } catch (error) {
    if (error instanceof ProtocolError) return { targetRef, code: error.status, results: [] };
    throw error;
  }
}

function executeOn(tree: ManagementTree, command: ItemCommand, item: Item, uri: string, actor: Actor): readonly Item[] {
  const meta = { ...command.meta, ...item.meta };
  switch (command.kind) {
    case 'Get':
      return get(tree, uri, actor);
    case 'Add':
      tree.add(uri, nodeOf(meta.format, meta.type, item), actor);
      return [];
    case 'Replace':
      tree.replace(uri, valueIn(item), actor);
      return [];
    case 'Delete':
      tree.delete(uri, actor);
      return [];
    case 'Copy':
      throw new ProtocolError('unsupported', 'Copy is not supported', 406);
  }
}

function get(tree: ManagementTree, target: string, actor: Actor): Item[] {
  const { path, query } = parseUri(target);
  const uri = formatUri(path);
  if (query?.kind === 'prop') {
    const data = tree.property(uri, query.value, actor);
    return [{ source: { uri: target }, meta: { format: 'chr', type: 'text/plain' }, data }];
  }
  if (query?.kind === 'list') {
    if (query.value !== 'TNDS') throw new ProtocolError('unsupported', `?list=${query.value} is not supported`, 406);
    const data = writeTndsWbxml([{ path: path.slice(0, -1).join('/'), node: tree.subtree(uri, actor) }]);
    return [{ source: { uri: target }, meta: { format: 'bin', type: TNDS_WBXML_TYPE }, data }];
  }
  return [resultOf(tree.get(uri, actor), target)];
}

/** An interior node's value is the list of its children (RepPro §6.6.7). */
function resultOf(node: TreeNode, target: string): Item {
  const source = { uri: target };
  if (node.format === 'node') {
    const meta = { format: 'node', ...(node.type && { type: node.type }) };
    return { source, meta, data: node.children.map(child => child.name).join('/') };
  }
  return { source, meta: { format: node.format, type: node.type ?? 'text/plain' }, data: dataOf(node) };
}

/** The tree keeps bytes as base64 text; as data of format bin they travel as they are. */
function dataOf({ format, value = '' }: TreeNode): ItemData {
  return format === 'bin' ? Uint8Array.from(Buffer.from(value, 'base64')) : value;
}

function nodeOf(format: string | undefined, type: string | undefined, item: Item): Omit<TreeNode, 'name'> {
  const known = NODE_FORMATS.find(candidate => candidate === (format ?? 'chr'));
  if (!known) throw new ProtocolError('format', `${format} is no format of a node`, 415);
  if (known === 'node') return { format: 'node', ...(type && { type }), children: [] };
  return { format: known, type: type ?? 'text/plain', value: valueIn(item), children: [] };
}

function valueIn(item: Item): string {
  return item.data instanceof Uint8Array ? Buffer.from(item.data).toString('base64') : (item.data ?? '');
}
