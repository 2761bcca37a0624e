/** HTTP by hand on a socket: requests in whatever pieces, answers as they come. */
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** One request as bytes; `chunks` gives the lengths of its HTTP chunks, else it has a Content-Length. */
export function requestBytes(
  target: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  chunks?: readonly number[],
): Buffer {
  const framing = chunks ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${target} HTTP/1.1\r\nHost: dm\r\n${lines.join('')}${framing}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), chunks ? chunked(body, chunks) : body]);
}

function chunked(body: Uint8Array, lengths: readonly number[]): Buffer {
  const parts: Uint8Array[] = [];
  let at = 0;
  const add = (length: number) => {
    const part = body.subarray(at, at + length);
    if (part.length > 0) parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
    at += part.length;
  };
  for (const length of lengths) add(length);
  add(body.length);
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}

export class RawConnection {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #closed = false;
  #wake = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', data => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  static open(port: number): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new RawConnection(socket)));
      socket.once('error', reject);
    });
  }

  write(bytes: Uint8Array | string): Promise<void> {
    return new Promise(resolve => this.#socket.write(bytes, () => resolve()));
  }

  /** Writes in pieces of these lengths, each a segment of its own; what is left goes in one. */
  async writeInPieces(bytes: Uint8Array, lengths: readonly number[]): Promise<void> {
    let at = 0;
    for (const length of [...lengths, bytes.length]) {
      const piece = bytes.subarray(at, at + length);
      at += piece.length;
      if (piece.length === 0) continue;
      await this.write(piece);
      await new Promise(setImmediate);
    }
  }

  /** The next answer, or undefined where the connection closed before one was complete. */
  async answer(): Promise<RawAnswer | undefined> {
    for (;;) {
      const answer = this.#take();
      if (answer || this.#closed) return answer;
      await this.#more();
    }
  }

  async closed(): Promise<void> {
    while (!this.#closed) await this.#more();
  }

  close(): void {
    this.#socket.destroy();
  }

  #more(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve;
    });
  }

  #take(): RawAnswer | undefined {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const [first = '', ...lines] = this.#received.subarray(0, end).toString('latin1').split('\r\n');
    const headers = new Map(lines.map(line => splitHeader(line)));
    const from = end + 4;
    const to = from + Number(headers.get('content-length') ?? 0);
    if (this.#received.length < to) return undefined;
    const body = this.#received.subarray(from, to);
    this.#received = this.#received.subarray(to);
    return { status: Number(first.split(' ')[1]), headers, body };
  }
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
