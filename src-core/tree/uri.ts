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

/** `uri` as it is written, where that matters. @throws ProtocolError 414 */
export function checkLength(path: readonly string[], limits: UriLimits, uri?: string): void {
  const { maxDepth, maxTotalLength, maxSegmentLength } = limits;
  const levels = maxDepth || MAX_LEVELS;
  if (path.length > levels) throw tooLong(path, `${path.length} levels`, levels);
  if (maxTotalLength > 0 && exceeds(uri ?? formatUri(path), maxTotalLength)) {
    throw tooLong(path, 'more characters', maxTotalLength);
  }
  if (maxSegmentLength > 0 && path.some(name => exceeds(name, maxSegmentLength))) {
    throw tooLong(path, 'a longer name', maxSegmentLength);
  }
}

/** Characters are counted as such; code units are never fewer, so that most URIs need no count. */
function exceeds(text: string, limit: number): boolean {
  return text.length > limit && [...text].length > limit;
}

export function formatUri(path: readonly string[]): string {
  return path.length === 0 ? ROOT : `./${path.join('/')}`;
}

/** URI of a child of an interior node. */
export function childUri(parent: string, name: string): string {
  return `${parent}/${name}`;
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

function tooLong(path: readonly string[], what: string, limit: number): ProtocolError {
  const uri = formatUri(path).slice(0, 64);
  return new ProtocolError('uri-too-long', `${uri}… has ${what}, this device takes ${limit}`, 414);
}
