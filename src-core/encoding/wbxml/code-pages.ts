/** WBXML code pages as data: how a document type tables its tokens. The tables are in types/; docs/wbxml.md says how to add one. */

export interface CodePage {
  readonly namespace: string;
  /** Tag names, each at its token. */
  readonly tags: readonly (string | undefined)[];
  readonly tokens: ReadonlyMap<string, number>;
}

/** An attribute name, alone or with the beginning of its value. */
export interface AttributeStart {
  readonly name: string;
  readonly value: string;
}

export interface AttributePage {
  /** Each at its token, 05 to 7F. */
  readonly starts: readonly (AttributeStart | undefined)[];
  /** Values or parts of them, each at its token, 85 to FF. */
  readonly values: readonly (string | undefined)[];
}

export type WbxmlVersion = '1.0' | '1.1' | '1.2' | '1.3';

export interface DocumentType {
  readonly name: string;
  readonly publicId: string;
  /** Public identifier as number; undefined where only the text form is registered. */
  readonly publicIdNumber?: number;
  /** Version it is written in; 1.2 where nothing is said. */
  readonly version?: WbxmlVersion;
  /** Name of its root element. */
  readonly root: string;
  /** Tags; where two pages have one name, the first page is written. */
  readonly pages: ReadonlyMap<number, CodePage>;
  readonly attributePages?: ReadonlyMap<number, AttributePage>;
  /** Documents that travel inside it as opaque data, and the elements that may hold them; one that says no type is of the first. */
  readonly embedded?: { readonly in: readonly string[]; readonly types: readonly DocumentType[] };
}

/** Names with consecutive tokens from the first on, separated by white space; `-` leaves a token unassigned. */
type Run = readonly [first: number, names: string];

const FIRST_TAG = 0x05;

/** A page of tags, the first being token 05. */
export function tagPage(namespace: string, names: string): CodePage {
  const tags = table([[FIRST_TAG, names]]);
  const tokens = tags.flatMap((name, token): [string, number][] => (name === undefined ? [] : [[name, token]]));
  return { namespace, tags, tokens: new Map(tokens) };
}

/** A page of attributes: starts as `name` or `name=value`, and values. */
export function attributePage(starts: readonly Run[], values: readonly Run[] = []): AttributePage {
  const startOf = (entry: string): AttributeStart => {
    const [name = '', ...value] = entry.split('=');
    return { name, value: value.join('=') };
  };
  return {
    starts: table(starts).map(entry => (entry === undefined ? undefined : startOf(entry))),
    values: table(values),
  };
}

/** Every place is there, so that looking up a token never leaves the table. */
function table(runs: readonly Run[]): (string | undefined)[] {
  const out: (string | undefined)[] = new Array(0x100).fill(undefined);
  for (const [first, names] of runs) {
    for (const [i, name] of names.trim().split(/\s+/).entries()) if (name !== '-') out[first + i] = interned(name);
  }
  return out;
}

/** The one copy of a name that code comparing it has too: comparing copies would look at every character. */
function interned(name: string): string {
  return Object.keys({ [name]: true })[0] ?? name;
}
