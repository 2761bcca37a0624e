/** What the core and the PC/SC process say to each other. Bytes travel as Uint8Array, errors as their fields. */
import { CardError, type ErrorDetails, TransportError, WorkbenchError } from '../base/errors.ts';
import type { CardAccess, ReaderState } from './reader.ts';

export type PcscCall =
  | { readonly method: 'open' }
  | { readonly method: 'readers' }
  | { readonly method: 'watch'; readonly watch: number }
  | { readonly method: 'unwatch'; readonly watch: number }
  | { readonly method: 'connect'; readonly reader: string; readonly access: CardAccess }
  | { readonly method: 'transmit'; readonly connection: number; readonly apdu: Uint8Array }
  | { readonly method: 'disconnect'; readonly connection: number }
  | { readonly method: 'close' };

export interface PcscRequest {
  readonly id: number;
  readonly call: PcscCall;
}

export interface Connected {
  readonly connection: number;
  readonly atr: Uint8Array;
  readonly extended: boolean;
}

export type PcscAnswer =
  | { readonly kind: 'value'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorFields }
  | { readonly kind: 'readers'; readonly watch: number; readonly readers: readonly ReaderState[] };

export interface ErrorFields {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly advice?: string | undefined;
  readonly details: ErrorDetails;
  readonly statusWord?: number | undefined;
}

export function fieldsOf(error: unknown): ErrorFields {
  if (!(error instanceof WorkbenchError))
    return { name: 'TransportError', code: 'pcsc-failed', message: String(error), details: {} };
  const { name, code, message, advice, details } = error;
  return { name, code, message, advice, details, ...(error instanceof CardError && { statusWord: error.statusWord }) };
}

export function errorFrom({ name, code, message, advice, details, statusWord }: ErrorFields): WorkbenchError {
  const options = { details, ...(advice !== undefined && { advice }) };
  if (name !== 'CardError') return new TransportError(code, message, options);
  return new CardError(code, message, { ...options, ...(statusWord !== undefined && { statusWord }) });
}
