/** Inbox as the server read it: the device places what is added here, and empties it (OMA-TS-DM_StdObj-V1_2_1 §5.3.4). */
import type { SeenTree } from '../tree/ddf/seen-tree.ts';
import { childrenOf, lastName, type ObjectViewBase } from './object-view.ts';

export interface InboxView extends ObjectViewBase {
  readonly kind: 'inbox';
  /** Objects that the device has not placed yet. */
  readonly waiting: readonly string[];
}

export function viewInbox(tree: SeenTree, uri: string): InboxView {
  return { kind: 'inbox', uri, waiting: childrenOf(tree, uri).map(lastName), problems: [] };
}
