/** Work on a device as the page sees it: commands before they go out, on their way, and with what the device answered. */
import type { CommandInput } from '../server/jobs/command-input.ts';
import type { AskedRead, CommandResult, CommandStatus } from '../server/jobs/progress.ts';
import type { WorkState } from '../server/work-item.ts';

export type { CommandInput } from '../server/jobs/command-input.ts';
export type {
  AskedRead,
  CommandResult as WorkResultView,
  CommandStatus as WorkStatusView,
} from '../server/jobs/progress.ts';
export type { WorkState } from '../server/work-item.ts';

/** What will go out for some commands, but for the numbers that the session gives. Secrets are left out. */
export interface CommandPreview {
  /** The commands as they stand in SyncBody. */
  readonly xml: string;
  /** What they add to a WBXML message, and the bytes: two digits each, two bullets for a byte of a secret. */
  readonly wbxmlBytes: number;
  readonly hex: string;
  readonly problems: readonly CommandProblemView[];
}

export interface CommandProblemView {
  readonly text: string;
  readonly advice?: string;
  /** `error`: it cannot be sent; `warning`: the device will likely refuse; `note`: good to know. */
  readonly severity: 'error' | 'warning' | 'note';
  /** Node it is about. */
  readonly uri?: string;
}

/** One piece of work; newest first in lists. */
export interface WorkView {
  readonly id: string;
  readonly title: string;
  /** Nodes that it is about. */
  readonly uris: readonly string[];
  /** Empty for a read of a subtree. */
  readonly commands: readonly CommandInput[];
  /**
   * The commands as they stand in SyncBody, and after them the Gets of `reads.asked`; of a read that was not sent the Get that it
   * begins with.
   */
  readonly xml: string;
  readonly state: WorkState;
  /** Why it is in this state, where that needs words. */
  readonly detail?: string;
  /** Of commands and of those inside groups, by their path. */
  readonly statuses: readonly CommandStatus[];
  readonly results: readonly CommandResult[];
  /** Further results, which are in the tree and in the messages. */
  readonly moreResults: number;
  readonly unsent: readonly { readonly path: string; readonly reason: string }[];
  /** Reads that it did by itself: to see what it changed, or to read a subtree. */
  readonly reads: {
    readonly answered: number;
    readonly refused: number;
    /** The first of its Gets, in order; absent where it sent none. */
    readonly asked?: readonly AskedRead[];
    /** Further ones, which are in the messages. */
    readonly moreAsked?: number;
  };
  /** Nothing of it is left to do. */
  readonly done: boolean;
  readonly createdAt: number;
  readonly sentAt?: number;
  readonly answeredAt?: number;
  /** Record of the session that did it last. */
  readonly sessionKey?: string;
}

/** A person holds the device's session open, or waits for the next one. */
export interface HeldView {
  /** `waiting`: for the device to come, or to come back; `held`: what is clicked goes out at once. */
  readonly state: 'waiting' | 'held';
  readonly since: number;
  /** SyncML SessionID. */
  readonly sessionId?: string;
}
