/** Where the person is, as the address says it: `#/devices/ID/URI`, `#/sessions/KEY/MESSAGE`, `#/cards/READER`, `#/batches/KEY`. */
import { useSyncExternalStore } from 'react';

export type Route =
  | { readonly room: 'devices'; readonly deviceId?: string; readonly uri?: string }
  | { readonly room: 'sessions'; readonly key?: string; readonly message?: string }
  | { readonly room: 'cards'; readonly reader?: string }
  /** The Cards room, with a batch of cards instead of one. */
  | { readonly room: 'batches'; readonly key?: string };

export type CardsRoute = Extract<Route, { room: 'cards' | 'batches' }>;

export function isOfCards(route: Route): route is CardsRoute {
  return route.room === 'cards' || route.room === 'batches';
}

export function parseRoute(hash: string): Route {
  const [, room, first, second] = hash.replace(/^#/, '').split('/').map(decode);
  if (room === 'cards') return first ? { room, reader: first } : { room };
  if (room === 'batches') return first ? { room, key: first } : { room };
  if (room === 'sessions')
    return { room, ...(first ? { key: first } : {}), ...(first && second ? { message: second } : {}) };
  return { room: 'devices', ...(first ? { deviceId: first } : {}), ...(first && second ? { uri: second } : {}) };
}

export function formatRoute(route: Route): string {
  return `#/${[
    route.room,
    ...partsOf(route)
      .filter(part => part !== undefined)
      .map(encodeURIComponent),
  ].join('/')}`;
}

function partsOf(route: Route): readonly (string | undefined)[] {
  switch (route.room) {
    case 'devices':
      return [route.deviceId, route.deviceId && route.uri];
    case 'sessions':
      return [route.key, route.key && route.message];
    case 'cards':
      return [route.reader];
    case 'batches':
      return [route.key];
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const listeners = new Set<() => void>();
/** Browsers refuse an address that changes too often: a walk through a tree writes only where it comes to rest. */
const REST_MS = 200;
let current = '';
let resting = 0;
/** Writes the address that the walk came to, where that is still to be done. */
let awaited: (() => void) | undefined;

function take(hash: string): void {
  current = hash;
  for (const listener of listeners) listener();
}

/** Back, forward, and links. */
function follow(): void {
  window.clearTimeout(resting);
  awaited = undefined;
  take(window.location.hash);
}

function watch(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener('hashchange', follow);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('hashchange', follow);
  };
}

/** `replace` leaves no entry in the history: for moves inside a room, such as walking through a tree. */
export function navigate(route: Route, how: 'push' | 'replace' = 'push'): void {
  const hash = formatRoute(route);
  window.clearTimeout(resting);
  const rest = () => {
    awaited = undefined;
    window.history.replaceState(null, '', hash);
  };
  if (how === 'replace') {
    awaited = rest;
    resting = window.setTimeout(rest, REST_MS);
  } else {
    // Back leads to where the walk was when it was left.
    awaited?.();
    if (hash !== window.location.hash) window.history.pushState(null, '', hash);
  }
  if (hash !== current) take(hash);
}

/** Before the first move the address is the only one who knows. */
const currentHash = (): string => current || window.location.hash;

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(watch, currentHash));
}
