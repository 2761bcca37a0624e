/** Bytes to message and back, in the two encodings of DM-2 and by their media types (OMA-TS-DM_TransportBinding §5). */

import { EncodingError } from '../base/errors.ts';
import type { MarkupElement } from '../encoding/markup.ts';
import { SYNCML_1_2 } from '../encoding/wbxml/code-pages.ts';
import { readWbxml } from '../encoding/wbxml/reader.ts';
import { writeWbxml } from '../encoding/wbxml/writer.ts';
import { readXml } from '../encoding/xml/reader.ts';
import { writeXml } from '../encoding/xml/writer.ts';
import type { Message } from './message.ts';
import { readMessage } from './read.ts';
import { writeMessage } from './write.ts';

export type Encoding = 'wbxml' | 'xml';

export const MEDIA_TYPE: Readonly<Record<Encoding, string>> = {
  wbxml: 'application/vnd.syncml.dm+wbxml',
  xml: 'application/vnd.syncml.dm+xml',
};

/** The encoding that a Content-Type names, parameters ignored; undefined where it is not a DM media type. */
export function encodingOf(contentType: string | undefined): Encoding | undefined {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  return (['wbxml', 'xml'] as const).find(encoding => MEDIA_TYPE[encoding] === type);
}

/** @throws EncodingError with the offset of the first thing that cannot be read. */
export function decodeMarkup(bytes: Uint8Array, encoding: Encoding): MarkupElement {
  return encoding === 'wbxml' ? readWbxml(bytes).root : readXml(decodeUtf8(bytes));
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    // Decoded leniently and encoded again, the document differs from where it stops being UTF-8.
    const again = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
    const offset = bytes.findIndex((byte, i) => byte !== again[i]);
    throw new EncodingError('charset', 'XML: expected text in UTF-8', offset, { cause });
  }
}

/** @throws EncodingError */
export function decodeMessage(bytes: Uint8Array, encoding: Encoding): Message {
  return readMessage(decodeMarkup(bytes, encoding));
}

export function encodeMessage(message: Message, encoding: Encoding): Uint8Array {
  return encoding === 'wbxml'
    ? writeWbxml(writeMessage(message, true), SYNCML_1_2)
    : new TextEncoder().encode(writeXml(writeMessage(message, false), { declaration: true }));
}
