import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromHex } from '../../src-core/base/bytes.ts';
import { Secret } from '../../src-core/base/secret.ts';
import { decodeMessage, MEDIA_TYPE } from '../../src-core/syncml/codec.ts';
import { exchangeOverHttp } from '../../src-core/virtual/handset/http-exchange.ts';
import { type DmBench, startDmBench } from '../support/dm-bench.ts';
import { fixtureBytes } from '../support/fixtures.ts';

const DEVICE = 'IMEI:493005100592800';
let bench: DmBench;
beforeEach(async () => {
  bench = await startDmBench();
});
afterEach(() => bench.close());

const post = (body: Uint8Array, type: string = MEDIA_TYPE.wbxml, method = 'POST') =>
  fetch(bench.http.url, {
    method,
    headers: { 'content-type': type },
    ...(method === 'POST' && { body: Uint8Array.from(body) }),
  });

describe('a first session (flow B.1)', () => {
  it.each(['wbxml', 'xml'] as const)(
    'in %s: both sides prove themselves and the whole tree is read',
    async encoding => {
      const handset = bench.handset(await bench.account('device'));
      const report = await handset.connect({ encoding });
      expect(report).toMatchObject({ outcome: 'completed', authenticated: { client: true, server: true } });

      const tree = bench.dm.devices.get(DEVICE)?.tree;
      expect(tree?.get('./DevInfo/DevId')).toMatchObject({ format: 'chr', value: DEVICE });
      expect(tree?.get('./DevDetail/FwV')).toMatchObject({ value: '1.0.4', verNo: 0 });
      expect(tree?.get('./Vendor/Display')).toMatchObject({ format: 'node' });
      expect(tree?.get('./Vendor/Display/Brightness')).toMatchObject({ format: 'int', value: '70', title: 'Percent' });
      expect(tree?.get('./Vendor/Battery/Level')?.acl).toBe('Get=*');
      // Secrets of the account are there, and not readable: 425 Permission denied.
      expect(tree?.get('./DMAcc/Workbench/AppAuth/1/AAuthSecret')).toMatchObject({ format: 'unknown' });
      expect(tree?.get('./DMAcc/Workbench/AppAuth/1/AAuthSecret')?.value).toBeUndefined();
      expect(tree?.size).toBeGreaterThan(30);
    },
  );

  it('records every message, in order, with its package', async () => {
    await bench.handset(await bench.account('device')).connect();
    const [session] = await bench.store.sessions(DEVICE, 10);
    expect(session).toMatchObject({ state: 'completed', clientAuthenticated: true, serverAuthenticated: true });
    const messages = await bench.store.messages(session?.key ?? '');
    expect(messages.slice(0, 4).map(({ direction, package: p }) => `${direction}${p}`)).toEqual([
      'up1',
      'down2',
      'up3',
      'down4',
    ]);
    expect(messages.slice(4).every(({ direction, package: p }) => p === (direction === 'up' ? 3 : 4))).toBe(true);
    const last = messages.at(-1);
    expect(last && decodeMessage(last.bytes, 'wbxml').commands.map(command => command.kind)).toEqual(['Status']);
  });

  it('keeps the next nonces of both sides: a second session needs no challenge', async () => {
    const handset = bench.handset(await bench.account('device'));
    await handset.connect();
    const report = await handset.connect();
    expect(report).toMatchObject({
      outcome: 'completed',
      sessionId: '02',
      authenticated: { client: true, server: true },
      messages: 4,
    });
    const [second] = await bench.store.sessions(DEVICE, 1);
    const [package1, package2] = await bench.store.messages(second?.key ?? '');
    expect(package1 && decodeMessage(package1.bytes, 'wbxml').header.cred?.meta?.type).toBe('syncml:auth-md5');
    expect(package2 && decodeMessage(package2.bytes, 'wbxml').commands[0]).toMatchObject({ cmd: 'SyncHdr', code: 212 });
  });

  it('challenges a stale nonce once and goes on', async () => {
    const account = await bench.account('device');
    const handset = bench.handset({ ...account, client: { ...account.client, nonce: fromHex('00') } });
    const report = await handset.connect();
    expect(report).toMatchObject({ outcome: 'completed', authenticated: { client: true, server: true } });
  });

  it('proves the server anew when the handset holds another server nonce', async () => {
    const account = await bench.account('device');
    const handset = bench.handset({ ...account, server: { ...account.server, nonce: fromHex('00') } });
    const report = await handset.connect();
    expect(report).toMatchObject({ outcome: 'completed', authenticated: { client: true, server: true } });
    expect(bench.dm.devices.get(DEVICE)?.tree.get('./DevDetail/FwV')?.value).toBe('1.0.4');
  });
});

