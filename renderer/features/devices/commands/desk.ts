/** Where commands are drafted: what is to be done with the node in hand, and the ways out of a form. */
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import type { SingleDraft } from './draft.ts';

/** Commands, and the properties that Replace is for. */
export type Act = 'Get' | 'Replace' | 'Add' | 'Delete' | 'Copy' | 'Exec' | 'ACL' | 'Name' | 'Title';

export interface Intent {
  readonly act: Act;
  /** A person asked for it, so that its form takes the focus. */
  readonly asked: boolean;
  /** Value to begin with, as from the history. */
  readonly start?: string;
}

export interface Desk {
  readonly device: DeviceView;
  /** Puts commands into the batch. */
  readonly collect: (drafts: readonly SingleDraft[]) => void;
  /** The command went out, or into the queue. */
  readonly sent: () => void;
  /** Nothing is sent. */
  readonly dismiss: () => void;
}

/** Before anybody asks for something, the next command reads. */
export const READ: Intent = { act: 'Get', asked: false };
