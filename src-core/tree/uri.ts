/**
 * Management tree URIs (OMA-TS-DM_TND-V1_2_1 §5): relative to the root, `./A/B` or `A/B`, the root `.`; with `?prop=` the
 * property of a node (§7.3), with `?list=` a part of the tree (§8.1).
 */
import { ProtocolError } from '../base/errors.ts';

export const ROOT = '.';

export interface TreeUri {
  /** Node names from the root; empty for the root itself. */
  readonly path: readonly string[];
  readonly query?: { readonly kind: 'prop' | 'list'; readonly value: string };
}

/** What a device can address, as it tells in ./DevDetail/URI; 0: no limit (StdObj §5.3.3). Lengths are in characters. */
export interface UriLimits {
  /** Node names in a URI. */
  readonly maxDepth: number;
  /** Of the URI as it is written, with its query. */
  readonly maxTotalLength: number;
  /** Of one node name. */
  readonly maxSegmentLength: number;
}

export const NO_LIMITS: UriLimits = { maxDepth: 0, maxTotalLength: 0, maxSegmentLength: 0 };

/** Levels that a tree without a limit of its own takes: walking it stays safe. */
export const MAX_LEVELS = 1024;

/** @throws ProtocolError 400 for a malformed URI, 414 for one beyond the limits. */
export function parseUri(uri: string, limits: UriLimits = NO_LIMITS): TreeUri {
  const [before = '', query, ...more] = uri.split('?');
  if (more.length > 0) throw malformed(uri);
  const path = before === ROOT ? [] : (before.startsWith('./') ? before.slice(2) : before).split('/');
  if (!path.every((name, i) => isNodeName(name, i < path.length - 1))) throw malformed(uri);
  const parsed = query === undefined ? { path } : { path, query: parseQuery(uri, query) };
  checkLength(path, limits, uri);
  return parsed;
}

function parseQuery(uri: string, query: string): NonNullable<TreeUri['query']> {
  const [, kind, value] = /^(prop|list)=([A-Za-z0-9+-]+)$/.exec(query) ?? [];
  if ((kind !== 'prop' && kind !== 'list') || value === undefined) throw malformed(uri);
  return { kind, value };
}

/**
 * No delimiter in it, nor `?`, which begins a query; with names below it no dot at its end, for `./` stands nowhere inside
 * a URI (§5).
 */
export function isNodeName(name: string, withChildren: boolean): boolean {
  if (name === '' || name === '.' || name === '..' || /[/?]/.test(name)) return false;
  return !(withChildren && name.endsWith('.'));
}

/** A limit that a URI is beyond: as ./DevDetail/URI names it, what it allows, what the URI has. */
export interface UriExcess {
  readonly limit: 'MaxDepth' | 'MaxTotLen' | 'MaxSegLen';
  readonly allowed: number;
  readonly found: number;
}

/** The first limit that is exceeded; `uri` as it is written, where that matters. */
export function excessOf(path: readonly string[], limits: UriLimits, uri?: string): UriExcess | undefined {
  const { maxDepth, maxTotalLength, maxSegmentLength } = limits;
  if (maxDepth > 0 && path.length > maxDepth) return { limit: 'MaxDepth', allowed: maxDepth, found: path.length };
  if (maxTotalLength > 0) {
    const found = excess(uri ?? formatUri(path), maxTotalLength);
    if (found) return { limit: 'MaxTotLen', allowed: maxTotalLength, found };
  }
  if (maxSegmentLength > 0) {
    const found = path.map(name => excess(name, maxSegmentLength)).find(length => length !== undefined);
    if (found) return { limit: 'MaxSegLen', allowed: maxSegmentLength, found };
  }
  return undefined;
}

/** `41 characters, 32 is the most`. */
export function excessWords({ limit, allowed, found }: UriExcess): string {
  const what = {
    MaxDepth: `${found} levels`,
    MaxTotLen: `${found} characters`,
    MaxSegLen: `a name of ${found} characters`,
  };
  return `${what[limit]}, ${allowed} is the most`;
}

/** @throws ProtocolError 414 */
export function checkLength(path: readonly string[], limits: UriLimits, uri?: string): void {
  const found = excessOf(path, limits.maxDepth > 0 ? limits : { ...limits, maxDepth: MAX_LEVELS }, uri);
  if (!found) return;
  const start = formatUri(path).slice(0, 64);
  throw new ProtocolError('uri-too-long', `${start}… has ${excessWords(found)}`, 414);
}

/** How many characters a text has, where that is too many; code units are never fewer, so that most texts need no count. */
function excess(text: string, limit: number): number | undefined {
  const length = text.length > limit ? [...text].length : 0;
  return length > limit ? length : undefined;
}

export function formatUri(path: readonly string[]): string {
  return path.length === 0 ? ROOT : `./${path.join('/')}`;
}

/** URI of a child of an interior node. */
export function childUri(parent: string, name: string): string {
  return `${parent}/${name}`;
}

/** A node with what is asked of it: a part of the tree, or a property. */
export function queriedUri(
  uri: string,
  { list, prop }: { readonly list?: string | undefined; readonly prop?: string | undefined },
): string {
  if (list !== undefined) return `${uri}?list=${list}`;
  return prop === undefined ? uri : `${uri}?prop=${prop}`;
}

/** True where `uri` is `ancestor` or lies below it. */
export function isWithin(uri: string, ancestor: string): boolean {
  return uri === ancestor || uri.startsWith(`${ancestor}/`);
}

function malformed(uri: string): ProtocolError {
  return new ProtocolError('malformed-uri', `${JSON.stringify(uri.slice(0, 256))} is no management tree URI`, 400, {
    advice: 'Write it as ./A/B, the root as a single dot',
  });
}
