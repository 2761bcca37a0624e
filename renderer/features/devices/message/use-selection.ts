/** What is chosen and pointed at in a message: one element, seen in the outline and in the bytes. */
import { useCallback, useMemo, useState } from 'react';
import type { MessageIndex } from './message-index.ts';

type Side = 'outline' | 'hex';

/** An element pointed at, and the side where the pointer is: only the other side moves to it. */
interface Pointed {
  readonly row: number;
  readonly side: Side;
}

export interface Selection {
  readonly index: MessageIndex;
  readonly row: number | undefined;
  /** The byte chosen in the hex dump. */
  readonly byte: number | undefined;
  readonly pointed: Pointed | undefined;
  readonly folded: ReadonlySet<number>;
  /** Counts choices: each one moves both sides to it. */
  readonly turn: number;
  readonly chooseRow: (row: number) => void;
  readonly chooseByte: (byte: number) => void;
  readonly point: (row: number | undefined, side: Side) => void;
  readonly fold: (row: number, open: boolean) => void;
}

interface Choice {
  readonly row: number | undefined;
  readonly byte: number | undefined;
  readonly turn: number;
}

/** `first`: the byte to begin with. */
export function useSelection(index: MessageIndex, first: number | undefined): Selection {
  const [choice, setChoice] = useState<Choice>(() => ({
    row: first === undefined ? undefined : index.rowAt(first),
    byte: first,
    turn: 0,
  }));
  const [pointed, setPointed] = useState<Pointed>();
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());

  const choose = useCallback(
    (row: number | undefined, byte: number | undefined) => {
      setChoice(before => ({ row, byte, turn: before.turn + 1 }));
      const way = row === undefined ? [] : index.ancestors(row);
      setFolded(before => (way.some(up => before.has(up)) ? without(before, way) : before));
    },
    [index],
  );
  const chooseRow = useCallback((row: number) => choose(row, undefined), [choose]);
  const chooseByte = useCallback((byte: number) => choose(index.rowAt(byte), byte), [choose, index]);
  const point = useCallback((row: number | undefined, side: Side) => {
    setPointed(before => {
      if (row === undefined) return undefined;
      return before?.row === row && before.side === side ? before : { row, side };
    });
  }, []);
  /** What is folded away cannot stay chosen: the folded row takes its place. */
  const fold = useCallback(
    (row: number, open: boolean) => {
      setFolded(before => (open ? without(before, [row]) : new Set([...before, row])));
      const last = index.rows[row]?.last ?? row;
      if (!open) setChoice(before => (isInside(before.row, row, last) ? { ...before, row, byte: undefined } : before));
    },
    [index],
  );
  return useMemo(
    () => ({ index, ...choice, pointed, folded, chooseRow, chooseByte, point, fold }),
    [index, choice, pointed, folded, chooseRow, chooseByte, point, fold],
  );
}

function without(rows: ReadonlySet<number>, gone: readonly number[]): ReadonlySet<number> {
  return new Set([...rows].filter(row => !gone.includes(row)));
}

const isInside = (at: number | undefined, row: number, last: number): boolean =>
  at !== undefined && at > row && at <= last;
