/** Documents that the command line reads: from a file or standard input; WBXML, XML or hexadecimal text, recognised by itself. */
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { fromHex } from '../base/bytes.ts';
import { RequestError } from '../base/errors.ts';
import type { MarkupElement } from '../encoding/markup.ts';
import { documentTypeOf } from '../encoding/wbxml/from-xml.ts';
import { readWbxml } from '../encoding/wbxml/reader.ts';
import { SYNCML_1_2 } from '../encoding/wbxml/types/syncml.ts';
import { readXml } from '../encoding/xml/reader.ts';
import type { Encoding } from '../syncml/codec.ts';

export interface Document {
  readonly bytes: Uint8Array;
  readonly encoding: Encoding;
  /** Name of the document type; absent for XML of a type that is not known here. */
  readonly type?: string;
  /** What the head of a WBXML document says. */
  readonly wbxml?: { readonly version: string; readonly charset: string };
  readonly root: MarkupElement;
}

/** @throws RequestError where the file cannot be read, EncodingError where it is no document */
export async function readDocument(path: string): Promise<Document> {
  const { bytes, encoding } = recognise(await readBytes(path));
  if (encoding === 'wbxml') {
    const { type, version, charset, root } = readWbxml(bytes, { assumed: SYNCML_1_2 });
    return { bytes, encoding, type: type.name, wbxml: { version, charset }, root };
  }
  const root = readXml(bytes);
  const type = documentTypeOf(root);
  return { bytes, encoding, ...(type && { type: type.name }), root };
}

async function readBytes(path: string): Promise<Uint8Array> {
  if (path === '-') return Uint8Array.from(await buffer(process.stdin));
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new RequestError('unreadable', `${path} cannot be read (${cause.code})`, { advice: 'Check the path', cause });
  });
  return Uint8Array.from(bytes);
}

/** WBXML begins with its version, XML with `<` in some encoding, hexadecimal text with a digit. */
function recognise(bytes: Uint8Array): { bytes: Uint8Array; encoding: Encoding } {
  const utf16 = ['FEFF', 'FFFE', '003C', '3C00'].includes(
    Buffer.from(bytes.subarray(0, 2)).toString('hex').toUpperCase(),
  );
  const start = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart();
  if (utf16 || start.startsWith('<')) return { bytes, encoding: 'xml' };
  if (/^[0-9a-fA-F\s]{4,}$/.test(start)) return recognise(fromHex(new TextDecoder().decode(bytes)));
  return { bytes, encoding: 'wbxml' };
}
