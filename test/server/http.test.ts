import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EncodingError, ProtocolError } from '../../src-core/base/errors.ts';
import {
  type HttpBinding,
  type HttpBindingOptions,
  type HttpLimits,
  startHttpBinding,
} from '../../src-core/server/http-binding.ts';
import { type MessageHandler, type Received, SESSION_PARAMETER } from '../../src-core/server/transport.ts';
import { MEDIA_TYPE } from '../../src-core/syncml/codec.ts';
import { RawConnection, requestBytes } from './raw-http.ts';

const MAX_BODY = 256 * 1024;
type Limits = Partial<HttpLimits> & Pick<HttpBindingOptions, 'bodyLimit'>;
const echo: MessageHandler = async ({ bytes }) => ({ bytes });
let binding: HttpBinding;
let handler: MessageHandler;
let errors: unknown[];
const start = (port = 0, { bodyLimit, ...limits }: Limits = {}) =>
  startHttpBinding({
    host: '127.0.0.1',
    port,
    handler: message => handler(message),
    onError: error => errors.push(error),
    ...(bodyLimit && { bodyLimit }),
    limits,
  });
const restart = async (limits: Limits) => {
  await binding.close();
  binding = await start(0, limits);
};
const port = () => Number(new URL(binding.url).port);
beforeEach(async () => {
  errors = [];
  handler = echo;
  binding = await start();
});
afterEach(() => binding.close());

const post = (body: Uint8Array | string, headers: Record<string, string> = {}, url = binding.url) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': MEDIA_TYPE.wbxml, ...headers },
    body: typeof body === 'string' ? body : Uint8Array.from(body),
  });
/** Says that the message must not get to the handler. */
const notAsked = () => {
  handler = () => Promise.reject(new Error('must not be asked'));
};

describe('a message', () => {
  it.each(['wbxml', 'xml'] as const)('is handed over whole and answered in the same encoding: %s', async encoding => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const got: Received[] = [];
    handler = async message => {
      got.push(message);
      return { bytes: message.bytes.toReversed() };
    };
    const url = `${binding.url}?${SESSION_PARAMETER}=key%201`;
    const response = await post(all, { 'content-type': `${MEDIA_TYPE[encoding]}; charset=UTF-8` }, url);
    expect(got).toStrictEqual([
      { bytes: all, encoding, transport: 'HTTP', session: 'key 1', onGone: expect.any(Function) },
    ]);
    expect([response.status, ...['content-type', 'content-length', 'cache-control'].map(n => response.headers.get(n))])
      // Kept by nobody on the way, and changed by nobody: an HMAC covers the bytes.
      .toEqual([200, MEDIA_TYPE[encoding], '256', 'no-store, no-transform']);
    expect(await response.bytes()).toEqual(all.toReversed());
  });

  it('whose sender hangs up before it has its answer is told so, also afterwards', async () => {
    const entered = Promise.withResolvers<void>();
    const told = Promise.withResolvers<string>();
    handler = async ({ bytes, onGone }) => {
      entered.resolve();
      await new Promise<void>(resolve => onGone?.(resolve));
      onGone?.(() => told.resolve('gone'));
      return { bytes };
    };
    const connection = await RawConnection.open(port());
    await connection.write(requestBytes('/dm', { 'Content-Type': MEDIA_TYPE.wbxml }, Buffer.from('x')));
    await entered.promise;
    connection.close();
    expect(await told.promise).toBe('gone');
  });

  it('may have its answer much later than the time for a request', async () => {
    await restart({ requestMs: 200, headersMs: 100, idleMs: 100 });
    handler = async ({ bytes }) => {
      await new Promise(resolve => setTimeout(resolve, 900));
      return { bytes };
    };
    expect((await post('x')).status).toBe(200);
  });

  it('has its x-syncml-hmac with it, and so has the answer', async () => {
    const sent = 'algorithm=MD5, username="dev\\"ice", mac=AAAA';
    handler = async ({ bytes, hmac }) => ({ bytes, hmac: `${hmac}; seen` });
    expect((await post('x', { 'x-syncml-hmac': sent })).headers.get('x-syncml-hmac')).toBe(`${sent}; seen`);
    handler = async ({ bytes, ...rest }) => {
      expect('hmac' in rest).toBe(false);
      return { bytes };
    };
    expect((await post('x')).headers.has('x-syncml-hmac')).toBe(false);
  });

  it.each<[string, string | undefined]>([
    ['/dm', undefined],
    ['/dm?s=a-1', 'a-1'],
    ['/dm?x=1&s=a%201', 'a 1'],
    ['/dm?x=1', undefined],
    ['http://dm.example/dm?s=2', '2'],
  ])('sent to %s names session %s', async (target, session) => {
    let got: string | undefined = 'none';
    handler = async message => {
      got = message.session;
      return message;
    };
    const connection = await RawConnection.open(port());
    await connection.write(requestBytes(target, { 'Content-Type': MEDIA_TYPE.wbxml }, Buffer.from('x')));
    expect([(await connection.answer())?.status, got]).toEqual([200, session]);
    connection.close();
  });
});

