/** Whether format, type and value of a node are what its description asks for. */
import { NODE_FORMATS, type NodeFormat } from '../node.ts';
import { isInteriorDescription } from './description.ts';
import type { Described } from './descriptions.ts';
import type { Found } from './found.ts';
import { isMimeType, misfit } from './values.ts';

interface Content {
  readonly uri: string;
  readonly format: string;
  readonly type?: string | undefined;
  readonly value?: string | undefined;
}

/** Binary data may travel as base64 text, whatever the description calls it (TND §7.7.2). */
const BINARY: ReadonlySet<string> = new Set(['b64', 'bin']);

export function checkNode(content: Content, described: Described | undefined, found: Found): void {
  const wrong = checkFormat(content, described, found);
  checkType(content, described, found);
  if (!wrong) checkValue(content, found);
}

function checkFormat({ uri, format }: Content, described: Described | undefined, found: Found): boolean {
  const known = NODE_FORMATS.some(each => each === format);
  if (!known) {
    found.add('format', 415, uri, undefined, {
      text: `${format} is no format of a node`,
      advice: `Use one of ${NODE_FORMATS.join(', ')}`,
    });
    return true;
  }
  const expected = described?.description.format;
  if (!expected || expected === format || (BINARY.has(expected) && BINARY.has(format))) return false;
  found.add('format', 415, uri, described, {
    text: `${uri} is described with the format ${expected}, the command says ${format}`,
    advice: `Send it as ${expected}`,
  });
  return true;
}

function checkType({ uri, format, type }: Content, described: Described | undefined, found: Found): void {
  if (!type) return;
  if (format !== 'node' && !isMimeType(type)) {
    found.add('type', 415, uri, undefined, {
      text: `${JSON.stringify(type)} is no MIME type`,
      advice: 'Write it as type/subtype, such as text/plain',
    });
    return;
  }
  if (!described) return;
  const { identifier, mimeTypes } = described.description;
  if (isInteriorDescription(described.description)) {
    if (format !== 'node' || !identifier || identifier === type) return;
    found.add('type', 415, uri, described, {
      text: `${uri} is described as the object ${identifier}, the command says ${type}`,
      advice: `Give it the Type ${identifier}`,
    });
    return;
  }
  const essence = type.split(';', 1)[0]?.trim().toLowerCase();
  if (mimeTypes.length === 0 || mimeTypes.some(each => each.toLowerCase() === essence)) return;
  found.add('type', 415, uri, described, {
    text: `${uri} is described as taking ${mimeTypes.join(' or ')}, the command says ${type}`,
    advice: `Send it as ${mimeTypes[0]}`,
  });
}

function checkValue({ uri, format, value }: Content, found: Found): void {
  if (value === undefined) return;
  const expected = misfit(format as NodeFormat, value);
  if (expected === undefined) return;
  found.add('value', 400, uri, undefined, {
    text: `The value for ${uri} is not of the format ${format}`,
    advice: `Expected ${expected}`,
  });
}
