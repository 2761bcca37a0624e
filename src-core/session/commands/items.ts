/** Commands that act on Items, one Item after the other (OMA-TS-DM_RepPro-V1_2_1 §6.6). */
import { ProtocolError } from '../../base/errors.ts';
import type { Exec, Item, ItemCommand, Meta } from '../../syncml/message.ts';
import type { TreeNode } from '../../tree/node.ts';
import type { ExecutionContext, Outcome } from '../client-commands.ts';
import { formatIn, isTnds, leafData, tndsIn } from './data.ts';
import { get } from './get.ts';

type Done = Omit<Outcome, 'command' | 'targetRef' | 'sourceRef'>;
const OK: Done = { code: 200 };

/** Every error with a status is the Item's status; nothing has changed then. */
export function executeItem(command: ItemCommand | Exec, item: Item, context: ExecutionContext): Outcome {
  const refs = refsOf(item);
  try {
    return { command, ...refs, ...perform(command, item, context) };
  } catch (error) {
    if (error instanceof ProtocolError) return { command, ...refs, ...failure(error) };
    throw error;
  }
}

/** What names the Item in a Status. */
export function refsOf({ target, source }: Item): Pick<Outcome, 'targetRef' | 'sourceRef'> {
  return { ...(target && { targetRef: target.uri }), ...(source && { sourceRef: source.uri }) };
}

/** A node that could not be added on the way to another is named (RepPro §6.6.1). */
function failure({ status, details }: ProtocolError): Done {
  const { parent } = details;
  return { code: status, ...(typeof parent === 'string' && { items: [{ target: { uri: parent } }] }) };
}

function perform(command: ItemCommand | Exec, item: Item, context: ExecutionContext): Done {
  const { tree, actor } = context;
  const uri = targetOf(item);
  const meta = { ...command.meta, ...item.meta };
  switch (command.kind) {
    case 'Add':
      add(uri, item, meta, context);
      return OK;
    case 'Replace':
      replace(uri, item, meta, context);
      return OK;
    case 'Delete':
      tree.delete(uri, actor);
      return OK;
    case 'Copy':
      tree.copy(sourceOf(item), uri, actor);
      return OK;
    case 'Get':
      return { code: 200, results: get(uri, context) };
    case 'Exec':
      return exec(uri, item, command.correlator, context);
  }
}

function add(uri: string, item: Item, meta: Meta, context: ExecutionContext): void {
  const { tree, actor } = context;
  if (isTnds(meta)) tree.addObjects(uri, objectsIn(item, meta, context), actor);
  else tree.add(uri, nodeIn(item, meta), actor);
}

function nodeIn(item: Item, meta: Meta): Omit<TreeNode, 'name'> {
  const { type } = meta;
  if (formatIn(meta) === 'node') return { format: 'node', ...(type && { type }), children: [] };
  return { ...leafData(item.data, meta), type: type ?? 'text/plain', children: [] };
}

function replace(uri: string, item: Item, meta: Meta, context: ExecutionContext): void {
  const { tree, actor } = context;
  if (isTnds(meta)) {
    tree.replaceObjects(uri, objectsIn(item, meta, context), actor);
    return;
  }
  // Values of properties are text; they need no Meta (TND §7.4).
  const isProperty = tree.parse(uri).query !== undefined;
  const { format, value } = leafData(item.data, isProperty ? {} : meta, isProperty ? 'chr' : tree.formatOf(uri));
  tree.replace(uri, value, actor, { format, ...(meta.type !== undefined && { type: meta.type }) });
}

/** @throws ProtocolError 415 where this device knows no TNDS (RepPro §6.6.1) */
function objectsIn(item: Item, meta: Meta, context: ExecutionContext): ReturnType<typeof tndsIn> {
  if (context.dmtnds === false) throw new ProtocolError('tnds', 'this device takes no TNDS objects', 415);
  return tndsIn(item.data, meta);
}

/** Without a handler this device has no Exec at all, 406 (RepPro §6.6.6). */
function exec(
  uri: string,
  item: Item,
  correlator: string | undefined,
  { tree, actor, exec: run }: ExecutionContext,
): Done {
  if (!run) throw new ProtocolError('exec', 'this device executes nothing', 406);
  tree.authoriseExec(uri, actor);
  return run(uri, item, correlator);
}

function targetOf({ target }: Item): string {
  if (target) return target.uri;
  throw new ProtocolError('target', 'the Item has no Target', 412);
}

function sourceOf({ source }: Item): string {
  if (source) return source.uri;
  throw new ProtocolError('source', 'the Item has no Source', 412);
}
