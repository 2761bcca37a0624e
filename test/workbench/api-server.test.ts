import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Served, serve } from '../support/programs.ts';

/** The door of the core: who gets in, and who does not. */
let core: Served;
let port: string;
let token: string;
beforeAll(async () => {
  core = await serve();
  const url = new URL(core.url);
  port = url.port;
  token = url.searchParams.get('token') ?? '';
});
afterAll(async () => {
  expect((await core.close()).code).toBe(0);
});

/** Resolves with `open`, or the status that refused the upgrade. */
async function knock(options: {
  token?: string;
  origin?: string;
  host?: string;
  path?: string;
}): Promise<number | 'open'> {
  const path = options.path ?? '/api';
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}?token=${options.token ?? token}`, {
    headers: { origin: options.origin ?? `http://127.0.0.1:${port}`, host: options.host ?? `127.0.0.1:${port}` },
  });
  const outcome = await Promise.race([
    once(socket, 'open').then(() => 'open' as const),
    once(socket, 'unexpected-response').then(([, response]) => Number(response.statusCode)),
    once(socket, 'error').then(([error]) => Number(/\d{3}/.exec(String(error))?.[0])),
  ]);
  socket.terminate();
  return outcome;
}

describe('API', () => {
  it('lets the page in with token, own Origin and own Host', async () => {
    expect(await knock({})).toBe('open');
  });

  it.each([
    ['a wrong token', { token: 'A'.repeat(32) }, 401],
    ['no token', { token: '' }, 401],
    ['another Origin', { origin: 'https://evil.example' }, 403],
    ['the Origin of another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['the desktop window, where no desktop started this core', { origin: 'app://workbench' }, 403],
    ['another Host (DNS rebinding)', { host: 'evil.example' }, 421],
    ['another path', { path: '/other' }, 404],
  ])('refuses %s', async (_who, options, status) => {
    expect(await knock(options)).toBe(status);
  });

  it('lives on when a refused peer goes away, and when a request line is malformed', async () => {
    const wire = (text: string) =>
      new Promise<void>(resolve => {
        const socket = connect(Number(port), '127.0.0.1', () => {
          socket.write(text, () => setTimeout(() => socket.resetAndDestroy(), 5));
        });
        socket.on('error', () => undefined).on('close', () => resolve());
      });
    const upgrade = (target: string) =>
      `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
    for (let i = 0; i < 10; i++) await wire(upgrade('/api?token=wrong').repeat(3));
    await wire(upgrade('//'));
    expect(core.process.exitCode).toBeNull();
    expect(await knock({})).toBe('open');
  });

  it('answers malformed input with BAD_REQUEST and does not act on it', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api?token=${token}`, {
      headers: { origin: `http://127.0.0.1:${port}` },
    });
    await once(socket, 'open');
    const input = { deviceId: 'IMEI:1', uri: '../../etc' };
    socket.send(JSON.stringify({ id: 1, method: 'mutation', params: { path: 'devices.read', input } }));
    const [data] = await once(socket, 'message');
    socket.terminate();
    expect(JSON.parse(String(data))).toMatchObject({ id: 1, error: { data: { code: 'BAD_REQUEST' } } });
  });

  it('keeps class, code and advice of an error', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api?token=${token}`, {
      headers: { origin: `http://127.0.0.1:${port}` },
    });
    await once(socket, 'open');
    const input = { deviceId: 'IMEI:1', uri: './DevInfo' };
    socket.send(JSON.stringify({ id: 1, method: 'mutation', params: { path: 'devices.read', input } }));
    const [data] = await once(socket, 'message');
    socket.terminate();
    expect(JSON.parse(String(data)).error).toMatchObject({
      message: 'device IMEI:1 has never connected',
      data: {
        error: { name: 'RequestError', code: 'unknown-device', advice: expect.stringContaining('Bootstrap it') },
      },
    });
  });
});

describe('page', () => {
  const get = (path: string, host = `127.0.0.1:${port}`) =>
    new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, headers: { host } }, response => {
        let body = '';
        response.on('data', chunk => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      })
        .on('error', reject)
        .end();
    });

  it('is served with a policy that allows nothing from elsewhere', async () => {
    const { status, headers } = await get('/');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });

  it('is asked for at every start; what the build named after its content is kept', async () => {
    const { headers, body } = await get('/');
    expect(headers['cache-control']).toBe('no-store');
    const [, script = 'no script'] = /src="(\.\/assets\/[^"]+)"/.exec(body) ?? [];
    expect((await get(new URL(script, 'http://core/').pathname)).headers['cache-control']).toBe(
      'private, max-age=31536000, immutable',
    );
  });

  it.each(['/../package.json', '/%2e%2e/core/dmw.js', '/..%2fcore/dmw.js', '/assets/', '/%00', '/%zz'])(
    'does not serve %s',
    async path => {
      expect((await get(path)).status).toBe(404);
    },
  );

  it('is not served to another Host', async () => {
    expect((await get('/', 'evil.example')).status).toBe(421);
  });
});
