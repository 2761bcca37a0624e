/** What happens in a session, told to whoever watches. Both ends speak the same words. */
import type { AuthScheme } from '../syncml/credentials.ts';
import type { Alert, Item } from '../syncml/message.ts';

export type Side = 'client' | 'server';

export type Outcome = 'completed' | 'refused' | 'aborted';

/** How a session ends. */
export interface End {
  readonly outcome: Outcome;
  readonly reason: string;
}

export type SessionEvent =
  /** `side` proved who it is. */
  | { readonly kind: 'authenticated'; readonly side: Side; readonly scheme: AuthScheme }
  /** `side` was refused with 401 or 407; not final while it may try again. */
  | {
      readonly kind: 'refused';
      readonly side: Side;
      readonly code: number;
      readonly reason: string;
      readonly final: boolean;
    }
  /** Nonce for the next credentials of `side`; must be kept. Told only once the other side proved itself (DM Security §5.3.4). */
  | { readonly kind: 'nonce'; readonly side: Side; readonly nonce: Uint8Array }
  | { readonly kind: 'device-info'; readonly items: readonly Item[] }
  | { readonly kind: 'alert'; readonly alert: Alert }
  /** A chunk of a large object came in; `size` in bytes where the sender said it. */
  | { readonly kind: 'progress'; readonly uri: string; readonly received: number; readonly size?: number }
  /** The peer did something that the specification forbids and that was borne (docs/interop.md). */
  | { readonly kind: 'warning'; readonly text: string }
  | ({ readonly kind: 'ended' } & End);
