/** What a Get gives: a value, names of children, a property, a part of the tree (OMA-TS-DM_TND-V1_2_1 §6.2, §7.3, §8). */
import { ProtocolError } from '../../base/errors.ts';
import type { Item, Meta } from '../../syncml/message.ts';
import type { TreeNode } from '../../tree/node.ts';
import {
  TNDS_PROPERTIES,
  TNDS_WBXML_TYPE,
  TNDS_XML_TYPE,
  type TndsProperty,
  writeTndsWbxml,
  writeTndsXml,
} from '../../tree/tnds.ts';
import { childUri, formatUri } from '../../tree/uri.ts';
import type { ExecutionContext } from '../client-commands.ts';
import { dataOf } from './data.ts';

const TEXT_TYPE = 'text/plain';

/** Items of the Results. @throws ProtocolError 400, 404, 405, 406, 414, 425 */
export function get(target: string, context: ExecutionContext): Item[] {
  const { tree, actor } = context;
  const { path, query } = tree.parse(target);
  const uri = formatUri(path);
  switch (query?.kind) {
    case undefined:
      return [valueItem(tree.get(target, actor), target)];
    case 'prop':
      // Text always, so without Meta (TND §7.4).
      return [{ source: { uri: target }, data: tree.property(uri, query.value, actor) }];
    case 'list':
      return list(path, query.value, context);
  }
}

/** An interior node's value is the list of its children's names: text, and not what the node's Type says (TND §6.2.2.2). */
function valueItem(node: TreeNode, target: string): Item {
  const source = { uri: target };
  if (node.format === 'node') {
    return { source, meta: { format: 'node' }, data: node.children.map(({ name }) => name).join('/') };
  }
  return { source, meta: { format: node.format, type: node.type ?? TEXT_TYPE }, data: dataOf(node) };
}

/**
 * A node and all below it that the server may read. What is below a node that it may not read is left out with it.
 * @throws ProtocolError 406 for an unknown list
 */
function list(path: readonly string[], attribute: string, context: ExecutionContext): Item[] {
  const uri = formatUri(path);
  const [name = '', ...more] = attribute.split(/(?=[+-])/);
  if (name === 'TNDS') {
    // RepPro §6.6.7 and TND §8.1: optional, as is each property.
    if (context.dmtnds === false) throw unsupported(attribute);
    return [tnds(path, more, context)];
  }
  const isStruct = (name === 'Struct' || name === 'StructData') && context.structLists !== false;
  if (!isStruct || more.length > 0) throw unsupported(attribute);
  return [...structure(context.tree.subtree(uri, context.actor), uri, name === 'StructData')];
}

/** One Item a node, its Meta only where Type or Format are not the default (TND §8.2). */
function* structure(node: TreeNode, uri: string, withData: boolean): Generator<Item> {
  const meta: Meta = {
    ...(node.format !== 'chr' && { format: node.format }),
    ...(node.type !== undefined && node.type !== TEXT_TYPE && { type: node.type }),
  };
  yield {
    source: { uri },
    ...(Object.keys(meta).length > 0 && { meta }),
    ...(withData && node.format !== 'node' && { data: dataOf(node) }),
  };
  for (const child of node.children) yield* structure(child, childUri(uri, child.name), withData);
}

function tnds(path: readonly string[], filters: readonly string[], context: ExecutionContext): Item {
  const { tree, actor, encoding = 'wbxml' } = context;
  const uri = formatUri(path);
  const properties = chosen(filters);
  const nodes = [{ path: path.slice(0, -1).join('/'), node: tree.subtree(uri, actor) }];
  return encoding === 'xml'
    ? { source: { uri }, meta: { format: 'xml', type: TNDS_XML_TYPE }, data: writeTndsXml(nodes, properties) }
    : { source: { uri }, meta: { format: 'bin', type: TNDS_WBXML_TYPE }, data: writeTndsWbxml(nodes, properties) };
}

/**
 * `+ACL+Value` asks for these only, `-ACL-Value` for all but these; the two do not mix (TND §8.2).
 * @throws ProtocolError 400, or 406 for a property that TNDS does not have
 */
function chosen(filters: readonly string[]): ReadonlySet<TndsProperty> {
  if (filters.length === 0) return TNDS_PROPERTIES;
  const signs = new Set(filters.map(filter => filter[0]));
  if (signs.size > 1) throw new ProtocolError('list', `${filters.join('')} mixes + and -`, 400);
  const named = new Set(filters.map(filter => propertyOf(filter.slice(1))));
  if (signs.has('+')) return named;
  return new Set([...TNDS_PROPERTIES].filter(property => !named.has(property)));
}

function propertyOf(name: string): TndsProperty {
  const property = [...TNDS_PROPERTIES].find(known => known === name);
  if (!property) throw unsupported(`TNDS property ${name}`);
  return property;
}

function unsupported(attribute: string): ProtocolError {
  return new ProtocolError('list', `?list=${attribute} is not supported`, 406);
}
