/** What the room in front can do now, lent to the palette. */
import { useEffect } from 'react';

export interface RoomAction {
  readonly label: string;
  readonly detail: string;
  /** Key that does the same, as people read it. */
  readonly keys?: string;
  readonly run: () => void;
}

/** One list for each part of a room that offers any. */
const offered = new Set<readonly RoomAction[]>();

export const roomActions = (): readonly RoomAction[] => [...offered].flat();

/** Offers the actions while the room is in front; those of the last render count. */
export function useRoomActions(inFront: boolean, actions: readonly RoomAction[]): void {
  useEffect(() => {
    if (!inFront) return undefined;
    offered.add(actions);
    return () => {
      offered.delete(actions);
    };
  });
}
