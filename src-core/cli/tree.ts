/** dmw tree: what differs between two trees in files, with the commands that make the one the other; trees in another form. */
import { readFile, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { RequestError } from '../base/errors.ts';
import { planCommands } from '../tree/diff/commands.ts';
import { type Change, diffTrees, type TreeDiff } from '../tree/diff/diff.ts';
import type { TreeCommand } from '../tree/diff/tree-command.ts';
import { countRead } from '../tree/known.ts';
import { TNDS_PROPERTIES, type TndsProperty } from '../tree/tnds.ts';
import type { TreeDocument } from '../tree/tree-document.ts';
import { readTreeFile, TREE_FORMS, type TreeForm, writeTreeFile } from '../tree/tree-file.ts';
import { type Command, parse, print, usageError } from './command.ts';

const usage =
  'tree diff FROM TO [--commands] [--within URI] | tree export FILE --as json|tnds-xml|tnds-wbxml [--uri URI] [--properties ACL,Value,…] [--output FILE]';

export const command: Command = {
  usage,
  summary:
    'Compare two trees in files (TNDS in XML or WBXML, JSON), or write one in another form; - reads standard input.',
  async run([action, ...args]) {
    if (action === 'diff') await diff(args);
    else if (action === 'export') await exportTree(args);
    else throw usageError(usage, 'say diff or export');
  },
};

async function diff(args: readonly string[]): Promise<void> {
  const { values, positionals } = parse(args, usage, {
    commands: { type: 'boolean', default: false },
    within: { type: 'string' },
  });
  const [from, to, ...more] = positionals;
  if (from === undefined || to === undefined || more.length > 0) throw usageError(usage, 'name two files');
  const [before, after] = [(await readTree(from)).tree, (await readTree(to)).tree];
  const result = diffTrees(before, after);
  const plan = planCommands(result.changes, values.within === undefined ? {} : { within: values.within });
  const { unknown, unread } = result;
  const changes = result.changes.map(changeAsData);
  print(values.json, { changes, unknown, unread, ...plan }, () => [
    ...(values.commands ? plan.commands.map(commandLine) : result.changes.map(changeLine)),
    ...remarksOf(result),
  ]);
}

async function exportTree(args: readonly string[]): Promise<void> {
  const { values, positionals } = parse(args, usage, {
    as: { type: 'string' },
    uri: { type: 'string' },
    properties: { type: 'string' },
    output: { type: 'string' },
  });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw usageError(usage, 'name one file');
  const form = Object.keys(TREE_FORMS).find((known): known is TreeForm => known === values.as);
  if (!form) throw usageError(usage, `--as takes ${Object.keys(TREE_FORMS).join(', ')}`);
  const document = await readTree(path);
  const { uri, output } = values;
  const chosen = values.properties === undefined ? {} : { properties: propertiesIn(values.properties) };
  const bytes = writeTreeFile(document, { form, ...(uri !== undefined && { uri }), ...chosen });
  if (!bytes) throw new RequestError('no-node', `${path} has no node ${uri}`, { advice: 'Choose a node that it has' });
  if (output === undefined) process.stdout.write(bytes);
  else await writeFile(output, bytes).catch(cause => fail('unwritable', output, 'written', cause));
  if (values.json && output !== undefined)
    print(true, { form, bytes: bytes.length, nodes: countRead(document.tree), output }, () => []);
}

function propertiesIn(text: string): ReadonlySet<TndsProperty> {
  const names = text.split(',').map(name => {
    const known = [...TNDS_PROPERTIES].find(property => property === name);
    return known ?? usageFailure(`${name} is no property of TNDS; there are ${[...TNDS_PROPERTIES].join(', ')}`);
  });
  return new Set(names);
}

function usageFailure(message: string): never {
  throw usageError(usage, message);
}

/** @throws RequestError where the file cannot be read, EncodingError where it is no tree */
async function readTree(path: string): Promise<TreeDocument> {
  const bytes =
    path === '-'
      ? await buffer(process.stdin)
      : await readFile(path).catch(cause => fail('unreadable', path, 'read', cause));
  return readTreeFile(Uint8Array.from(bytes));
}

function fail(code: string, path: string, done: string, cause: NodeJS.ErrnoException): never {
  throw new RequestError(code, `${path} cannot be ${done} (${cause.code})`, { advice: 'Check the path', cause });
}

function changeAsData(change: Change) {
  const { kind, uri } = change;
  if (change.kind === 'changed') return { kind, uri, fields: change.fields };
  return change.kind === 'moved' ? { kind, uri, from: change.from } : { kind, uri, nodes: countRead(change.node) };
}

const MARKS = { added: '+', removed: '-', changed: '~', moved: '>' } as const;

function changeLine(change: Change): string {
  const start = `${MARKS[change.kind]} ${change.uri}`;
  if (change.kind === 'moved') return `${start} (was ${change.from})`;
  if (change.kind !== 'changed') {
    const nodes = countRead(change.node);
    return nodes > 1 ? `${start} (${nodes} nodes)` : start;
  }
  return `${start} ${change.fields.map(({ field, old, new: now }) => `${field} ${quoted(old)} → ${quoted(now)}`).join(', ')}`;
}

function commandLine(command: TreeCommand): string {
  switch (command.kind) {
    case 'replaceProperty':
      return `Replace ${command.uri}?prop=${command.prop} ${quoted(command.value)}`;
    case 'delete':
      return `Delete ${command.uri}`;
    default: {
      const name = command.kind === 'add' ? 'Add' : 'Replace';
      return `${name} ${command.uri} ${command.format}${'value' in command ? ` ${quoted(command.value)}` : ''}`;
    }
  }
}

function quoted(text: string | undefined): string {
  return text === undefined ? 'none' : JSON.stringify(text);
}

function remarksOf({ changes, unknown, unread }: TreeDiff): string[] {
  return [
    ...(changes.length === 0 ? ['no difference'] : []),
    ...(unknown.from > 0 ? [`not compared: ${unknown.from} nodes that FROM does not tell of`] : []),
    ...(unknown.to > 0 ? [`not compared: ${unknown.to} nodes that TO does not tell of`] : []),
    ...(unread > 0 ? [`not compared: ${unread} values that only one of them has`] : []),
  ];
}