describe('media types', () => {
  it.each([
    ['application/vnd.syncml.dm+wbxml', 'wbxml'],
    ['application/vnd.syncml.dm+xml', 'xml'],
    ['application/vnd.syncml+wbxml', 'wbxml'],
    ['application/vnd.syncml+xml', 'xml'],
    ['APPLICATION/VND.SyncML.DM+WBXML', 'wbxml'],
    ['application/vnd.syncml.dm+xml; charset=utf-8', 'xml'],
    ['application/vnd.syncml.dm+xml;charset="UTF-8"', 'xml'],
    ['application/vnd.syncml.dm+wbxml; x=y; Charset = utf-8', 'wbxml'],
  ] as const)('%s is taken as %s and answered with the DM type', async (type, encoding) => {
    const response = await post('x', { 'content-type': type });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, MEDIA_TYPE[encoding]]);
  });

  it.each([
    '',
    'text/plain',
    'application/vnd.syncml.dm',
    'application/vnd.syncml.dm+json',
    'application/vnd.syncml.dm+xmlx',
    'application/vnd.syncml.dm+xml; charset=ISO-8859-1',
    'application/vnd.syncml.dm+wbxml; charset="utf-16"',
  ])('%j is refused with 415, and what would be taken', async type => {
    notAsked();
    const response = await post('x', { 'content-type': type });
    expect([response.status, response.headers.get('accept'), await response.text()]).toEqual([
      415,
      `${MEDIA_TYPE.wbxml}, ${MEDIA_TYPE.xml}`,
      `expected ${MEDIA_TYPE.wbxml} or ${MEDIA_TYPE.xml} in UTF-8\n`,
    ]);
  });

  it.each([
    [undefined, 200],
    ['*/*', 200],
    ['', 200],
    ['application/*', 200],
    ['application/vnd.syncml.dm+wbxml', 200],
    ['Application/vnd.syncml+WBXML', 200],
    ['text/html, application/vnd.syncml.dm+wbxml;q=0.1', 200],
    ['application/vnd.syncml.dm+xml, application/vnd.syncml.dm+wbxml', 200],
    ['*/*;q=0, application/vnd.syncml.dm+wbxml', 200],
    ['application/vnd.syncml.dm+xml', 406],
    ['text/*', 406],
    ['application/vnd.syncml.dm+wbxml;q=0', 406],
    ['*/*, application/vnd.syncml.dm+wbxml; q=0', 406],
    ['*/*;q=0', 406],
  ])('Accept %j for WBXML gives %i', async (accept, status) => {
    if (status === 406) notAsked();
    const connection = await RawConnection.open(port());
    const headers = { 'Content-Type': MEDIA_TYPE.wbxml, ...(accept !== undefined && { Accept: accept }) };
    await connection.write(requestBytes('/dm', headers, Buffer.from('x')));
    expect((await connection.answer())?.status).toBe(status);
    connection.close();
  });

  it.each([
    ['identity', 200],
    ['Identity', 200],
    ['gzip', 415],
  ])('Content-Encoding %s gives %i', async (coding, status) => {
    const response = await post('x', { 'content-encoding': coding });
    expect([response.status, response.headers.get('accept-encoding')]).toEqual([
      status,
      status === 415 ? 'identity' : null,
    ]);
  });
});

