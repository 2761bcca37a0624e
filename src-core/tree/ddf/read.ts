/** Reads a DDF, in XML or WBXML (OMA-TS-DM_TND-V1_2_1 §9.3, §9.4 and §10). */
import { EncodingError } from '../../base/errors.ts';
import { childElements, findChild, type MarkupElement } from '../../encoding/markup.ts';
import { readWbxml } from '../../encoding/wbxml/reader.ts';
import { DM_DDF_1_2, DMDDF_NAMESPACE } from '../../encoding/wbxml/types/dm-ddf.ts';
import { readXml, XML_LIMITS } from '../../encoding/xml/reader.ts';
import { isNodeName, ROOT } from '../uri.ts';
import type { Ddf, NodeDescription } from './description.ts';
import { fail, isForeign, MAX_DDF_BYTES } from './markup.ts';
import { type DdfNote, DdfNotes } from './notes.ts';
import { contentOf, readFramework, readRunTime, typeFault, wordsOf } from './read-properties.ts';
import { misfit } from './values.ts';
import { withoutDocumentSubset } from './xml-subset.ts';

export interface ReadDdf {
  readonly ddf: Ddf;
  /** What the document has against the specification without being unreadable. */
  readonly notes: readonly DdfNote[];
}

/** WBXML or XML, recognised by itself. @throws EncodingError with the byte where it cannot be read */
export function readDdf(bytes: Uint8Array): ReadDdf {
  if (bytes.length > MAX_DDF_BYTES)
    throw new EncodingError(
      'too-large',
      `DDF: ${bytes.length} bytes, at most ${MAX_DDF_BYTES} are read`,
      MAX_DDF_BYTES,
    );
  const isWbxml = bytes.length > 0 && (bytes[0] ?? 0) < 0x09;
  return readDdfMarkup(
    isWbxml ? readWbxml(bytes, { assumed: DM_DDF_1_2 }).root : readXml(withoutDocumentSubset(bytes), XML_LIMITS),
  );
}

/** @throws EncodingError */
export function readDdfMarkup(document: MarkupElement): ReadDdf {
  // As with TNDS, some put the MgmtTree into the SyncML element of the DDF document type.
  const root = (document.name === 'SyncML' && findChild(document, 'MgmtTree')) || document;
  if (root.name !== 'MgmtTree') fail(root, `expected MgmtTree, found ${root.name}`);
  const notes = new DdfNotes();
  noteHead(root, notes);
  const reader = new NodeReader(notes);
  const nodes = nodesIn(root).map(node => reader.read(node));
  if (nodes.length === 0) fail(root, 'expected a Node in MgmtTree');
  if (!reader.described) fail(root, 'no Node has DFProperties: this is a TNDS object, not a description');
  const manufacturer = modelWords(findChild(root, 'Man'));
  const model = modelWords(findChild(root, 'Mod'));
  const ddf = { ...(manufacturer && { manufacturer }), ...(model && { model }), nodes };
  return { ddf, notes: notes.all };
}

function noteHead(root: MarkupElement, notes: DdfNotes): void {
  if (root.namespace !== DMDDF_NAMESPACE)
    notes.add(root, `MgmtTree is in ${root.namespace || 'no namespace'}, expected ${DMDDF_NAMESPACE}`);
  const version = wordsOf(findChild(root, 'VerDTD'));
  if (version === undefined) notes.add(root, 'MgmtTree without VerDTD');
  else if (version !== '1.2') notes.add(root, `VerDTD is ${version}, expected 1.2`);
}

/** Descriptions of standard objects have a line in dashes where a maker's name would stand. */
function modelWords(element: MarkupElement | undefined): string | undefined {
  const words = wordsOf(element);
  return words?.startsWith('--') ? undefined : words;
}

function nodesIn(parent: MarkupElement): MarkupElement[] {
  return childElements(parent).filter(child => child.name === 'Node' && !isForeign(child));
}

class NodeReader {
  readonly #notes: DdfNotes;
  /** Some node so far has properties of the framework. */
  described = false;

  constructor(notes: DdfNotes) {
    this.#notes = notes;
  }

  read(node: MarkupElement, parent?: MarkupElement): NodeDescription {
    const name = wordsOf(findChild(node, 'NodeName')) ?? '';
    const path = wordsOf(findChild(node, 'Path'));
    const framework = findChild(node, 'DFProperties');
    const value = contentOf(findChild(node, 'Value'));
    const below = nodesIn(node);
    this.#checkPlace(node, name, path, parent);
    if (framework) this.described = true;
    else this.#notes.add(node, 'Node without DFProperties');
    const { format: said, types = [], ...properties } = readFramework(framework, this.#notes);
    const format = said ?? (below.length > 0 ? 'node' : 'chr');
    const interior = format === 'node';
    if (!interior && below.length > 0) fail(node, `${name || 'the node'} has the format ${format} and nodes below it`);
    if (interior && value) fail(node, `${name || 'the node'} has the format node and a value`);
    const runTime = readRunTime(findChild(node, 'RTProperties'), interior, this.#notes);
    const identifier = interior ? types[0] || runTime?.Type : undefined;
    const description = {
      name,
      ...(path !== undefined && { path }),
      ...properties,
      format,
      mimeTypes: interior ? [] : types.filter(type => type !== ''),
      ...(identifier && { identifier }),
      ...(runTime && { runTime }),
      ...(!interior && value !== undefined && { value }),
    };
    this.#checkValues(node, description, types);
    return { ...description, children: below.map(child => this.read(child, node)) };
  }

  #checkPlace(node: MarkupElement, name: string, path: string | undefined, parent: MarkupElement | undefined): void {
    if (!findChild(node, 'NodeName')) fail(node, 'expected NodeName in Node, if an empty one');
    const isRoot = name === ROOT && !parent;
    if (name !== '' && !isRoot && !isNodeName(name, false))
      fail(node, `${JSON.stringify(name.slice(0, 64))} is no name of a node`);
    if (path !== undefined && parent) this.#notes.add(node, 'Path in a Node that stands below another');
  }

  #checkValues(node: MarkupElement, read: Omit<NodeDescription, 'children'>, types: readonly string[]): void {
    const interior = read.format === 'node';
    if (interior && types.length > 1) this.#notes.add(node, 'an interior node has one identifier at most');
    for (const type of types) {
      const wrong = type !== '' && typeFault(type, interior);
      if (wrong) this.#notes.add(node, `DFType: ${wrong}`);
    }
    for (const [element, value] of [
      ['DefaultValue', read.defaultValue],
      ['Value', read.value],
    ] as const) {
      const expected = value === undefined || value === '' ? undefined : misfit(read.format, value);
      if (expected) this.#notes.add(node, `${element} is not of the format ${read.format}: expected ${expected}`);
    }
    if (read.value !== undefined && read.runTime?.Format && read.runTime.Format !== read.format)
      this.#notes.add(node, `Format ${read.runTime.Format} of the default value is not ${read.format}`);
  }
}
