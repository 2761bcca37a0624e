/** What happens in a session, told to whoever watches. Both ends speak the same words. */
import type { Alert, Item } from '../syncml/message.ts';

export type Side = 'client' | 'server';

export type SessionEvent =
  /** `side` proved who it is. */
  | { readonly kind: 'authenticated'; readonly side: Side; readonly scheme: string }
  /** `side` was refused with 401 or 407; not final while it may try again. */
  | {
      readonly kind: 'refused';
      readonly side: Side;
      readonly code: number;
      readonly reason: string;
      readonly final: boolean;
    }
  /** Nonce for the next credentials of `side`; must be kept. */
  | { readonly kind: 'nonce'; readonly side: Side; readonly nonce: Uint8Array }
  | { readonly kind: 'device-info'; readonly items: readonly Item[] }
  | { readonly kind: 'alert'; readonly alert: Alert }
  | { readonly kind: 'ended'; readonly outcome: 'completed' | 'refused' | 'aborted'; readonly reason: string };
