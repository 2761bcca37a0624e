/** dmw ddf: device descriptions: which the workbench knows, and whether a file is one. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { RequestError } from '../base/errors.ts';
import { MAX_DDF_BYTES } from '../tree/ddf/markup.ts';
import { checkDdf, DdfRoom } from '../workbench/ddf/room.ts';
import type { DdfFileView } from '../workbench/ddf/views.ts';
import { type Command, databaseIn, parse, print, usageError } from './command.ts';

const usage = 'ddf list [--data FOLDER] | check FILE [--json]';

export const command: Command = {
  usage,
  summary: 'Device descriptions (DDF): list those that are known, with your own; check says whether a file is one.',
  async run(args) {
    const { values, positionals } = parse(args, usage, { data: { type: 'string' } });
    const [action, path, ...more] = positionals;
    if (action === 'list' && path === undefined) await list(values.data, values.json);
    else if (action === 'check' && path !== undefined && more.length === 0) await check(path, values.json);
    else throw usageError(usage, action === undefined ? 'say what to do' : 'list takes no file, check takes one');
  },
};

async function list(folder: string | undefined, json: boolean): Promise<void> {
  const files = await new DdfRoom(databaseIn(folder), () => undefined).list();
  print(json, files, () => files.map(file => `${line(file)}${file.origin === 'own' ? '  (your own)' : ''}`));
}

async function check(path: string, json: boolean): Promise<void> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new RequestError('unreadable', `${path} cannot be read (${cause.code})`, { advice: 'Check the path', cause });
  });
  // One more byte than may be tells that there are too many.
  const file = checkDdf(basename(path), Uint8Array.from(bytes.subarray(0, MAX_DDF_BYTES + 1)));
  print(json, file, () => [line(file), ...file.notes.map(({ text, offset }) => `  at offset ${offset}: ${text}`)]);
  if (file.failure) process.exitCode = 1;
}

function line({ fileName, objects, nodes, manufacturer, model, failure }: DdfFileView): string {
  if (failure) return `${fileName}  cannot be read: ${failure.text}`;
  const what = objects.map(({ identifier, uri, title }) => [title, identifier, uri].filter(Boolean).join(' '));
  const maker = [manufacturer, model].filter(Boolean).join(' ');
  const count = nodes === 1 ? '1 node' : `${nodes} nodes`;
  return `${fileName}  ${count}${maker && `, for ${maker}`}: ${what.join('; ')}`;
}
