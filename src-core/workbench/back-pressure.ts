/** Keeps a stream from being faster than the page: what waits in its socket is bounded, and what changes meanwhile is gathered. */
import { setTimeout } from 'node:timers/promises';
import type { WebSocket } from 'ws';

/** Bytes that may wait. */
const ENOUGH = 1024 * 1024;
const LOOK_MS = 20;

/** Resolves when the peer has taken most of what was sent, or is gone. */
export async function drained(socket: Pick<WebSocket, 'bufferedAmount' | 'readyState' | 'OPEN'>): Promise<void> {
  while (socket.readyState === socket.OPEN && socket.bufferedAmount > ENOUGH) await setTimeout(LOOK_MS);
}

/** The next item is made only when the ones before are on their way. */
export async function* paced<T>(stream: AsyncIterable<T>, ready: (() => Promise<void>) | undefined): AsyncGenerator<T> {
  for await (const item of stream) {
    yield item;
    await ready?.();
  }
}
