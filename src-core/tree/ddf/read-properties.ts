/** Reads the properties of one description: those of the framework and those at run time (OMA-TS-DM_TND-V1_2_1 §9.4.2, §9.4.3). */
import { ProtocolError } from '../../base/errors.ts';
import { childElements, findChild, type MarkupElement, textOf } from '../../encoding/markup.ts';
import { parseAcl } from '../acl.ts';
import { NODE_FORMATS, type NodeFormat } from '../node.ts';
import {
  type CaseSense,
  DDF_COMMANDS,
  type DdfCommand,
  EXACTLY_ONE,
  type NodeDescription,
  type Occurrence,
  RUN_TIME_PROPERTIES,
  type RunTimeProperty,
  type Scope,
} from './description.ts';
import { fail, isForeign } from './markup.ts';
import type { DdfNotes } from './notes.ts';
import { isMimeType, isObjectIdentifier } from './values.ts';

const FRAMEWORK = [
  'AccessType',
  'DefaultValue',
  'Description',
  'DFFormat',
  'Occurrence',
  'Scope',
  'DFTitle',
  'DFType',
  'CaseSense',
];

type Framework = Pick<
  NodeDescription,
  'access' | 'caseSense' | 'defaultValue' | 'description' | 'occurrence' | 'scope' | 'title'
> & { readonly format?: NodeFormat; readonly types?: readonly string[] };

/** @throws EncodingError for what can mean nothing */
export function readFramework(properties: MarkupElement | undefined, notes: DdfNotes): Framework {
  if (!properties) return { occurrence: EXACTLY_ONE, scope: 'Dynamic' };
  noteUnknown(properties, FRAMEWORK, notes);
  const find = (name: string) => findChild(properties, name);
  const missing = ['AccessType', 'DFFormat', 'DFType'].filter(name => !find(name));
  if (missing.length > 0) notes.add(properties, `DFProperties without ${missing.join(', ')}`);
  return {
    ...optional('access', readAccess(find('AccessType'), notes)),
    ...optional('defaultValue', contentOf(find('DefaultValue'))),
    ...optional('description', wordsOf(find('Description'))),
    ...optional('format', readFormat(find('DFFormat'), notes)),
    occurrence: readOccurrence(find('Occurrence')),
    scope: choice<Scope>(find('Scope'), ['Dynamic', 'Permanent']) ?? 'Dynamic',
    ...optional('title', wordsOf(find('DFTitle'))),
    ...optional('types', readTypes(find('DFType'))),
    ...optional('caseSense', choice<CaseSense>(find('CaseSense'), ['CS', 'CIS'])),
  };
}

/** The defaults must be values of their properties; one that is none is left out. */
export function readRunTime(
  properties: MarkupElement | undefined,
  interior: boolean,
  notes: DdfNotes,
): NodeDescription['runTime'] {
  if (!properties) return undefined;
  noteUnknown(properties, RUN_TIME_PROPERTIES, notes);
  const read: Partial<Record<RunTimeProperty, string>> = {};
  for (const property of RUN_TIME_PROPERTIES) {
    const found = findChild(properties, property);
    if (!found) continue;
    const value = property === 'Format' ? (readFormat(found, notes) ?? '') : wordsOf(childElements(found)[0] ?? found);
    const wrong = value && wrongDefault(property, value, interior);
    if (wrong) notes.add(found, `${property}: ${wrong}`);
    read[property] = wrong ? '' : (value ?? '');
  }
  const missing = (['ACL', 'Format', 'Name', 'Type'] as const).filter(property => read[property] === undefined);
  if (missing.length > 0) notes.add(properties, `RTProperties without ${missing.join(', ')}`);
  if (interior && read.Size !== undefined) notes.add(properties, 'an interior node has no Size');
  return read;
}

function wrongDefault(property: RunTimeProperty, value: string, interior: boolean): string | undefined {
  switch (property) {
    case 'ACL':
      return aclFault(value);
    case 'Type':
      return typeFault(value, interior);
    case 'Title':
      return Buffer.byteLength(value) > 255 ? 'a Title has at most 255 bytes' : undefined;
    case 'TStamp':
      return /^\d{8}T\d{6}Z$/.test(value) ? undefined : 'expected a time in UTC such as 20260102T030405Z';
    case 'Size':
    case 'VerNo':
      return /^\d{1,10}$/.test(value) && (property === 'Size' || Number(value) <= 0xffff)
        ? undefined
        : `expected a number, found ${quoted(value)}`;
    default:
      return undefined;
  }
}

