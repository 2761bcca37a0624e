/** The body of an HTTP request as one array, whatever pieces it came in; copied at most once. */
import type { IncomingMessage } from 'node:http';

/** `gone`: the sender closed the connection before the end, or was cut off. */
export type Body = Uint8Array | 'too-large' | 'gone';

/** True where the request says itself that its body is larger. */
export function announcesMore(request: IncomingMessage, limit: number): boolean {
  return Number(request.headers['content-length'] ?? 0) > limit;
}

export function readBody(request: IncomingMessage, limit: number): Promise<Body> {
  return new Promise(resolve => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      request.removeAllListeners('data');
      resolve('too-large');
    });
    request.on('end', () => resolve(joined(chunks, length)));
    // After `end` these come too late to matter.
    request.on('error', () => resolve('gone'));
    request.on('close', () => resolve('gone'));
  });
}

function joined(chunks: readonly Buffer[], length: number): Uint8Array {
  const [first] = chunks;
  const whole = chunks.length === 1 && first ? first : Buffer.concat(chunks, length);
  return new Uint8Array(whole.buffer, whole.byteOffset, whole.length);
}
