/** Management tree URIs (OMA-TS-DM_TND-V1_2_1 §7.1): relative to the root, `./A/B` or `A/B`, with `?prop=` or `?list=`. */
import { ProtocolError } from '../base/errors.ts';

export const ROOT = '.';

export interface TreeUri {
  /** Node names from the root; empty for the root itself. */
  readonly path: readonly string[];
  readonly query?: { readonly kind: 'prop' | 'list'; readonly value: string };
}

/** @throws ProtocolError 400 for a malformed URI, 414 for one of more than 2,048 characters. */
export function parseUri(uri: string): TreeUri {
  if (uri.length > 2048) throw new ProtocolError('uri-too-long', `URI of ${uri.length} characters`, 414);
  const [before = '', query, ...more] = uri.split('?');
  if (more.length > 0) throw malformed(uri);
  const path = (before === ROOT ? '' : before.startsWith('./') ? before.slice(2) : before).split('/');
  const names = path.length === 1 && path[0] === '' ? [] : path;
  if (names.some(name => name === '' || name === '.' || name === '..')) throw malformed(uri);
  return query === undefined ? { path: names } : { path: names, query: parseQuery(uri, query) };
}

function parseQuery(uri: string, query: string): NonNullable<TreeUri['query']> {
  const [, kind, value] = /^(prop|list)=([A-Za-z+]+)$/.exec(query) ?? [];
  if ((kind !== 'prop' && kind !== 'list') || value === undefined) throw malformed(uri);
  return { kind, value };
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
  return new ProtocolError('malformed-uri', `${JSON.stringify(uri)} is no management tree URI`, 400);
}
