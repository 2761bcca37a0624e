/** One document judged: libwbxml's reading of what we write, our reading of what it writes, and our own round trips. */
import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { toHex } from '../../../src-core/base/bytes.ts';
import type { MarkupElement, MarkupNode } from '../../../src-core/encoding/markup.ts';
import type { WbxmlVersion } from '../../../src-core/encoding/wbxml/code-pages.ts';
import { fromXml } from '../../../src-core/encoding/wbxml/from-xml.ts';
import { readWbxml } from '../../../src-core/encoding/wbxml/reader.ts';
import { writeWbxml } from '../../../src-core/encoding/wbxml/writer.ts';
import { readXml } from '../../../src-core/encoding/xml/reader.ts';
import { writeXml } from '../../../src-core/encoding/xml/writer.ts';
import { decodeMessage, type Encoding, encodeMessage } from '../../../src-core/syncml/codec.ts';
import type { Command, Item, Message } from '../../../src-core/syncml/message.ts';
import { bareElement } from '../../support/markup-documents.ts';
import { DOCUMENTS, type GeneratedDocument, wbxmlVersions } from './documents.ts';
import type { Libwbxml } from './libwbxml.ts';
import { forWbxml2xml, forXml2wbxml, optionsForXml2wbxml, shownDocument } from './quirks.ts';
import { rewrite } from './rewrite.ts';
import { type Spelling, spell, spellings } from './spelling.ts';

export interface Trial extends GeneratedDocument {
  readonly version: WbxmlVersion;
  readonly stringTable: boolean;
  readonly spelling: Spelling;
}

export function trialsOf(document: fc.Arbitrary<GeneratedDocument>): fc.Arbitrary<Trial> {
  return fc
    .tuple(document, wbxmlVersions, fc.boolean(), spellings)
    .map(([generated, version, stringTable, spelling]) => {
      const trial = { ...generated, version, stringTable, spelling };
      return { ...trial, [fc.toStringMethod]: () => describe(trial) };
    });
}

/** As its WBXML, which any of the encodings can be made of, and how its XML is spelt. */
export function describe({ root, type, version, stringTable, spelling }: Trial): string {
  return `wbxml ${toHex(writeWbxml(root, type, { version, stringTable }))} xml ${JSON.stringify(spelling)}`;
}

/** Messages more often than the rest: they have most to say. */
export const trials: fc.Arbitrary<Trial> = trialsOf(
  fc.oneof(
    ...Object.entries(DOCUMENTS).map(([name, arbitrary]) => ({ weight: name.startsWith('SyncML') ? 3 : 1, arbitrary })),
  ),
);

/** @throws where one of them is not the same */
export async function judge(trial: Trial, libwbxml: Libwbxml): Promise<void> {
  ourWbxml(trial);
  ourXml(trial);
  if (trial.isModelled) forPeople(trial);
  if (trial.isModelled && trial.type.root === 'SyncML') ourMessage(trial);
  await wbxml2xml(trial, libwbxml);
  await xml2wbxml(trial, libwbxml);
}

async function wbxml2xml({ root, type, version, stringTable }: Trial, libwbxml: Libwbxml): Promise<void> {
  const { write, expect } = forWbxml2xml(root);
  const xml = await libwbxml.toXml(writeWbxml(write, type, { version, stringTable }));
  deepStrictEqual(bareElement(readXml(xml)), expect, 'wbxml2xml');
}

async function xml2wbxml({ root, type, version, stringTable, spelling }: Trial, libwbxml: Libwbxml): Promise<void> {
  const { write, expect } = forXml2wbxml(root, spelling);
  const xml = spell(write, type.publicId);
  const wbxml = await libwbxml.toWbxml(xml, optionsForXml2wbxml(xml, { version, stringTable }));
  const document = readWbxml(wbxml);
  deepStrictEqual(document.type.name, type.name);
  deepStrictEqual(opened(document.root), expect, 'xml2wbxml');
}

function ourWbxml({ root, type, version, stringTable }: Trial): void {
  const read = readWbxml(writeWbxml(root, type, { version, stringTable }));
  deepStrictEqual([read.type.name, read.version], [type.name, version]);
  deepStrictEqual(bareElement(read.root), root, 'our WBXML');
}

function ourXml({ root, type, spelling }: Trial): void {
  const document = shownDocument(root);
  const xml = spell({ root: document, spelling }, type.publicId);
  deepStrictEqual(bareElement(readXml(xml)), document, 'our XML');
  deepStrictEqual(bareElement(readXml(writeXml(document, { declaration: true }))), document, 'our own XML');
}

/** Shown, made WBXML, and shown again. */
function forPeople({ root, type }: Trial): void {
  const xml = writeXml(readWbxml(writeWbxml(root, type)).root, { pretty: true });
  const again = readWbxml(writeWbxml(fromXml(readXml(xml), type), type)).root;
  deepStrictEqual(writeXml(again, { pretty: true }), xml, 'XML for people');
}

function ourMessage({ root, type }: Trial): void {
  const message = withoutWarnings(decodeMessage(writeWbxml(root, type), 'wbxml'));
  const again = (encoding: Encoding) => withoutWarnings(decodeMessage(encodeMessage(message, encoding), encoding));
  deepStrictEqual(again('wbxml'), message, 'message in WBXML');
  deepStrictEqual(again('xml'), asInXml(message), 'message in XML');
}

function withoutWarnings({ warnings: _, ...message }: Message): Message {
  return message;
}

/** XML carries bytes as base64, says so, and gives whole objects back as bytes where the type leaves no doubt. */
function asInXml(message: Message): Message {
  return { ...message, commands: message.commands.map(command => commandInXml(command)) };
}

function commandInXml(command: Command): Command {
  if ('commands' in command) return { ...command, commands: command.commands.map(commandInXml) };
  if (!('items' in command)) return command;
  const outer = 'meta' in command ? command.meta?.type : undefined;
  return { ...command, items: command.items.map(item => itemInXml(item, outer)) } as Command;
}

function itemInXml(item: Item, outer: string | undefined): Item {
  if (!(item.data instanceof Uint8Array)) return item;
  const isKnown = (item.meta?.type ?? outer ?? '').endsWith('+wbxml') && !item.moreData;
  const data = isKnown ? item.data : Buffer.from(item.data).toString('base64');
  return { ...item, meta: { ...item.meta, format: 'b64' }, data };
}

/** Documents inside as elements. */
function opened(root: MarkupElement): MarkupElement {
  const open = (node: MarkupNode): MarkupNode =>
    node.kind === 'opaque' && node.document ? bareElement(node.document) : node;
  return bareElement(rewrite(root, open));
}
