/** The contract of a card reader service (PC/SC part 5): readers and cards that come and go, exclusive connections. */
import { TransportError } from '../base/errors.ts';

export interface ReaderState {
  readonly name: string;
  /** `mute`: a card is there but gave no ATR. */
  readonly state: 'empty' | 'present' | 'mute' | 'unavailable';
  /** Where `present`. */
  readonly atr?: Uint8Array;
}

/** @param fault why there are none, where the service could not even be asked */
export type ReadersListener = (readers: readonly ReaderState[], fault?: TransportError) => void;

export interface ReaderService {
  readonly transport: 'pcscd' | 'in-process';
  /** @throws TransportError `pcsc-absent` when the PC/SC service does not run. */
  readers(): Promise<readonly ReaderState[]>;
  /**
   * Calls `listener` with all readers, soon and then on every change; a service that stops shows as no readers, and its
   * readers come back with it. Returns the function that ends the watch.
   */
  watch(listener: ReadersListener): () => void;
  /**
   * @throws TransportError `reader-unknown`, `reader-busy` (someone else is connected), `pcsc-absent`;
   * CardError `no-card`, `card-mute`.
   */
  connect(readerName: string, access?: CardAccess): Promise<CardConnection>;
  /** Ends all watches; connections end with their own `disconnect`. */
  close(): Promise<void>;
}

/** `exclusive` (where nothing is said): nobody else reaches the card until `disconnect`. `shared`: to read beside other programs. */
export type CardAccess = 'exclusive' | 'shared';

export interface CardConnection {
  readonly atr: Uint8Array;
  /** APDUs of extended length go through: the card speaks T=1 and says that it takes them. */
  readonly extended: boolean;
  /** One APDU as it is, one response as it is. @throws CardError `card-removed`, TransportError `pcsc-absent`. */
  transmit(apdu: Uint8Array): Promise<Uint8Array>;
  /** Resets a card that was held exclusively, so that what a key opened closes with the connection. Never throws; twice does nothing. */
  disconnect(): Promise<void>;
}

/** Resolves with the reader once it is as `accept` wants it. @throws TransportError `reader-timeout`. */
export async function waitForReader(
  service: ReaderService,
  readerName: string,
  accept: (reader: ReaderState) => boolean,
  timeoutMs: number,
): Promise<ReaderState> {
  const { promise, resolve, reject } = Promise.withResolvers<ReaderState>();
  const timer = setTimeout(() => {
    const message = `reader ${readerName} did not reach the expected state in ${timeoutMs} ms`;
    reject(new TransportError('reader-timeout', message, { advice: 'Check the reader and the card, then try again' }));
  }, timeoutMs);
  const stop = service.watch(readers => {
    const reader = readers.find(candidate => candidate.name === readerName);
    if (reader && accept(reader)) resolve(reader);
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    stop();
  }
}
