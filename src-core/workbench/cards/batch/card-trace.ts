/** What was said to one card of a batch in its last run, masked as every trace, packed for the store. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { CardConnection } from '../../../card/reader.ts';
import { type ApduTrace, traceConnection } from '../../../card/trace.ts';
import type { ApduView } from '../../views.ts';

/** A card takes some hundred commands; one that takes more is kept from its end. */
const MOST_COMMANDS = 1000;
/** A trace that was packed here is never as large. */
const MOST_BYTES = 64 * 1024 * 1024;

export class CardTrace {
  readonly #entries: ApduTrace[] = [];

  /** The same connection; what goes over it is kept. */
  of(connection: CardConnection, now: () => number): CardConnection {
    return traceConnection(connection, now, entry => {
      this.#entries.push(entry);
      if (this.#entries.length > MOST_COMMANDS) this.#entries.shift();
    });
  }

  packed(): Uint8Array {
    return Uint8Array.from(deflateRawSync(JSON.stringify(this.#entries)));
  }
}

export function unpackTrace(packed: Uint8Array): readonly ApduView[] {
  return JSON.parse(inflateRawSync(packed, { maxOutputLength: MOST_BYTES }).toString()) as ApduView[];
}