describe('nobody unauthorised gets through', () => {
  it('a wrong password ends with 401, the handset says why, and nothing of it reaches the tree', async () => {
    const account = await bench.account('device');
    const handset = bench.handset({ ...account, client: { ...account.client, secret: Secret.ofText('wrong') } });
    const report = await handset.connect();
    expect(report).toMatchObject({ outcome: 'refused', authenticated: { client: false, server: false } });
    expect(report.reason).toBe('the server refused "device" twice: user name or password is wrong');
    const [session] = await bench.store.sessions(DEVICE, 1);
    expect(session).toMatchObject({ state: 'failed', clientAuthenticated: false });
    expect(session?.detail).toMatch(/^401: wrong password/);
    const answers = (await bench.store.messages(session?.key ?? '')).filter(message => message.direction === 'down');
    for (const answer of answers) {
      const { commands, header } = decodeMessage(answer.bytes, 'wbxml');
      expect(commands.map(command => (command.kind === 'Status' ? command.code : command.kind))).toEqual([
        401, 401, 401,
      ]);
      expect(header.cred).toBeUndefined();
    }
    expect(bench.dm.devices.get(DEVICE)?.tree.size).toBe(0);
  });

  it('an unknown user learns no more than one with a wrong password', async () => {
    const account = await bench.account('device');
    const report = await bench.handset({ ...account, client: { ...account.client, name: 'nobody' } }).connect();
    expect(report.outcome).toBe('refused');
    const [session] = await bench.store.sessions(DEVICE, 1);
    const [, answer] = await bench.store.messages(session?.key ?? '');
    expect(answer && decodeMessage(answer.bytes, 'wbxml').commands[0]).toMatchObject({ code: 401 });
  });

  it('a server with a wrong password gets no data from the handset', async () => {
    const account = await bench.account('device');
    const handset = bench.handset({ ...account, server: { ...account.server, secret: Secret.ofText('other') } });
    const report = await handset.connect();
    expect(report).toMatchObject({ outcome: 'refused', authenticated: { client: true, server: false } });
    expect(bench.dm.devices.get(DEVICE)?.tree.get('./DevDetail')).toBeUndefined();
  });

  it('a session of an unknown handset with the same name disturbs none at work', async () => {
    const account = await bench.account('device');
    const good = bench.handset(account, {}, async (url, message, encoding) => {
      const answer = await exchangeOverHttp(url, message, encoding);
      if (!disturbed) {
        disturbed = true;
        const bad = bench.handset({ ...account, client: { ...account.client, secret: Secret.ofText('x') } });
        bad.tree.replace('./DevInfo/Lang', 'xx', 'device');
        for (let i = 0; i < 2; i++) await bad.connect().catch(() => undefined);
      }
      return answer;
    });
    let disturbed = false;
    await good.connect().catch(() => undefined);
    expect(bench.dm.devices.get(DEVICE)?.tree.get('./DevInfo/Lang')?.value).toBe('en-US');
  });
});

