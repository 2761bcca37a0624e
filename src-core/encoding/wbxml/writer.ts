/** WBXML 1.0 to 1.3 writer (WAP-192-WBXML-20010725 §5): a markup document to bytes, in UTF-8. */
import type { MarkupElement, MarkupNode, MarkupSink } from '../markup.ts';
import { UTF_8 } from './charsets.ts';
import type { DocumentType, WbxmlVersion } from './code-pages.ts';
import type { Output } from './output.ts';
import { WbxmlSink } from './sink.ts';
import { StringTable, worthTabling } from './string-table.ts';

const VERSIONS: Readonly<Record<WbxmlVersion, number>> = { '1.0': 0, '1.1': 1, '1.2': 2, '1.3': 3 };

export interface WbxmlWriteOptions {
  /** That of the document type where nothing is said. */
  readonly version?: WbxmlVersion;
  /** Repeated texts go into a string table where that makes the document smaller. */
  readonly stringTable?: boolean;
}

/** @throws EncodingError where an element has no token in the document type; `offset` is the byte it would stand at. */
export function writeWbxml(root: MarkupElement, type: DocumentType, options: WbxmlWriteOptions = {}): Uint8Array {
  const plain = writeDocument(root, type, options, []);
  if (!options.stringTable) return plain;
  const counts = new Map<string, number>();
  const count = (text: string) => {
    counts.set(text, (counts.get(text) ?? 0) + 1);
    return undefined;
  };
  writeNode(root, new WbxmlSink(type, count));
  const taken = type.publicIdNumber === undefined ? type.publicId.length + 1 : 0;
  const tabled = writeDocument(root, type, options, worthTabling(counts, taken));
  return tabled.length < plain.length ? tabled : plain;
}

/** The head of a document whose body is written next; the string table begins with the public identifier if that has no number. */
export function writeHead(out: Output, type: DocumentType, table: Uint8Array, version = type.version ?? '1.2'): void {
  out.byte(VERSIONS[version]);
  if (type.publicIdNumber === undefined) out.byte(0);
  out.uint(type.publicIdNumber ?? 0);
  if (version !== '1.0') out.uint(UTF_8);
  out.uint(table.length);
  out.bytes(table);
}

function writeDocument(
  root: MarkupElement,
  type: DocumentType,
  { version }: WbxmlWriteOptions,
  texts: readonly string[],
): Uint8Array {
  const table = new StringTable(type.publicIdNumber === undefined ? [type.publicId, ...texts] : texts);
  const sink = new WbxmlSink(type, texts.length > 0 ? text => table.indexOf(text) : undefined);
  writeHead(sink.out, type, table.bytes, version);
  writeNode(root, sink);
  return sink.out.finish();
}

function writeNode(node: MarkupNode, sink: MarkupSink): void {
  if (node.kind === 'text') sink.text(node.text);
  else if (node.kind === 'opaque') sink.opaque(node.bytes);
  else {
    sink.open(node.namespace, node.name, node.attributes);
    for (const child of node.children) writeNode(child, sink);
    sink.close(node.name);
  }
}
