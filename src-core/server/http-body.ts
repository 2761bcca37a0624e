/** The body of an HTTP request as one array, whatever pieces it came in; copied at most once. */
import type { IncomingMessage } from 'node:http';

/** `gone`: the sender closed the connection before the end, or was cut off. `no-room`: others take all there is. */
export type Body = Uint8Array | 'too-large' | 'no-room' | 'gone';

/** Bytes that bodies coming in at once may still take together. */
export interface Budget {
  left: number;
}

/** True where the request says itself that its body is larger. */
export function announcesMore(request: IncomingMessage, limit: number): boolean {
  return Number(request.headers['content-length'] ?? 0) > limit;
}

export function readBody(request: IncomingMessage, limit: number, budget?: Budget): Promise<Body> {
  return new Promise(resolve => {
    const chunks: Buffer[] = [];
    let length = 0;
    let taken = 0;
    const done = (body: Body) => {
      if (budget) budget.left += taken;
      taken = 0;
      resolve(body);
    };
    const stop = (why: 'too-large' | 'no-room') => {
      chunks.length = 0;
      request.removeAllListeners('data');
      done(why);
    };
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) return stop('too-large');
      if (budget) {
        if (chunk.length > budget.left) return stop('no-room');
        budget.left -= chunk.length;
        taken += chunk.length;
      }
      chunks.push(chunk);
    });
    request.on('end', () => done(joined(chunks, length)));
    // After `end` these come too late to matter.
    request.on('error', () => done('gone'));
    request.on('close', () => done('gone'));
  });
}

function joined(chunks: readonly Buffer[], length: number): Uint8Array {
  const [first] = chunks;
  const whole = chunks.length === 1 && first ? first : Buffer.concat(chunks, length);
  return new Uint8Array(whole.buffer, whole.byteOffset, whole.length);
}