function aclFault(value: string): string | undefined {
  try {
    parseAcl(value);
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error.message;
    throw error;
  }
}

/** Why this is no MIME type, or no identifier of a management object. */
export function typeFault(value: string, interior: boolean): string | undefined {
  if (interior) return isObjectIdentifier(value) ? undefined : `${quoted(value)} is no management object identifier`;
  return isMimeType(value) ? undefined : `${quoted(value)} is no MIME type`;
}

function readAccess(access: MarkupElement | undefined, notes: DdfNotes): DdfCommand[] | undefined {
  if (!access) return undefined;
  const named = childElements(access).map(({ name }) => name);
  for (const child of childElements(access)) {
    if (!isForeign(child) && !isCommand(child.name))
      notes.add(child, `${child.name} is no command that AccessType lists`);
  }
  return DDF_COMMANDS.filter(command => named.includes(command));
}

function isCommand(name: string): boolean {
  return DDF_COMMANDS.some(command => command === name);
}

function readFormat(format: MarkupElement | undefined, notes: DdfNotes): NodeFormat | undefined {
  if (!format) return undefined;
  const [first, second] = childElements(format);
  if (!first) return undefined;
  if (second) notes.add(second, `${format.name} with more than one format: the first counts`);
  return NODE_FORMATS.find(known => known === first.name) ?? fail(first, `${first.name} is no format of a node`);
}

function readOccurrence(occurrence: MarkupElement | undefined): Occurrence {
  const chosen = occurrence && childElements(occurrence)[0];
  if (!chosen) return EXACTLY_ONE;
  switch (chosen.name) {
    case 'One':
      return EXACTLY_ONE;
    case 'ZeroOrOne':
      return { least: 0, most: 1 };
    case 'ZeroOrMore':
      return { least: 0 };
    case 'OneOrMore':
      return { least: 1 };
    case 'ZeroOrN':
      return { least: 0, most: readCount(chosen) };
    case 'OneOrN':
      return { least: 1, most: readCount(chosen) };
    default:
      return fail(chosen, `expected an occurrence such as ZeroOrOne, found ${chosen.name}`);
  }
}

/** §9.4.3.18, §9.4.3.20. */
function readCount(element: MarkupElement): number {
  const text = textOf(element).trim();
  const count = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return count >= 2 && count <= 65536
    ? count
    : fail(element, `expected a number from 2 to 65536 in ${element.name}, found ${quoted(text)}`);
}

function readTypes(type: MarkupElement | undefined): string[] | undefined {
  if (!type) return undefined;
  const named = childElements(type).filter(child => child.name === 'MIME' || child.name === 'DDFName');
  return (named.length > 0 ? named : [type]).map(child => textOf(child).trim());
}

function choice<T extends string>(element: MarkupElement | undefined, values: readonly T[]): T | undefined {
  const chosen = element && childElements(element)[0];
  if (!element || !chosen) return undefined;
  return (
    values.find(value => value === chosen.name) ??
    fail(chosen, `expected ${values.join(' or ')} in ${element.name}, found ${chosen.name}`)
  );
}

/** Elements of other namespaces are extensions of whoever wrote them. */
function noteUnknown(parent: MarkupElement, known: readonly string[], notes: DdfNotes): void {
  for (const child of childElements(parent)) {
    if (!known.includes(child.name) && !isForeign(child))
      notes.add(child, `${child.name} in ${parent.name} is not known`);
  }
}

/** Exactly as it stands. */
export function contentOf(element: MarkupElement | undefined): string | undefined {
  return element && textOf(element);
}

/** Text for people or of names: lines and indentation of the document are not part of it. */
export function wordsOf(element: MarkupElement | undefined): string | undefined {
  const words = element && textOf(element).replace(/\s+/g, ' ').trim();
  return words === '' ? undefined : words;
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 64));
}
