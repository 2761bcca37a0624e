/** User interaction as a client asks for it and a person or a script answers (OMA-TS-DM_Protocol-V1_2_1 §10). */

/** Optional parameters of the first Item (§10.3); those that are malformed or unknown are left out. */
export interface InteractionOptions {
  /** MINDT: seconds to show it at least. */
  readonly minDisplaySeconds?: number;
  /** MAXDT: seconds to wait for an answer. */
  readonly maxDisplaySeconds?: number;
  /** DR: as written, already URL-decoded. */
  readonly defaultResponse?: string;
  /** MAXLEN: characters that may be typed. */
  readonly maxLength?: number;
  /** IT. */
  readonly inputType?: 'alphanumeric' | 'numeric' | 'date' | 'time' | 'phone' | 'ip-address';
  /** ET. */
  readonly echoType?: 'text' | 'password';
}

export interface Question {
  readonly kind: 'display' | 'confirm' | 'text-input' | 'single-choice' | 'multiple-choice';
  readonly text: string;
  /** In the order they were sent; they are numbered from 1. */
  readonly choices: readonly string[];
  readonly options: InteractionOptions;
}

export type Answer =
  /** Display: it was shown. */
  | { readonly kind: 'shown' }
  /** Confirmation. */
  | { readonly kind: 'confirmed'; readonly yes: boolean }
  | { readonly kind: 'text'; readonly text: string }
  /** Numbers of the choices taken, from 1. */
  | { readonly kind: 'chosen'; readonly numbers: readonly number[] }
  /** The person cancelled: 214, and what is left of the message is not executed. */
  | { readonly kind: 'cancelled' }
  /** Nobody answered within MAXDT: the default response, or 408 without one. */
  | { readonly kind: 'timeout' }
  /** This device cannot show it (416), for example too many choices. */
  | { readonly kind: 'cannot-show' };
