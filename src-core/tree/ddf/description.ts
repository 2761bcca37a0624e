/** Device descriptions: what a device can hold, and what may be done with it (OMA-TS-DM_TND-V1_2_1 §9). */
import type { NodeFormat } from '../node.ts';

export const DDF_COMMANDS = ['Add', 'Copy', 'Delete', 'Exec', 'Get', 'Replace'] as const;
export type DdfCommand = (typeof DDF_COMMANDS)[number];

/** How many nodes of one description there may be (§9.4.3.5). */
export interface Occurrence {
  readonly least: 0 | 1;
  /** Absent: as many as the device has room for. */
  readonly most?: number;
}

export const EXACTLY_ONE: Occurrence = { least: 1, most: 1 };

export type Scope = 'Dynamic' | 'Permanent';
/** Whether names below a node are told apart by case (§9.4.3.23). */
export type CaseSense = 'CIS' | 'CS';

export const RUN_TIME_PROPERTIES = ['ACL', 'Format', 'Name', 'Size', 'Title', 'TStamp', 'Type', 'VerNo'] as const;
export type RunTimeProperty = (typeof RUN_TIME_PROPERTIES)[number];

export interface NodeDescription {
  /** Empty: a placeholder, whose nodes get their names when they are created (§9.4.1.6). */
  readonly name: string;
  /** URI above it as it is written; only where the description does not stand below that of its parent (§9.4.1.7). */
  readonly path?: string;
  /** Commands that the node takes, whatever its ACL says (§9.4.3.1); absent where the description does not say. */
  readonly access?: readonly DdfCommand[];
  readonly format: NodeFormat;
  /** MIME types that a leaf takes (§9.4.3.8). */
  readonly mimeTypes: readonly string[];
  /** Of the management object that begins at this interior node. */
  readonly identifier?: string;
  readonly occurrence: Occurrence;
  readonly scope: Scope;
  readonly title?: string;
  readonly description?: string;
  /** Factory default. */
  readonly defaultValue?: string;
  readonly caseSense?: CaseSense;
  /** Properties that the nodes have at run time, with the defaults of those that have one (§9.4.1.9); else empty. */
  readonly runTime?: Readonly<Partial<Record<RunTimeProperty, string>>>;
  /** What a new node begins with (§9.4.1.8). */
  readonly value?: string;
  readonly children: readonly NodeDescription[];
}

/** One document of descriptions. */
export interface Ddf {
  readonly manufacturer?: string;
  readonly model?: string;
  readonly nodes: readonly NodeDescription[];
}

/** A placeholder as the specifications write it. */
export const PLACEHOLDER = '<X>';

export function isPlaceholder({ name }: NodeDescription): boolean {
  return name === '';
}

export function isInteriorDescription({ format }: NodeDescription): boolean {
  return format === 'node';
}

/** `ZeroOrOne`, `OneOrN`, as the element is called (§9.4.3.15 to §9.4.3.20). */
export function occurrenceName({ least, most }: Occurrence): string {
  if (most === 1) return least === 1 ? 'One' : 'ZeroOrOne';
  return `${least === 1 ? 'One' : 'Zero'}Or${most === undefined ? 'More' : 'N'}`;
}

/** For people: `at most one`, `from 1 to 5`. */
export function occurrenceWords({ least, most }: Occurrence): string {
  if (most === undefined) return least === 1 ? 'at least one' : 'any number';
  if (most === 1) return least === 1 ? 'exactly one' : 'at most one';
  return least === 1 ? `from 1 to ${most}` : `at most ${most}`;
}

/** Every description of a document with the names above it, parents first. */
export function* describedNodes(
  nodes: readonly NodeDescription[],
  above: readonly string[] = [],
): Generator<{ readonly node: NodeDescription; readonly above: readonly string[] }> {
  for (const node of nodes) {
    const path = node.path === undefined ? above : pathSegments(node.path);
    yield { node, above: path };
    yield* describedNodes(node.children, [...path, node.name]);
  }
}

/** A Path is a URI, written with `./` before it or without. */
export function pathSegments(path: string): string[] {
  return path.split('/').filter(name => name !== '' && name !== '.');
}