describe('what is no message', () => {
  it.each<[string, () => Promise<Response>, number, RegExp]>([
    ['another path', () => post('', {}, binding.url.replace('/dm', '/other')), 404, /at \/dm/],
    ['a longer path', () => post('', {}, `${binding.url}x`), 404, /at \/dm/],
    ['another method', () => fetch(binding.url), 405, /POST/],
    ['HEAD', () => fetch(binding.url, { method: 'HEAD' }), 405, /^/],
    ['a body over 256 KiB', () => post(new Uint8Array(MAX_BODY + 1)), 413, /at most 262144 bytes/],
  ])('%s', async (_name, request, status, words) => {
    notAsked();
    const response = await request().catch((error: Error) => error);
    // A client that is still sending when the answer comes may see the connection close instead.
    if (response instanceof Error) expect([status, response.message]).toEqual([413, 'fetch failed']);
    else {
      expect(response.status).toBe(status);
      expect(await response.text()).toMatch(words);
      expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
      if (status === 405) expect(response.headers.get('allow')).toBe('POST');
    }
    expect(errors).toEqual([]);
    handler = echo;
    expect((await post('x')).status).toBe(200);
  });

  it('a request target that is no URL does not end the server', async () => {
    const connection = await RawConnection.open(port());
    await connection.write('POST http://[ HTTP/1.1\r\nHost: dm\r\nConnection: close\r\n\r\n');
    expect((await connection.answer())?.status).toBe(404);
    await connection.closed();
    expect((await post('x')).status).toBe(200);
  });

  it.each([
    ['EncodingError', new EncodingError('x', 'expected a tag', 7), 400, 'expected a tag (at offset 7)\n'],
    ['ProtocolError', new ProtocolError('x', 'wrong\r\nsession', 400), 400, 'wrong session\n'],
    ['anything else', new Error('secret detail'), 500, 'The server met an unexpected error\n'],
  ])('%s of the handler', async (_name, error, status, words) => {
    handler = () => Promise.reject(error);
    const response = await post('x');
    expect([response.status, await response.text()]).toEqual([status, words]);
    expect(errors).toEqual(status === 500 ? [error] : []);
    handler = echo;
    expect((await post('x')).status).toBe(200);
  });
});

