/** XML writer: a markup document to text, for programs or for people. */
import type { MarkupElement, MarkupNode } from '../markup.ts';
import { shown } from './shown.ts';
import { XmlSink } from './sink.ts';

export interface XmlWriteOptions {
  /** For people: two spaces a level, and opaque data as what it holds. Absent: no white space is added, opaque bytes are text. */
  readonly pretty?: boolean;
  /** The XML declaration in front. */
  readonly declaration?: boolean;
}

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/** @throws EncodingError where opaque bytes are no text; never for people */
export function writeXml(root: MarkupElement, options: XmlWriteOptions = {}): string {
  const sink = new XmlSink();
  if (options.declaration) sink.raw(options.pretty ? `${XML_DECLARATION}\n` : XML_DECLARATION);
  if (options.pretty) writePretty(shown(root), sink, '\n');
  else writeNode(root, sink);
  return sink.finish();
}

function writeNode(node: MarkupNode, sink: XmlSink): void {
  if (node.kind === 'text') sink.text(node.text);
  else if (node.kind === 'opaque') sink.opaque(node.bytes);
  else {
    sink.open(node.namespace, node.name, node.attributes);
    for (const child of node.children) writeNode(child, sink);
    sink.close(node.name);
  }
}

/** White space is added only where no text stands, so that nothing changes its value. */
function writePretty(node: MarkupElement, sink: XmlSink, lineStart: string): void {
  if (node.children.length === 0 || node.children.some(child => child.kind !== 'element')) {
    writeNode(node, sink);
    return;
  }
  sink.open(node.namespace, node.name, node.attributes);
  for (const child of node.children) {
    sink.raw(`${lineStart}  `);
    if (child.kind === 'element') writePretty(child, sink, `${lineStart}  `);
  }
  sink.raw(lineStart);
  sink.close(node.name);
}
