/** The search in a tree: what was typed, what it finds, which match is at hand. */
import { useDeferredValue, useMemo, useState } from 'react';
import type { TreeIndex } from './tree-index.ts';
import { findMatches, type Matches, parseQuery, type Query } from './tree-search.ts';
import type { TreeState } from './use-tree.ts';

export interface Search {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly query: Query;
  /** Undefined while nothing is searched. */
  readonly matches: Matches | undefined;
  /** The match after (1) or before (-1) the one last gone to; goes round. */
  readonly step: (by: 1 | -1) => string | undefined;
  /** Place of the match at hand, from 1; 0 before the first step. */
  readonly place: number;
}

export function useSearch({ index, version }: TreeState): Search {
  const [text, setText] = useState('');
  const [place, setPlace] = useState(0);
  const wanted = useDeferredValue(text);
  const query = useMemo(() => parseQuery(wanted), [wanted]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says that the index changed
  const matches = useMemo(() => search(index, query), [index, version, query]);
  return {
    text,
    query,
    matches,
    place: Math.min(place, matches?.uris.length ?? 0),
    setText(next) {
      setText(next);
      setPlace(0);
    },
    step(by) {
      // Enter may come before the deferred search has caught up with the typing.
      const uris = (text === wanted ? matches : search(index, parseQuery(text)))?.uris ?? [];
      const n = uris.length;
      if (n === 0) return undefined;
      const next = ((place === 0 && by < 0 ? 0 : place - 1) + by + n) % n;
      setPlace(next + 1);
      return uris[next];
    },
  };
}

function search(index: TreeIndex, query: Query): Matches | undefined {
  return query.kind === 'search' ? findMatches(index, query.matcher) : undefined;
}