describe('size', () => {
  beforeEach(() => restart({ bodyLimit: () => 10 }));
  const send = async (bytes: Uint8Array | string) => {
    const connection = await RawConnection.open(port());
    await connection.write(bytes);
    return connection;
  };
  const type = { 'Content-Type': MEDIA_TYPE.wbxml };

  it.each([
    ['fixed length', undefined],
    ['chunked', [1, 3]],
  ])('up to the limit is taken: %s', async (_name, chunks) => {
    const connection = await send(requestBytes('/dm', type, Buffer.from('0123456789'), chunks));
    expect((await connection.answer())?.body.toString()).toBe('0123456789');
    connection.close();
  });

  it('an announced length above it is refused before the body comes, and the connection closes', async () => {
    notAsked();
    const connection = await send(
      `POST /dm HTTP/1.1\r\nHost: dm\r\nContent-Type: ${MEDIA_TYPE.xml}\r\nContent-Length: 11\r\n\r\n`,
    );
    const answer = await connection.answer();
    expect([answer?.status, answer?.headers.get('connection')]).toEqual([413, 'close']);
    await connection.closed();
  });

  it('chunks that go beyond it are refused while more could come', async () => {
    notAsked();
    const head = `POST /dm HTTP/1.1\r\nHost: dm\r\nContent-Type: ${MEDIA_TYPE.xml}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const connection = await send(`${head}6\r\n012345\r\n`);
    await connection.write('6\r\n678901\r\n');
    expect((await connection.answer())?.status).toBe(413);
    await connection.closed();
  });
});

describe('senders who proved nothing', () => {
  const large = new Uint8Array(MAX_BODY + 1);
  const pieces = (session: string, length: number, body: string) =>
    `POST /dm${session} HTTP/1.1\r\nHost: dm\r\nContent-Type: ${MEDIA_TYPE.xml}\r\nContent-Length: ${length}\r\n\r\n${body}`;
  const isOf = (key: string) => (session: string | undefined) => (session === key ? 2 * MAX_BODY : MAX_BODY);

  it('send 256 KiB at most; only the key of a session that may send more is room for it', async () => {
    await restart({ bodyLimit: isOf('known') });
    const statuses = ['?s=known', '?s=other', ''].map(async query => {
      const response = await post(large, {}, binding.url + query).catch(() => undefined);
      // A client that is still sending when the answer comes may see the connection close instead.
      return response?.status ?? 413;
    });
    expect(await Promise.all(statuses)).toEqual([200, 413, 413]);
  });

  it('share the room for bodies that are coming in; it is free again when they are there, or gone', async () => {
    await restart({ bodyLimit: isOf('known'), unprovenBytes: 10 });
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => RawConnection.open(port())));
    await first?.write(pieces('', 9, '01234567'));
    await second?.write(pieces('', 9, '012'));
    const refused = await second?.answer();
    expect([refused?.status, refused?.headers.get('retry-after')]).toEqual([503, '5']);
    await second?.closed();
    await third?.write(pieces('?s=known', 9, '012345678'));
    expect((await third?.answer())?.status).toBe(200);
    await first?.write('8');
    expect((await first?.answer())?.status).toBe(200);
    first?.close();
    third?.close();
    await expect.poll(async () => (await post('0123456789')).status).toBe(200);
  });

  it('have a limited number of connections', async () => {
    await restart({ connections: 2 });
    const [first, second] = [await RawConnection.open(port()), await RawConnection.open(port())];
    const third = await RawConnection.open(port());
    await third.closed();
    first.close();
    await first.closed();
    second.close();
    await second.closed();
    await expect.poll(async () => (await post('x').catch(() => undefined))?.status).toBe(200);
  });
});

describe('Expect: 100-continue', () => {
  const head = (more: string) =>
    `POST /dm HTTP/1.1\r\nHost: dm\r\nExpect: 100-continue\r\nContent-Type: ${MEDIA_TYPE.xml}\r\n${more}\r\n\r\n`;

  it('a body that will be taken is asked for', async () => {
    const connection = await RawConnection.open(port());
    await connection.write(head('Content-Length: 2'));
    expect((await connection.answer())?.status).toBe(100);
    await connection.write('ok');
    expect((await connection.answer())?.body.toString()).toBe('ok');
    connection.close();
  });

  it.each([
    ['too large', `Content-Length: ${MAX_BODY + 1}`, 413],
    ['not acceptable', 'Content-Length: 2\r\nAccept: text/html', 406],
  ])('one that will not is refused at once: %s', async (_name, more, status) => {
    notAsked();
    const connection = await RawConnection.open(port());
    await connection.write(head(more));
    expect((await connection.answer())?.status).toBe(status);
    await connection.closed();
  });
});

describe('connections', () => {
  it('stay open for the next message', async () => {
    const connection = await RawConnection.open(port());
    for (const body of ['one', 'two', 'three']) {
      await connection.write(requestBytes('/dm', { 'Content-Type': MEDIA_TYPE.xml }, Buffer.from(body)));
      expect((await connection.answer())?.body.toString()).toBe(body);
    }
    connection.close();
  });

  it.each([
    ['no header at all', ''],
    ['a header without end', 'POST /dm HTTP/1.1\r\nHost: dm\r\n'],
    [
      'a body that stops',
      `POST /dm HTTP/1.1\r\nHost: dm\r\nContent-Type: ${MEDIA_TYPE.xml}\r\nContent-Length: 9\r\n\r\n<S`,
    ],
    [
      'chunks that stop',
      `POST /dm HTTP/1.1\r\nHost: dm\r\nContent-Type: ${MEDIA_TYPE.xml}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n<S\r\n`,
    ],
  ])('of slow senders are cut off: %s', async (_name, bytes) => {
    await restart({ headersMs: 300, requestMs: 400, idleMs: 400 });
    notAsked();
    const connection = await RawConnection.open(port());
    if (bytes !== '') await connection.write(bytes);
    const answer = await connection.answer();
    await connection.closed();
    expect(answer?.status).toBe(408);
    expect(errors).toEqual([]);
  });

  it('that drop in the middle of a message end it without a word', async () => {
    notAsked();
    const connection = await RawConnection.open(port());
    await connection.write(
      requestBytes('/dm', { 'Content-Type': MEDIA_TYPE.xml }, Buffer.alloc(1000)).subarray(0, 400),
    );
    connection.close();
    await connection.closed();
    handler = echo;
    expect((await post('x')).status).toBe(200);
    expect(errors).toEqual([]);
  });

  it('that are open end with the binding, and the port is free again', async () => {
    await post('x');
    const before = port();
    const halfway = connect(before, '127.0.0.1', () =>
      halfway.write(`POST /dm HTTP/1.1\r\nHost: dm\r\nContent-Type: ${MEDIA_TYPE.xml}\r\nContent-Length: 9\r\n\r\n<S`),
    );
    halfway.on('error', () => undefined);
    await new Promise(resolve => halfway.once('ready', () => setTimeout(resolve, 50)));
    const cut = new Promise(resolve => halfway.once('close', resolve));
    await binding.close();
    await cut;
    await expect(post('x')).rejects.toThrow('fetch failed');
    binding = await start(before);
    expect(binding.url).toBe(`http://127.0.0.1:${before}/dm`);
    expect((await post('x')).status).toBe(200);
  });

  it('a port that is taken: TransportError with what to do', async () => {
    const other: Server = createServer();
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    const taken = (other.address() as AddressInfo).port;
    try {
      await expect(start(taken)).rejects.toMatchObject({
        name: 'TransportError',
        code: 'listen',
        message: `the DM server cannot listen on 127.0.0.1:${taken} (EADDRINUSE)`,
        advice: expect.stringContaining('--dm-port'),
      });
    } finally {
      await new Promise(resolve => other.close(resolve));
    }
  });
});
