/** What rows of the tree say: commands that wait or were refused, pins, and nodes that were not read whole. */
import { useMemo } from 'react';
import type { RowMark, RowMarks } from './row-marks.ts';
import type { TreeIndex } from './tree-index.ts';

export function useRowMarks(
  index: TreeIndex,
  work: ReadonlyMap<string, RowMark>,
  pins: readonly string[],
): (uri: string) => RowMarks | undefined {
  return useMemo(() => {
    const marks = new Map<string, RowMarks>([...work].map(([uri, mark]) => [uri, [mark]]));
    for (const uri of pins) marks.set(uri, [...(marks.get(uri) ?? []), { kind: 'pinned', title: 'pinned' }]);
    const unread = unreadMarks();
    return uri => marks.get(uri) ?? unread(index.get(uri)?.rare?.unread);
  }, [index, work, pins]);
}

/** One object for each reason. */
function unreadMarks(): (reason: string | undefined) => RowMarks | undefined {
  const known = new Map<string, RowMarks>();
  return reason => {
    if (reason === undefined) return undefined;
    const marks = known.get(reason) ?? [{ kind: 'partial', title: `not read whole: ${reason}` }];
    known.set(reason, marks);
    return marks;
  };
}
