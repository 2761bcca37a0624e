/** Our own device descriptions, and documents that break one rule. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { childElements, findChild, type MarkupElement } from '../../src-core/encoding/markup.ts';
import { readXml } from '../../src-core/encoding/xml/reader.ts';
import { type ReadDdf, readDdf } from '../../src-core/tree/ddf/read.ts';

const FOLDER = join(import.meta.dirname, '../../resources/ddf');

export interface OwnDocument extends ReadDdf {
  readonly file: string;
  readonly root: MarkupElement;
}

export const OURS: readonly OwnDocument[] = readdirSync(FOLDER).map(file => {
  const bytes = readFileSync(join(FOLDER, file));
  return { file, root: readXml(bytes), ...readDdf(bytes) };
});

/** All elements of our documents that have a name. */
export function elements(name: string): MarkupElement[] {
  const below = (element: MarkupElement): MarkupElement[] => [element, ...childElements(element).flatMap(below)];
  return OURS.flatMap(({ root }) => below(root)).filter(element => element.name === name);
}

export const has = (element: MarkupElement, name: string): boolean => findChild(element, name) !== undefined;

const LEAF = `<AccessType><Get/></AccessType><DFFormat><int/></DFFormat><DFType><MIME>text/plain</MIME></DFType>`;
const INTERIOR = `<AccessType><Get/></AccessType><DFFormat><node/></DFFormat><DFType><DDFName/></DFType>`;

export const leaf = (inner = '', properties = LEAF, name = 'A') =>
  `<Node><NodeName>${name}</NodeName><DFProperties>${properties}</DFProperties>${inner}</Node>`;
export const interior = (inner = '', more = '', name = 'B') =>
  `<Node><NodeName>${name}</NodeName><DFProperties>${INTERIOR}${more}</DFProperties>${inner}</Node>`;
export const withRunTime = (runTime: string, node = leaf()) =>
  node.replace('<DFProperties>', `<RTProperties>${runTime}</RTProperties><DFProperties>`);
export const MANDATORY = '<ACL/><Format/><Name/><Type/>';

export function document(nodes: string, head = '<VerDTD>1.2</VerDTD>', namespace = ' xmlns="syncml:dmddf1.2"'): string {
  return `<MgmtTree${namespace}>${head}${nodes}</MgmtTree>`;
}

export const read = (xml: string): ReadDdf => readDdf(new TextEncoder().encode(xml));

/** What the reader has to say against a document. */
export const notesOn = (xml: string): string[] => read(xml).notes.map(({ text }) => text);

/** Why the reader refuses a document. */
export function refusalOf(xml: string): string | undefined {
  try {
    read(xml);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
