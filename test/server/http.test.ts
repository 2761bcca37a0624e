import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EncodingError, ProtocolError } from '../../src-core/base/errors.ts';
import { SESSION_PARAMETER } from '../../src-core/server/dm-server.ts';
import { type HttpBinding, type MessageHandler, startHttpBinding } from '../../src-core/server/http-binding.ts';
import { MEDIA_TYPE } from '../../src-core/syncml/codec.ts';

let binding: HttpBinding;
let handler: MessageHandler;
let errors: unknown[];
const start = (port = 0, host = '127.0.0.1') =>
  startHttpBinding({ host, port, handler: (...args) => handler(...args), onError: error => errors.push(error) });
beforeEach(async () => {
  errors = [];
  handler = async bytes => bytes;
  binding = await start();
});
afterEach(() => binding.close());

const post = (body: Uint8Array | string, type: string = MEDIA_TYPE.wbxml, url = binding.url) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': type },
    body: typeof body === 'string' ? body : Uint8Array.from(body),
  });

describe('HTTP binding', () => {
  it.each(['wbxml', 'xml'] as const)('hands over bytes and encoding, and answers in the same: %s', async encoding => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const got: unknown[] = [];
    handler = async (bytes, given, transport, session) => {
      got.push(bytes, given, transport, session);
      return bytes.toReversed();
    };
    const response = await post(
      all,
      `${MEDIA_TYPE[encoding]}; charset=UTF-8`,
      `${binding.url}?${SESSION_PARAMETER}=key%201`,
    );
    expect(got).toEqual([all, encoding, 'HTTP', 'key 1']);
    expect([
      response.status,
      response.headers.get('content-type'),
      response.headers.get('content-length'),
      response.headers.get('cache-control'),
    ]).toEqual([200, MEDIA_TYPE[encoding], '256', 'no-store']);
    expect(await response.bytes()).toEqual(all.toReversed());
  });

  it.each<[string, () => Promise<Response>, number, RegExp]>([
    ['another path', () => post('', MEDIA_TYPE.xml, binding.url.replace('/dm', '/other')), 404, /at \/dm/],
    ['another method', () => fetch(binding.url), 405, /POST/],
    ['another type', () => post('', 'application/vnd.syncml+wbxml'), 415, /vnd\.syncml\.dm\+wbxml/],
    ['a body over 16 MiB', () => post(new Uint8Array(16 * 1024 * 1024 + 1)), 413, /at most 16777216 bytes/],
  ])('%s', async (_name, request, status, words) => {
    handler = () => Promise.reject(new Error('must not be asked'));
    const response = await request().catch((error: Error) => error);
    // A client that is still sending when the answer comes may see the connection close instead.
    if (response instanceof Error) expect([status, response.message]).toEqual([413, 'fetch failed']);
    else {
      expect(response.status).toBe(status);
      expect(await response.text()).toMatch(words);
      if (status === 405) expect(response.headers.get('allow')).toBe('POST');
    }
    expect(errors).toEqual([]);
    handler = async bytes => bytes;
    expect((await post('x')).status).toBe(200);
  });

  it.each([
    ['EncodingError', new EncodingError('x', 'expected a tag', 7), 400, 'expected a tag (at offset 7)\n'],
    ['ProtocolError', new ProtocolError('x', 'wrong session', 400), 400, 'wrong session\n'],
    ['anything else', new Error('secret detail'), 500, 'The server met an unexpected error\n'],
  ])('%s of the handler', async (_name, error, status, words) => {
    handler = () => Promise.reject(error);
    const response = await post('x');
    expect([response.status, await response.text()]).toEqual([status, words]);
    expect(errors).toEqual(status === 500 ? [error] : []);
    handler = async bytes => bytes;
    expect((await post('x')).status).toBe(200);
  });

  it('a request target that is no URL does not end the server', async () => {
    const port = Number(new URL(binding.url).port);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write('POST http://[ HTTP/1.1\r\nHost: dm\r\nConnection: close\r\n\r\n'),
      );
      let text = '';
      socket.setEncoding('utf8').on('data', data => {
        text += data;
      });
      socket.on('close', () => resolve(text)).on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect((await post('x')).status).toBe(200);
  });

  it('closing ends connections that stay open, and the port is free again', async () => {
    await post('x');
    const port = Number(new URL(binding.url).port);
    const halfway = connect(port, '127.0.0.1', () =>
      halfway.write(`POST /dm HTTP/1.1\r\nHost: dm\r\nContent-Type: ${MEDIA_TYPE.xml}\r\nContent-Length: 9\r\n\r\n<S`),
    );
    halfway.on('error', () => undefined);
    await new Promise(resolve => halfway.once('ready', () => setTimeout(resolve, 50)));
    const cut = new Promise(resolve => halfway.once('close', resolve));
    await binding.close();
    await cut;
    await expect(post('x')).rejects.toThrow('fetch failed');
    binding = await start(port);
    expect(binding.url).toBe(`http://127.0.0.1:${port}/dm`);
    expect((await post('x')).status).toBe(200);
  });

  it('a port that is taken: TransportError with what to do', async () => {
    const other: Server = createServer();
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    try {
      await expect(start(port)).rejects.toMatchObject({
        name: 'TransportError',
        code: 'listen',
        message: `the DM server cannot listen on 127.0.0.1:${port} (EADDRINUSE)`,
        advice: expect.stringContaining('--dm-port'),
      });
    } finally {
      await new Promise(resolve => other.close(resolve));
    }
  });
});
