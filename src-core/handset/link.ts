/** The contract of a serial link: bytes both ways between this machine and a tethered handset, and its end. */
import type { TransportError } from '../base/errors.ts';

/**
 * Implemented by `serial-port.ts` (a real port) and by the ends of `virtual/cable/memory.ts`; one contract test runs on
 * both. Bytes that arrive while nobody listens are lost, as on a real port. The link ends once: by `close()`, or because
 * the port vanished.
 */
export interface SerialLink {
  /** What a person calls it: `/dev/ttyUSB0`, `COM4`. */
  readonly path: string;
  /**
   * Resolves when the operating system has taken all bytes; the handset may not have read them yet.
   * @throws TransportError `port-vanished`, `port-closed`, or `port-stalled` where the far end takes nothing
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Bytes as they arrive, split anywhere. Returns the function that stops listening. */
  onData(listener: (bytes: Uint8Array) => void): () => void;
  /**
   * Called once: without an error after `close()`, with `port-vanished` when the port went away. A listener that
   * comes after the end is still told. Returns the function that stops listening.
   */
  onClose(listener: (error?: TransportError) => void): () => void;
  /** Gives the port back; may be called again, and after the port vanished. */
  close(): Promise<void>;
}
