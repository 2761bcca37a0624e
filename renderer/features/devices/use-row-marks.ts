/** What rows of the tree say: commands that wait or were refused, and pins. */
import { useMemo } from 'react';
import type { RowMark, RowMarks } from './row-marks.ts';

export function useRowMarks(
  work: ReadonlyMap<string, RowMark>,
  pins: readonly string[],
): (uri: string) => RowMarks | undefined {
  return useMemo(() => {
    const marks = new Map<string, RowMarks>([...work].map(([uri, mark]) => [uri, [mark]]));
    for (const uri of pins) marks.set(uri, [...(marks.get(uri) ?? []), { kind: 'pinned', title: 'pinned' }]);
    return uri => marks.get(uri);
  }, [work, pins]);
}
