/** Bytes to message and back, in the two encodings of DM-2 and by their media types (OMA-TS-DM_TransportBinding §5). */
import type { MarkupElement } from '../encoding/markup.ts';
import type { DocumentType } from '../encoding/wbxml/code-pages.ts';
import { readWbxml } from '../encoding/wbxml/reader.ts';
import { WbxmlSink } from '../encoding/wbxml/sink.ts';
import { SYNCML_1_1, SYNCML_1_1_NAMESPACE, SYNCML_1_2, SYNCML_NAMESPACE } from '../encoding/wbxml/types/syncml.ts';
import { writeHead } from '../encoding/wbxml/writer.ts';
import { readXml } from '../encoding/xml/reader.ts';
import { XmlSink } from '../encoding/xml/sink.ts';
import { XML_DECLARATION } from '../encoding/xml/writer.ts';
import type { Command, Message, SyncHdr } from './message.ts';
import { readMessage } from './read.ts';
import { MessageWriter } from './write.ts';

export type Encoding = 'wbxml' | 'xml';

export const MEDIA_TYPE: Readonly<Record<Encoding, string>> = {
  wbxml: 'application/vnd.syncml.dm+wbxml',
  xml: 'application/vnd.syncml.dm+xml',
};

/** The encoding that a Content-Type names, parameters ignored; clients in the field also send the types of data synchronisation. */
export function encodingOf(contentType: string | undefined): Encoding | undefined {
  const [, encoding] = /^\s*application\/vnd\.syncml(?:\.dm)?\+(wbxml|xml)\s*(?:;|$)/i.exec(contentType ?? '') ?? [];
  return encoding?.toLowerCase() as Encoding | undefined;
}

/** @throws EncodingError with the offset in bytes of the first thing that cannot be read. */
export function decodeMarkup(bytes: Uint8Array, encoding: Encoding): MarkupElement {
  return encoding === 'wbxml' ? readWbxml(bytes, { assumed: SYNCML_1_2 }).root : readXml(bytes);
}

/** @throws EncodingError with the offset in bytes */
export function decodeMessage(bytes: Uint8Array, encoding: Encoding): Message {
  if (encoding === 'xml') return readMessage(readXml(bytes));
  // Documents inside Data stay the bytes that they are.
  return readMessage(readWbxml(bytes, { assumed: SYNCML_1_2, embedded: false }).root);
}

export function encodeMessage(message: Message, encoding: Encoding): Uint8Array {
  const { type, namespace } = documentType(message.header);
  if (encoding === 'wbxml') {
    const sink = new WbxmlSink(type);
    writeHead(sink.out, type, NO_STRINGS);
    new MessageWriter(sink, namespace, true).message(message);
    return sink.out.finish();
  }
  const sink = new XmlSink();
  sink.raw(XML_DECLARATION);
  new MessageWriter(sink, namespace, false).message(message);
  return new TextEncoder().encode(sink.finish());
}

/** Bytes that Final takes: a message with commands that is not the last of its package is so much shorter, at least. */
export const FINAL_SIZE: Readonly<Record<Encoding, number>> = { wbxml: 1, xml: '<Final/>'.length };

/** Bytes of the message with this header, no commands and Final. */
export function envelopeSize(header: SyncHdr, encoding: Encoding): number {
  return encodeMessage({ header, commands: [], final: true }, encoding).length;
}

/** Bytes that the command adds to a message: envelopeSize and those of all commands are the length of a final message. */
export function commandSize(command: Command, encoding: Encoding): number {
  if (encoding === 'xml') {
    const sink = new XmlSink(SYNCML_NAMESPACE);
    new MessageWriter(sink, SYNCML_NAMESPACE, false).command(command);
    return Buffer.byteLength(sink.finish());
  }
  const sink = new WbxmlSink(SYNCML_1_2);
  new MessageWriter(sink, SYNCML_NAMESPACE, true).command(command);
  // What comes next stands in the first code page: the switch back to it belongs to the command.
  return sink.out.length + (sink.atFirstPage ? 0 : SWITCH_SIZE);
}

const NO_STRINGS = new Uint8Array();
const SWITCH_SIZE = 2;

/** DM 1.1.2 speaks SyncML 1.1, and says so in VerDTD; names and namespaces of all versions have the same length. */
function documentType({ verDTD }: SyncHdr): { type: DocumentType; namespace: string } {
  return verDTD === '1.1'
    ? { type: SYNCML_1_1, namespace: SYNCML_1_1_NAMESPACE }
    : { type: SYNCML_1_2, namespace: SYNCML_NAMESPACE };
}
