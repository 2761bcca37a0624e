/** What every typed view of a management object has: where it is, what it says, and what is wrong with it. */
import type { SeenTree } from '../tree/ddf/seen-tree.ts';
import { childUri } from '../tree/uri.ts';

/** A value of the object; absent where it is not there, or was not read. */
export interface ObjectFact {
  readonly label: string;
  /** Path of its node below the object. */
  readonly path: string;
  readonly value?: string;
}

export interface ObjectViewBase {
  /** URI of the object's own node. */
  readonly uri: string;
  /** What contradicts the object's specification, in words. */
  readonly problems: readonly string[];
}

/** One leaf of an object that is a list of values. */
export interface ObjectField {
  readonly path: string;
  readonly label: string;
  /** It must be there. */
  readonly required?: true;
  /** What is wrong with its value. */
  readonly fault?: (value: string) => string | undefined;
}

export function readFields(tree: SeenTree, uri: string, fields: readonly ObjectField[]): ObjectFact[] {
  return fields.map(({ path, label }) => {
    const value = valueAt(tree, uri, path);
    return { label, path, ...(value !== undefined && { value }) };
  });
}

export function fieldProblems(tree: SeenTree, uri: string, fields: readonly ObjectField[]): string[] {
  return fields.flatMap(({ path, required, fault }) => {
    const value = valueAt(tree, uri, path);
    if (value !== undefined) return fault?.(value) ?? [];
    return required && !tree.get(`${uri}/${path}`) ? `${path} is not there, or was not read` : [];
  });
}

export function valueAt(tree: SeenTree, uri: string, path: string): string | undefined {
  return tree.get(`${uri}/${path}`)?.value;
}

/** URIs of the children that are known. */
export function childrenOf(tree: SeenTree, uri: string): string[] {
  return tree.children(uri).map(name => childUri(uri, name));
}

export const lastName = (uri: string): string => uri.slice(uri.lastIndexOf('/') + 1);
