/** The few classes of errors that a person meets: what happened, where, and what to do next. */

/** JSON-safe facts about an error; they cross the API with it. Never put a secret here. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

export interface ErrorOptions {
  /** What the person can do next, one sentence. */
  readonly advice?: string;
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

/** Base of all errors the workbench raises on purpose; `name` and `code` survive the way to the page. */
export abstract class WorkbenchError extends Error {
  /** Stable machine-readable reason inside the class, for example `unexpected-end`. */
  readonly code: string;
  readonly advice: string | undefined;
  readonly details: ErrorDetails;

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.advice = options.advice;
    this.details = options.details ?? {};
  }
}

/**
 * Malformed bytes or text. `offset` counts bytes from the start of the document as it came: XML too is counted in the bytes of
 * its encoding, and a document inside another from the start of the outer one. Only of text that is typed in (hexadecimal
 * digits, a URI) it counts characters.
 */
export class EncodingError extends WorkbenchError {
  readonly offset: number;

  constructor(code: string, message: string, offset: number, options: ErrorOptions = {}) {
    super(code, `${message} (at offset ${offset})`, { ...options, details: { ...options.details, offset } });
    this.offset = offset;
  }
}

/** A peer broke or refused the protocol. `status` is the SyncML status code that says so. */
export class ProtocolError extends WorkbenchError {
  readonly status: number;

  constructor(code: string, message: string, status: number, options: ErrorOptions = {}) {
    super(code, message, { ...options, details: { ...options.details, status } });
    this.status = status;
  }
}

/** A card or reader refused or vanished. `statusWord` is SW1SW2 where the card answered. */
export class CardError extends WorkbenchError {
  readonly statusWord: number | undefined;

  constructor(code: string, message: string, options: ErrorOptions & { readonly statusWord?: number } = {}) {
    const sw = options.statusWord;
    const details =
      sw === undefined ? options.details : { ...options.details, statusWord: sw.toString(16).padStart(4, '0') };
    super(code, message, details === undefined ? options : { ...options, details });
    this.statusWord = sw;
  }
}

/** A connection, port, cable or service failed or is missing. */
export class TransportError extends WorkbenchError {}

/** The database refused or is unusable. */
export class StoreError extends WorkbenchError {}

/** A request by the person that cannot be met as it stands (wrong argument, unknown identifier, wrong moment). */
export class RequestError extends WorkbenchError {}

/** One clear line for a terminal: message, then advice. */
export function describeError(error: unknown): string {
  if (error instanceof WorkbenchError) return error.advice ? `${error.message}. ${error.advice}` : error.message;
  return error instanceof Error ? error.message : String(error);
}
