/** dmw decode: a SyncML DM message from a file, as XML or as the typed message. */
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { fromHex } from '../base/bytes.ts';
import { RequestError } from '../base/errors.ts';
import { writeXml } from '../encoding/xml/writer.ts';
import { decodeMarkup, type Encoding } from '../syncml/codec.ts';
import { readMessage } from '../syncml/read.ts';
import { type Command, parse, print, usageError } from './command.ts';

const usage = 'decode FILE|- [--json]';

export const command: Command = {
  usage,
  summary: 'Decode a DM message: WBXML, XML or hexadecimal text, recognised by itself; - reads standard input.',
  async run(args) {
    const { values, positionals } = parse(args, usage, {});
    const [path, ...more] = positionals;
    if (path === undefined || more.length > 0) throw usageError(usage, 'name one file');
    const { bytes, encoding } = recognise(await read(path));
    const root = decodeMarkup(bytes, encoding);
    const message = readMessage(root);
    print(values.json, { encoding, bytes: bytes.length, ...message }, () => [writeXml(root, { pretty: true })]);
  },
};

/** @throws RequestError where the file cannot be read */
async function read(path: string): Promise<Uint8Array> {
  if (path === '-') return Uint8Array.from(await buffer(process.stdin));
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new RequestError('unreadable', `${path} cannot be read (${cause.code})`, { advice: 'Check the path', cause });
  });
  return Uint8Array.from(bytes);
}

/** WBXML begins with its version, XML with `<`, hexadecimal text with a digit. */
function recognise(bytes: Uint8Array): { bytes: Uint8Array; encoding: Encoding } {
  const start = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart();
  if (start.startsWith('<') || start.startsWith('\ufeff<')) return { bytes, encoding: 'xml' };
  if (/^[0-9a-fA-F\s]{4,}$/.test(start)) return recognise(fromHex(new TextDecoder().decode(bytes)));
  return { bytes, encoding: 'wbxml' };
}
