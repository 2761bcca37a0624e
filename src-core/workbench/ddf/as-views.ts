/** Descriptions as the page sees them. */
import {
  describedNodes,
  type NodeDescription,
  type Occurrence,
  occurrenceName,
  occurrenceWords,
  PLACEHOLDER,
  pathSegments,
  RUN_TIME_PROPERTIES,
} from '../../tree/ddf/description.ts';
import { type DdfFile, type Described, isGeneric, standsAnywhere } from '../../tree/ddf/descriptions.ts';
import type { Offer } from '../../tree/ddf/offers.ts';
import { type RequiredNode, requiredBelow } from '../../tree/ddf/required.ts';
import type { SeenNode } from '../../tree/ddf/seen-tree.ts';
import { misfit } from '../../tree/ddf/values.ts';
import { NODE_FORMATS } from '../../tree/node.ts';
import { childUri, formatUri } from '../../tree/uri.ts';
import type { LibraryEntry } from './library.ts';
import type { DdfFileView, DdfSource, DescriptionView, OccurrenceView, OfferView, RequiredView } from './views.ts';

export function fileView({ id, origin, name, bytes, file, notes, failure }: LibraryEntry): DdfFileView {
  const { manufacturer, model, nodes = [] } = file?.ddf ?? {};
  return {
    id,
    title: file?.title ?? name,
    origin,
    fileName: name,
    bytes: bytes.length,
    ...(manufacturer !== undefined && { manufacturer }),
    ...(model !== undefined && { model }),
    objects: nodes.map(objectView),
    nodes: [...describedNodes(nodes)].length,
    notes,
    ...(failure && { failure: { text: failure.message, offset: failure.offset } }),
  };
}

function objectView(node: NodeDescription): DdfFileView['objects'][number] {
  const { identifier, title } = node;
  const uri = childUri(formatUri(pathSegments(node.path ?? '')), node.name || PLACEHOLDER);
  return {
    ...(identifier !== undefined && { identifier }),
    ...(!standsAnywhere(node) && { uri }),
    ...(title !== undefined && { title }),
  };
}

export function descriptionView(described: Described, seen: SeenNode | undefined): DescriptionView {
  const { description, file, root, rootUri } = described;
  const { access, caseSense, runTime } = description;
  return {
    ...nodeView(description, file),
    ...(access && { access }),
    ...(caseSense && { caseSense }),
    ...(runTime && { properties: RUN_TIME_PROPERTIES.filter(property => runTime[property] !== undefined) }),
    root: {
      uri: rootUri,
      ...(root.title !== undefined && { title: root.title }),
      ...(root.identifier !== undefined && { identifier: root.identifier }),
    },
    contradictions: seen ? contradictions(description, seen) : [],
  };
}

export function offerView({ file, description, present, required, listed }: Offer): OfferView {
  return {
    ...nodeView(description, file),
    // What a new node begins with counts before the factory default.
    ...(description.value !== undefined && { defaultValue: description.value }),
    present,
    required,
    listed,
    requires: [...requiredBelow(description)].map(requiredView),
  };
}

function requiredView({ path, description, value }: RequiredNode): RequiredView {
  const { format, identifier, mimeTypes } = description;
  const type = format === 'node' ? identifier : (mimeTypes[0] ?? 'text/plain');
  return { path, format, ...(type !== undefined && { type }), ...(value !== undefined && { value }) };
}

function nodeView(node: NodeDescription, file: DdfFile) {
  return {
    name: node.name,
    ...(node.title !== undefined && { title: node.title }),
    ...(node.description !== undefined && { description: node.description }),
    format: node.format,
    mimeTypes: node.mimeTypes,
    ...(node.identifier !== undefined && { identifier: node.identifier }),
    occurrence: occurrenceView(node.occurrence),
    scope: node.scope,
    ...(node.defaultValue !== undefined && { defaultValue: node.defaultValue }),
    ddf: sourceView(file),
  };
}

function occurrenceView(occurrence: Occurrence): OccurrenceView {
  return { name: occurrenceName(occurrence), words: occurrenceWords(occurrence), ...occurrence };
}

function sourceView(file: DdfFile): DdfSource {
  return { id: file.id, title: file.title, origin: file.origin, generic: isGeneric(file) };
}

const BINARY = ['b64', 'bin'];

function contradictions({ format, identifier, mimeTypes }: NodeDescription, seen: SeenNode): string[] {
  // A node that cannot be read has told nothing.
  if (!NODE_FORMATS.some(known => known === seen.format)) return [];
  const found: string[] = [];
  const alike = seen.format === format || (BINARY.includes(seen.format) && BINARY.includes(format));
  if (!alike) found.push(`The device says format ${seen.format}, the description ${format}`);
  const expected = alike && seen.value !== undefined && seen.value !== '' ? misfit(format, seen.value) : undefined;
  if (expected !== undefined) found.push(`Its value is not of the format ${format}: expected ${expected}`);
  const types = format === 'node' ? [identifier ?? ''] : mimeTypes;
  const type = seen.type?.split(';', 1)[0]?.trim() ?? '';
  if (type !== '' && types.some(each => each !== '') && !types.some(each => each.toLowerCase() === type.toLowerCase()))
    found.push(`The device says type ${type}, the description ${types.join(' or ')}`);
  return found;
}
