/** URIs of the open tree that fit a query, slice by slice: as many as are shown, and not one more is looked for. */
import { useLayoutEffect, useState } from 'react';
import type { TreeIndex } from '../features/devices/tree-index.ts';
import { findNodes, type PaletteItem } from './palette-items.ts';

export interface FoundNodes {
  readonly items: readonly PaletteItem[];
  readonly searching: boolean;
}

const NOTHING: FoundNodes = { items: [], searching: false };
const SEARCHING: FoundNodes = { items: [], searching: true };

/** @param most so many and one: that one says that there are more */
export function useFoundNodes(query: string, tree: TreeIndex | undefined, most: number): FoundNodes {
  const [held, setHeld] = useState({ query, found: NOTHING });
  // The first slice is looked at before anything is drawn: a small tree is done then.
  useLayoutEffect(() => {
    if (!tree) return undefined;
    const nodes = findNodes(query, tree);
    const items: PaletteItem[] = [];
    let timer = 0;
    const turn = () => {
      const { more } = takeSlice(nodes, items, most + 1);
      setHeld({ query, found: { items: [...items], searching: more } });
      if (more) timer = window.setTimeout(turn);
    };
    turn();
    return () => window.clearTimeout(timer);
  }, [query, tree, most]);
  if (!tree) return NOTHING;
  return held.query === query ? held.found : SEARCHING;
}

/** Takes what one slice finds; `more` where it is to be gone on. */
function takeSlice(nodes: Generator<PaletteItem | undefined>, items: PaletteItem[], most: number): { more: boolean } {
  while (items.length < most) {
    const { value, done } = nodes.next();
    if (done) return { more: false };
    if (!value) return { more: true };
    items.push(value);
  }
  return { more: false };
}
