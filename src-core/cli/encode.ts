/** dmw encode: a document of DM from XML to WBXML. */
import { writeFile } from 'node:fs/promises';
import { toHex } from '../base/bytes.ts';
import { RequestError } from '../base/errors.ts';
import { DOCUMENT_TYPES } from '../encoding/wbxml/document-types.ts';
import { documentTypeOf, fromXml } from '../encoding/wbxml/from-xml.ts';
import { writeWbxml } from '../encoding/wbxml/writer.ts';
import { type Command, parse, print, usageError } from './command.ts';
import { readDocument } from './document.ts';

const usage = 'encode FILE.xml|- [--output FILE] [--string-table] [--hex]';

export const command: Command = {
  usage,
  summary: 'Encode SyncML, DevInf, TNDS or provisioning from XML to WBXML, on standard output or into a file.',
  async run(args) {
    const { values, positionals } = parse(args, usage, {
      output: { type: 'string' },
      'string-table': { type: 'boolean', default: false },
      hex: { type: 'boolean', default: false },
    });
    const [path, ...more] = positionals;
    if (path === undefined || more.length > 0) throw usageError(usage, 'name one file');
    const { type, bytes } = await encode(path, values['string-table']);
    const { output } = values;
    if (output !== undefined) await write(output, values.hex ? `${toHex(bytes, ' ')}\n` : bytes);
    const hex = output === undefined ? { hex: toHex(bytes) } : { output };
    if (values.json) print(true, { type, bytes: bytes.length, ...hex }, () => []);
    else if (output === undefined) process.stdout.write(values.hex ? `${toHex(bytes, ' ')}\n` : bytes);
  },
};

async function encode(path: string, stringTable: boolean): Promise<{ type: string; bytes: Uint8Array }> {
  const { root, encoding } = await readDocument(path);
  if (encoding !== 'xml')
    throw new RequestError('not-xml', `${path} is WBXML already`, { advice: 'Give an XML document' });
  const type = documentTypeOf(root);
  if (!type) {
    throw new RequestError('document-type', `no document type has the root element ${root.name}`, {
      advice: `Known are ${DOCUMENT_TYPES.map(({ name }) => name).join(', ')}`,
    });
  }
  return { type: type.name, bytes: writeWbxml(fromXml(root, type), type, { stringTable }) };
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(path, content).catch((cause: NodeJS.ErrnoException) => {
    throw new RequestError('unwritable', `${path} cannot be written (${cause.code})`, {
      advice: 'Check the path',
      cause,
    });
  });
}