describe('a session on the wire', () => {
  it('is told from others by its RespURI: who only knows device and SessionID opens another, unproven', async () => {
    const account = await bench.account('device');
    const targets: string[] = [];
    const handset = bench.handset(account, {}, async (url, message, encoding) => {
      targets.push(url);
      if (targets.length === 2) {
        // An impostor sends the same package without credentials of its own, to the well-known address.
        await post(fixtureBytes('syncml/package1-client-initiated.wbxml'));
        expect(bench.dm.devices.get(DEVICE)?.record.user).toBe('device');
      }
      return exchangeOverHttp(url, message, encoding);
    });
    expect((await handset.connect()).outcome).toBe('completed');
    expect(targets[0]).toBe(bench.http.url);
    expect(targets[1]).toMatch(/\/dm\?s=[0-9a-f-]{36}$/);
    const over = await fetch(targets[1] ?? '', {
      method: 'POST',
      headers: { 'content-type': MEDIA_TYPE.wbxml },
      body: Uint8Array.from(fixtureBytes('syncml/package1-client-initiated.wbxml')),
    });
    expect([over.status, await over.text()]).toEqual([400, 'this session is over\n']);
  });
});

describe('jobs', () => {
  it('replaces a leaf and reads it back, with the old value in its history', async () => {
    const handset = bench.handset(await bench.account('device'));
    await handset.connect();
    const device = bench.dm.devices.get(DEVICE);
    device?.list.add({
      kind: 'send',
      commands: [{ kind: 'replace', uri: './Vendor/Display/Brightness', format: 'int', value: '15' }],
      thenRead: true,
    });
    await handset.connect();
    expect(handset.tree.get('./Vendor/Display/Brightness', 'device').value).toBe('15');
    expect(device?.tree.get('./Vendor/Display/Brightness')).toMatchObject({
      value: '15',
      session: '02',
      history: [{ value: '70', session: '01' }],
    });
  });

  it('a session that breaks off loses no work: the next one does it', async () => {
    let exchanges = 0;
    const account = await bench.account('device');
    const handset = bench.handset(account, {}, (url, message, encoding) => {
      if (++exchanges === 3) return Promise.reject(new Error('out of coverage'));
      return exchangeOverHttp(url, message, encoding);
    });
    await expect(handset.connect()).rejects.toThrow('out of coverage');
    expect(bench.dm.devices.get(DEVICE)?.tree.get('./Vendor/Display/Brightness')).toBeUndefined();
    expect((await handset.connect()).outcome).toBe('completed');
    expect(bench.dm.devices.get(DEVICE)?.tree.get('./Vendor/Display/Brightness')?.value).toBe('70');
  });

  it('forgets nodes that are gone', async () => {
    const handset = bench.handset(await bench.account('device'));
    await handset.connect();
    const device = bench.dm.devices.get(DEVICE);
    handset.tree.delete('./Vendor/Display', 'device');
    device?.list.add({ kind: 'read', uri: './Vendor' });
    await handset.connect();
    expect(device?.tree.get('./Vendor/Display')).toBeUndefined();
    expect(device?.tree.get('./Vendor/Display/Brightness')).toBeUndefined();
    expect(device?.tree.get('./Vendor/Battery/Level')).toBeDefined();
    await bench.dm.sweep();
    expect((await bench.store.nodes(DEVICE)).some(node => node.uri.startsWith('./Vendor/Display'))).toBe(false);
  });
});

describe('HTTP binding', () => {
  it('answers a truncated body with 400 and the byte offset, and lives on', async () => {
    const whole = fixtureBytes('syncml/package1-client-initiated.wbxml');
    const response = await post(whole.slice(0, 100));
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/WBXML: expected .*\(at offset 100\)/);
    expect((await post(whole)).status).toBe(200);
  });

  it.each([
    ['wrong type', 415, 'text/plain', 'POST'],
    ['wrong method', 405, MEDIA_TYPE.wbxml, 'GET'],
  ])('%s gives %i', async (_name, status, type, method) => {
    expect((await post(new Uint8Array(), type, method)).status).toBe(status);
  });

  it('every truncation of a message is refused with its offset, never taken', async () => {
    const whole = fixtureBytes('syncml/package2-status-get.wbxml');
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeMessage(whole.slice(0, length), 'wbxml'), `first ${length} bytes`).toThrow(/at offset \d+\)$/);
    }
  });

  it('says where nothing answers', async () => {
    const account = await bench.account('device');
    const handset = bench.handset(account);
    await bench.http.close();
    await expect(handset.connect()).rejects.toMatchObject({ name: 'TransportError', code: 'unreachable' });
  });
});
