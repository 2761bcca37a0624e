/** Recorded bytes need not be a message: that is shown, not thrown. */
import { EncodingError } from '../base/errors.ts';
import type { HiddenRange } from './secret-bytes.ts';

export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: EncodingError };

export function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (error instanceof EncodingError) return { ok: false, error };
    throw error;
  }
}

/** Text or bytes that an error repeats from the message. */
const FOUND = /, found (?:".*"|[0-9A-F]{4,})(?= \(at offset \d+\)$)/s;

/** What was found instead is not told where it may be a secret. */
export function wordsOf({ message }: EncodingError, hidden: readonly HiddenRange[]): string {
  return hidden.length === 0 ? message : message.replace(FOUND, '');
}
