/** Connects a virtual modem to any stream of bytes: one end of a virtual cable, or an open port. */
import type { Modem } from './modem.ts';

/** The part of a serial link that a modem needs. */
interface ByteStream {
  write(bytes: Uint8Array): Promise<void>;
  onData(listener: (bytes: Uint8Array) => void): () => void;
}

/** Answers until stopped or until the stream takes no more bytes; the stream stays its opener's. Returns the stop. */
export function serveModem(stream: ByteStream, modem: Modem): () => void {
  const stop = stream.onData(bytes => {
    const answer = modem.receive(bytes);
    // A stream that fails tells its opener so; a modem has nobody left to answer.
    if (answer.length > 0) stream.write(answer).catch(stop);
  });
  return stop;
}
