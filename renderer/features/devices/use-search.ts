/** The search in the tree that is open; another tree is searched for the same. */
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { startSliceSearcher } from './slice-searcher.ts';
import { TreeSearch } from './tree-search.ts';
import type { TreeState } from './use-tree.ts';

/** One object for as long as the tree is open; what it says changes. */
export function useSearch({ index }: TreeState): TreeSearch {
  const search = useMemo(() => new TreeSearch(index, startSliceSearcher()), [index]);
  const before = useRef(search);
  useEffect(() => {
    const { text } = before.current;
    if (text !== search.text) search.setText(text);
    before.current = search;
  }, [search]);
  const { listen, versionNow } = useMemo(
    () => ({ listen: (listener: () => void) => search.listen(listener), versionNow: () => search.version }),
    [search],
  );
  useSyncExternalStore(listen, versionNow);
  return search;
}
