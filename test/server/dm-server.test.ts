import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromHex } from '../../src-core/base/bytes.ts';
import { StoreError } from '../../src-core/base/errors.ts';
import { Secret } from '../../src-core/base/secret.ts';
import type { DmAccount } from '../../src-core/objects/dmacc.ts';
import type { CommandInput } from '../../src-core/server/jobs/command-input.ts';
import { ReadNodes } from '../../src-core/server/jobs/read-nodes.ts';
import type { JobSpec } from '../../src-core/server/jobs/spec.ts';
import type { WorkRecord } from '../../src-core/server/work-item.ts';
import type { Store } from '../../src-core/store/contract.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { decodeMessage, encodeMessage } from '../../src-core/syncml/codec.ts';
import type { Message } from '../../src-core/syncml/message.ts';
import type { Parcel } from '../../src-core/virtual/handset/handset.ts';
import { type DmBench, type DmBenchOptions, startDmBench } from '../support/dm-bench.ts';

const DEVICE = 'IMEI:493005100592800';
const BRIGHTNESS = './Vendor/Display/Brightness';
let bench: DmBench;
let now: number;
const restart = async (options: DmBenchOptions) => {
  await bench.close();
  bench = await startDmBench({ now: () => now, ...options });
};
beforeEach(async () => {
  now = 1_767_323_045_678;
  bench = await startDmBench({ now: () => now });
});
afterEach(() => bench.close());

/** A message and its answer as they travelled. */
interface Sent {
  readonly url: string;
  readonly message: Parcel;
  readonly answer: Parcel;
}

/** A handset whose traffic is kept; `before` may do something first, with what was sent so far. */
function watchedHandset(account: DmAccount, before: (sent: readonly Sent[], next: Parcel) => unknown = () => {}) {
  const sent: Sent[] = [];
  const handset = bench.handset(account, {}, async (url, message, encoding) => {
    await before(sent, message);
    const answer = await bench.direct(url, message, encoding);
    sent.push({ url, message, answer });
    return answer;
  });
  return { handset, sent };
}

const again = ({ url, message }: Pick<Sent, 'url' | 'message'>) => bench.direct(url, message, 'wbxml');
const sessions = (device = DEVICE) => bench.store.sessions(device, 1000);
const messageCount = async () => {
  const counts = (await sessions()).map(async ({ key }) => (await bench.store.messages(key)).length);
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
};
const withPassword = (account: DmAccount, password: string): DmAccount => ({
  ...account,
  client: { ...account.client, secret: Secret.ofText(password) },
});

/** Package 1 without credentials. */
const package1 = (deviceId: string, user = deviceId, more: Partial<Message['header']> = {}) => ({
  bytes: encodeMessage(
    {
      header: {
        verDTD: '1.2',
        verProto: 'DM/1.2',
        sessionId: '1',
        msgId: 1,
        target: { uri: bench.http.url },
        source: { uri: deviceId, name: user },
        ...more,
      },
      commands: [{ kind: 'Alert', cmdId: '1', code: 1201, items: [] }],
      final: true,
    },
    'wbxml',
  ),
});

describe('the same message again', () => {
  it('is answered with the same bytes, whichever it is, and nothing is recorded twice', async () => {
    const { handset, sent } = watchedHandset(await bench.account('device'), async before => {
      const last = before.at(-1);
      if (last) expect((await again(last)).bytes).toEqual(last.answer.bytes);
    });
    expect((await handset.connect()).outcome).toBe('completed');
    const last = sent.at(-1);
    expect(last && (await again(last)).bytes).toEqual(last?.answer.bytes);
    expect([(await sessions()).length, await messageCount()]).toEqual([1, sent.length * 2]);
    expect(sent.length).toBeGreaterThan(3);
  });

  it('package 1 opens one session when it comes twice at once', async () => {
    let both: [Parcel, Parcel] | undefined;
    const { handset } = watchedHandset(await bench.account('device'), async (before, message) => {
      if (before.length > 0) return;
      const { url } = bench.http;
      both = await Promise.all([again({ url, message }), again({ url, message })]);
    });
    expect((await handset.connect()).outcome).toBe('completed');
    expect(both?.[0].bytes).toEqual(both?.[1].bytes);
    expect(await sessions()).toHaveLength(1);
  });

  it('package 1 opens another session once the first has gone on', async () => {
    const account = await bench.account('device', { scheme: 'basic' });
    const { handset, sent } = watchedHandset(account);
    await handset.connect();
    const [first] = sent;
    const answer = first && (await again(first));
    expect(answer?.bytes).not.toEqual(first?.answer.bytes);
    expect(await sessions()).toHaveLength(2);
  });

  it('the last one is answered until it is forgotten, and then the session is over', async () => {
    const { handset, sent } = watchedHandset(await bench.account('device'));
    await handset.connect();
    const [last, one] = [sent.at(-1), sent.at(-2)];
    now += 119_000;
    expect(last && (await again(last)).bytes).toEqual(last?.answer.bytes);
    await expect(one && again(one)).rejects.toMatchObject({ code: 'session-over', status: 400 });
    now += 2000;
    await expect(last && again(last)).rejects.toMatchObject({ code: 'session-over', status: 400 });
  });

  it('of a session that ended at once is answered the same way, until there is work', async () => {
    const parcel = package1('IMEI:1', 'nobody', { verProto: 'DM/9' });
    const url = bench.http.url;
    const answer = await again({ url, message: parcel });
    expect(decodeMessage(answer.bytes, 'wbxml').commands[0]).toMatchObject({ code: 513 });
    expect(await again({ url, message: parcel })).toEqual(answer);
    expect(await sessions('IMEI:1')).toHaveLength(1);
    const device = bench.dm.devices.get('IMEI:1');
    device?.work.add(() => new ReadNodes(['./A'], device));
    await again({ url, message: parcel });
    expect(await sessions('IMEI:1')).toHaveLength(2);
  });

  it('ended sessions are remembered in a limited number', async () => {
    await restart({ limits: { ended: 2 } });
    const ended: Sent[] = [];
    for (const id of ['IMEI:1', 'IMEI:2', 'IMEI:3']) {
      const message = package1(id, 'nobody', { verProto: 'DM/9', sessionId: 'A' });
      ended.push({ url: bench.http.url, message, answer: await again({ url: bench.http.url, message }) });
    }
    for (const one of ended) await again(one);
    const counts = ['IMEI:1', 'IMEI:2', 'IMEI:3'].map(async id => (await sessions(id)).length);
    // The first was forgotten when the third came; coming again it pushed out the second, and that one the third.
    expect(await Promise.all(counts)).toEqual([2, 2, 2]);
  });
});

describe('messages of one session', () => {
  it('are handled one after another when they come at once', async () => {
    let answers: PromiseSettledResult<Parcel>[] = [];
    const { handset } = watchedHandset(await bench.account('device'), async (before, message) => {
      if (before.length !== 1) return;
      const url = /\?s=/.test(before[0]?.url ?? '') ? before[0]?.url : respURI(before[0]?.answer);
      answers = await Promise.allSettled([1, 2, 3].map(() => again({ url: url ?? '', message })));
    });
    expect((await handset.connect()).outcome).toBe('completed');
    const bytes = answers.map(answer => (answer.status === 'fulfilled' ? answer.value.bytes : answer.reason));
    expect(bytes[1]).toEqual(bytes[0]);
    expect(bytes[2]).toEqual(bytes[0]);
  });

  it('have one encoding', async () => {
    const { handset, sent } = watchedHandset(await bench.account('device'), async before => {
      if (before.length !== 1) return;
      const bytes = encodeMessage(decodeMessage(before[0]?.message.bytes ?? new Uint8Array(), 'wbxml'), 'xml');
      const url = respURI(before[0]?.answer) ?? '';
      await expect(bench.direct(url, { bytes }, 'xml')).rejects.toMatchObject({ code: 'encoding', status: 400 });
    });
    expect((await handset.connect()).outcome).toBe('completed');
    expect(sent.length).toBeGreaterThan(2);
  });
});

const send = (...commands: CommandInput[]): JobSpec => ({ kind: 'send', commands, thenRead: true });
const respURI = (answer: Parcel | undefined) => answer && decodeMessage(answer.bytes, 'wbxml').header.respURI;

describe('a session that breaks off', () => {
  it('at any message loses no work: the next session does it', async () => {
    const account = await bench.account('device');
    await bench.handset(account).connect();
    for (let at = 1; at < 4; at++) {
      const device = bench.dm.devices.get(DEVICE);
      device?.list.add(send({ kind: 'replace', uri: BRIGHTNESS, format: 'int', value: String(at) }));
      const record = await bench.store.findAccount('device');
      const fresh = record && { ...account, client: { ...account.client, nonce: record.clientNonce } };
      const { handset } = watchedHandset(fresh ?? account, before => {
        if (before.length === at) throw new Error('out of coverage');
      });
      await expect(handset.connect()).rejects.toThrow('out of coverage');
      expect(device?.work.queued).toBe(1);
      const next = await bench.store.findAccount('device');
      const { handset: second } = watchedHandset({
        ...account,
        client: { ...account.client, nonce: next?.clientNonce ?? new Uint8Array() },
      });
      expect((await second.connect()).outcome).toBe('completed');
      // The second device is as it came from the factory: an answered command is not sent again, only read back.
      expect([device?.work.queued, device?.tree.get(BRIGHTNESS)?.value]).toEqual([0, at < 3 ? String(at) : '70']);
    }
  });

  it('is closed when its device goes silent, sooner when it proved nothing', async () => {
    await again({ url: bench.http.url, message: package1('IMEI:9') });
    const { handset } = watchedHandset(await bench.account('device'), before => {
      if (before.length === 1) throw new Error('out of coverage');
    });
    await handset.connect().catch(() => undefined);
    const open = () => [bench.dm.inSession('IMEI:9'), bench.dm.inSession(DEVICE)];
    await bench.dm.sweep();
    expect(open()).toEqual([true, true]);
    now += 61_000;
    await bench.dm.sweep();
    expect(open()).toEqual([false, true]);
    now += 240_000;
    await bench.dm.sweep();
    expect(open()).toEqual([false, false]);
    expect((await sessions())[0]).toMatchObject({ state: 'failed', detail: 'the device went silent', endedAt: now });
  });

  it('gives way to a new one of the same device', async () => {
    const account = await bench.account('device');
    let calls = 0;
    const { handset, sent } = watchedHandset(account, () => {
      if (++calls % 3 === 0) throw new Error('out of coverage');
    });
    await handset.connect().catch(() => undefined);
    await handset.connect().catch(() => undefined);
    expect((await sessions()).map(({ state, detail }) => [state, detail])).toEqual([
      ['open', 'authenticated'],
      ['failed', 'the device began anew'],
    ]);
    await expect(sent[1] && again(sent[1])).rejects.toMatchObject({ code: 'session-over' });
  });
});

describe('credentials', () => {
  it.each(['basic', 'md5', 'hmac'] as const)('%s: the account is found, both sides prove themselves', async scheme => {
    const { handset } = watchedHandset(await bench.account('device', { scheme }));
    for (let i = 0; i < 2; i++) {
      const report = await handset.connect();
      expect(report).toMatchObject({ outcome: 'completed', authenticated: { client: true, server: true } });
    }
    expect((await sessions()).map(session => session.scheme)).toEqual([scheme, scheme]);
  });

  it('are per device: the password of one is nothing for another', async () => {
    const one = await bench.account('one', { password: 'first' });
    const two = await bench.account('two', { password: 'second' });
    const imei = (account: DmAccount, digits: string) =>
      bench.handset(account, { imei: digits }, bench.direct).connect();
    expect((await imei(one, '490000000000001')).outcome).toBe('completed');
    expect((await imei(two, '490000000000002')).outcome).toBe('completed');
    expect((await imei(withPassword(one, 'second'), '490000000000001')).outcome).toBe('refused');
    const bound = (await bench.store.accounts()).map(({ user, deviceId }) => [user, deviceId]);
    expect(bound).toEqual([
      ['one', 'IMEI:490000000000001'],
      ['two', 'IMEI:490000000000002'],
    ]);
  });
});

describe('an account and its device', () => {
  const [A, B] = ['IMEI:490000000000001', 'IMEI:490000000000002'];
  const connect = (account: DmAccount, deviceId: string, exchange = bench.direct) =>
    bench.handset(account, { imei: deviceId.slice(5) }, exchange).connect();
  const bound = async (user: string) => (await bench.store.findAccount(user))?.deviceId;
  const userOf = (deviceId: string) => bench.dm.devices.get(deviceId)?.record.user;
  const last = async (deviceId: string) => (await sessions(deviceId))[0];

  it.each(['basic', 'md5', 'hmac', 'none'] as const)(
    '%s: in the name of another device it gets nothing',
    async scheme => {
      const alice = await bench.account('alice', { scheme });
      const bob = await bench.account('bob', { scheme });
      expect((await connect(alice, A)).outcome).toBe('completed');
      expect((await connect(bob, B)).outcome).toBe('completed');
      const device = bench.dm.devices.get(B);
      device?.work.add(() => new ReadNodes(['./A'], device));
      const before = [device?.record, device?.tree.nodes()];
      for (let i = 0; i < 6; i++) expect((await connect(alice, B)).outcome).toBe('refused');
      expect(await last(B)).toMatchObject({
        clientAuthenticated: false,
        detail: expect.stringMatching(`40[17]: the account alice belongs to device ${A}; bind it to ${B} first`),
      });
      expect([device?.record, device?.tree.nodes()]).toEqual(before);
      expect([device?.work.queued, await bound('alice'), await bound('bob')]).toEqual([1, A, B]);
      // Nor does it lock the account for its own device.
      expect((await bench.store.findAccount('alice'))?.failures).toBe(0);
      expect((await connect(alice, A)).outcome).toBe('completed');
    },
  );

  it('a session of the device goes on while others try in its name', async () => {
    const alice = await bench.account('alice');
    await connect(alice, A);
    const bob = await bench.account('bob');
    let tries = 0;
    const report = await connect(bob, B, async (...message) => {
      if (tries++ === 2) expect((await connect(alice, B)).outcome).toBe('refused');
      return bench.direct(...message);
    });
    expect([report.outcome, tries > 3]).toEqual(['completed', true]);
  });

  it('a device takes no other account either, not even a new one', async () => {
    await connect(await bench.account('alice'), A);
    const fresh = await bench.account('fresh');
    expect((await connect(fresh, A)).outcome).toBe('refused');
    expect((await last(A))?.detail).toBe(`401: the device ${A} belongs to account alice; bind it to fresh first`);
    expect([await bound('fresh'), userOf(A)]).toEqual([undefined, 'alice']);
  });

  it('of two devices that try a new account at once one gets it', async () => {
    const account = await bench.account('alice', { scheme: 'basic' });
    const parcels: Parcel[] = [];
    for (const id of [A, B]) {
      const keep = async (_url: string, message: Parcel): Promise<Parcel> => {
        parcels.push(message);
        throw new Error('kept');
      };
      await expect(connect(account, id, keep)).rejects.toThrow('kept');
    }
    await Promise.all(parcels.map(message => again({ url: bench.http.url, message })));
    expect([(await last(A))?.clientAuthenticated, (await last(B))?.clientAuthenticated]).toEqual([true, false]);
    expect([await bound('alice'), userOf(A), userOf(B)]).toEqual([A, 'alice', undefined]);
  });

  it('a session that began before the account was bound gets nothing after', async () => {
    const account = await bench.account('alice');
    const stale = { ...account, client: { ...account.client, nonce: fromHex('00') } };
    let calls = 0;
    const slow = connect(stale, B, async (...message) => {
      if (calls++ === 1) expect((await connect(account, A)).outcome).toBe('completed');
      return bench.direct(...message);
    });
    await expect(slow).rejects.toMatchObject({ code: 'session-over' });
    expect((await last(B))?.detail).toBe(`401: the account alice belongs to device ${A} now`);
  });

  it('are bound anew when a person says so', async () => {
    const alice = await bench.account('alice');
    await connect(alice, A);
    await bench.dm.rebind('alice');
    expect([await bound('alice'), userOf(A)]).toEqual([undefined, undefined]);
    expect((await bench.store.devices())[0]).not.toHaveProperty('user');
    const record = await bench.store.findAccount('alice');
    const { clientNonce = new Uint8Array(), serverNonce = new Uint8Array() } = record ?? {};
    const moved = { client: { ...alice.client, nonce: clientNonce }, server: { ...alice.server, nonce: serverNonce } };
    expect((await connect({ ...alice, ...moved }, B)).outcome).toBe('completed');
    expect((await connect(await bench.account('fresh'), A)).outcome).toBe('completed');
    expect([await bound('alice'), await bound('fresh')]).toEqual([B, A]);
  });
});

describe('before authentication', () => {
  const send = (message: Parcel) => again({ url: bench.http.url, message });

  it('a message has two hundred commands at most', async () => {
    const message = (count: number) => {
      const commands = Array.from({ length: count }, (_, i) => ({
        kind: 'Alert' as const,
        cmdId: String(i + 1),
        code: 1201,
        items: [],
      }));
      const whole = decodeMessage(package1('IMEI:1').bytes, 'wbxml');
      return { bytes: encodeMessage({ ...whole, commands }, 'wbxml') };
    };
    await send(message(200));
    await expect(send(message(201))).rejects.toMatchObject({ code: 'too-many-commands', status: 413 });
    expect(await sessions('IMEI:1')).toHaveLength(1);
  });

  it.each([
    ['LocURI of Source', { source: { uri: 'I'.repeat(1025) } }],
    ['LocName of Source', { source: { uri: 'IMEI:1', name: 'I'.repeat(1025) } }],
    ['RespURI', { respURI: 'h'.repeat(1025) }],
    ['SessionID', { sessionId: '1'.repeat(65) }],
    ['VerDTD', { verDTD: '1'.repeat(65) }],
    ['VerProto', { verProto: '1'.repeat(65) }],
  ])('%s has a limited length', async (name, header) => {
    await expect(send(package1('IMEI:1', 'x', header))).rejects.toMatchObject({
      code: 'too-long',
      status: 400,
      message: expect.stringMatching(`^${name} has `),
    });
    expect(bench.dm.devices.all()).toEqual([]);
  });

  it('bodies are small: only the key of a session that proved itself gives room', async () => {
    const limits: (readonly [boolean, number])[] = [];
    const account = await bench.account('device');
    const stale = { ...account, client: { ...account.client, nonce: fromHex('00') } };
    const { handset } = watchedHandset(stale, before => {
      const uri = respURI(before.at(-1)?.answer);
      const key = uri === undefined ? undefined : (new URL(uri).searchParams.get('s') ?? undefined);
      limits.push([key !== undefined, bench.dm.bodyLimit(key)]);
    });
    await handset.connect();
    expect(limits.slice(0, 3)).toEqual([
      [false, 256 * 1024],
      [true, 256 * 1024],
      [true, 16 * 1024 * 1024],
    ]);
    expect(bench.dm.bodyLimit('unknown')).toBe(256 * 1024);
  });
});

describe('a new launch', () => {
  it('marks what a crash left open as failed, and forgets old sessions of strangers', async () => {
    const store = openSqliteStore(':memory:');
    await restart({ store });
    for (let i = 0; i < 300; i++) await again({ url: bench.http.url, message: package1(`IMEI:${i}`) });
    await bench.http.close();
    now += 1000;
    bench = await startDmBench({ now: () => now, store });
    const left = { state: 'failed', detail: 'the server stopped', endedAt: now };
    expect(await sessions('IMEI:0')).toMatchObject([left]);
    for (let i = 300; i < 600; i++) await again({ url: bench.http.url, message: package1(`IMEI:${i}`) });
    await bench.http.close();
    bench = await startDmBench({ now: () => now, store });
    expect(await sessions('IMEI:99')).toEqual([]);
    expect(await sessions('IMEI:100')).toMatchObject([left]);
    expect(await store.unprovenSessions()).toHaveLength(500);
  });
});

describe('lockout', () => {
  const fail = async (account: DmAccount) =>
    expect((await bench.handset(withPassword(account, 'wrong'), {}, bench.direct).connect()).outcome).toBe('refused');
  const succeed = (account: DmAccount) => bench.handset(account, {}, bench.direct).connect();
  const lockedFor = async () => ((await bench.store.findAccount('device'))?.lockedUntil ?? now) - now;

  it('five sessions in a row with wrong credentials lock the account, longer after each further one', async () => {
    const account = await bench.account('device');
    for (let i = 0; i < 4; i++) await fail(account);
    expect(await lockedFor()).toBe(0);
    await fail(account);
    expect(await lockedFor()).toBe(60_000);
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      now += await lockedFor();
      await fail(account);
      waits.push((await lockedFor()) / 60_000);
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('while it lasts the right password is answered as a wrong one, and people see why', async () => {
    const account = await bench.account('device');
    await fail(account);
    const shapes = async () => {
      const [session] = await sessions();
      const messages = await bench.store.messages(session?.key ?? '');
      return messages.map(({ bytes, direction }) => {
        const { commands, header, final } = decodeMessage(bytes, 'wbxml');
        const codes = commands.map(command => (command.kind === 'Status' ? command.code : command.kind));
        return [direction, codes, header.source, header.cred !== undefined, final];
      });
    };
    const asWrong = await shapes();
    for (let i = 0; i < 4; i++) await fail(account);
    expect((await sessions())[0]?.detail).toMatch(/^401: .*; locked until 2026-01-02T03:05:05\.678Z$/);
    expect((await succeed(account)).outcome).toBe('refused');
    expect(await shapes()).toEqual(asWrong);
    expect((await sessions())[0]?.detail).toBe(
      '401: locked until 2026-01-02T03:05:05.678Z after too many wrong credentials',
    );
    expect(bench.dm.devices.get(DEVICE)?.record.user).toBeUndefined();
    // Tries during the lock do not make it longer.
    expect((await bench.store.findAccount('device'))?.failures).toBe(5);
    now += 60_000;
    expect((await succeed(account)).outcome).toBe('completed');
  });

  it('a success clears the count', async () => {
    const account = await bench.account('device');
    for (let i = 0; i < 4; i++) await fail(account);
    const handset = bench.handset(account, {}, bench.direct);
    expect((await handset.connect()).outcome).toBe('completed');
    expect((await bench.store.findAccount('device'))?.failures).toBe(0);
    for (let i = 0; i < 4; i++) await fail(account);
    expect((await handset.connect()).outcome).toBe('completed');
  });

  it('a stale nonce is no failure that stays, missing credentials are none', async () => {
    const account = await bench.account('device');
    const stale = { ...account, client: { ...account.client, nonce: fromHex('00') } };
    for (let i = 0; i < 6; i++) {
      await again({ url: bench.http.url, message: package1(DEVICE, 'device', { sessionId: String(i) }) });
      expect((await bench.handset(stale, {}, bench.direct).connect()).outcome).toBe('completed');
    }
    expect((await bench.store.findAccount('device'))?.failures).toBe(0);
  });

  it('counts tries in sessions at the same time, and leaves none of them another', async () => {
    await bench.account('device');
    const cred = { meta: { format: 'b64', type: 'syncml:auth-md5' }, data: 'AAAAAAAAAAAAAAAAAAAAAA==' };
    const parcels = Array.from({ length: 20 }, (_, i) => package1(`IMEI:${i}`, 'device', { cred }));
    const answers = await Promise.all(parcels.map(message => again({ url: bench.http.url, message })));
    expect(await bench.store.findAccount('device')).toMatchObject({ failures: 5, lockedUntil: now + 60_000 });
    const [first] = answers;
    const second = package1('IMEI:0', 'device', { cred, msgId: 2 });
    await expect(again({ url: respURI(first) ?? '', message: second })).rejects.toMatchObject({ code: 'session-over' });
  });

  it('survives a restart of the server', async () => {
    const store = openSqliteStore(':memory:');
    await restart({ store });
    const account = await bench.account('device');
    for (let i = 0; i < 5; i++) await fail(account);
    await bench.http.close();
    bench = await startDmBench({ now: () => now, store });
    expect((await succeed({ ...account, serverUrl: bench.http.url })).outcome).toBe('refused');
    now += 60_000;
    expect((await succeed({ ...account, serverUrl: bench.http.url })).outcome).toBe('completed');
  });
});

describe('strangers', () => {
  const knock = (id: string, sessionId = '1') =>
    again({ url: bench.http.url, message: package1(id, id, { sessionId }) });

  it('leave no device record; their session is seen for a while', async () => {
    await knock('IMEI:7');
    expect(bench.dm.devices.all().map(({ record }) => record.id)).toEqual(['IMEI:7']);
    expect(await bench.store.devices()).toEqual([]);
    expect(await sessions('IMEI:7')).toMatchObject([{ state: 'open', clientAuthenticated: false }]);
    now += 61_000;
    await bench.dm.sweep();
    expect(await sessions('IMEI:7')).toMatchObject([{ state: 'failed', detail: 'the device went silent' }]);
  });

  it('of one name have four sessions at most, the oldest gives way', async () => {
    for (let i = 0; i < 6; i++) await knock('IMEI:7', String(i));
    expect((await sessions('IMEI:7')).map(({ sessionId, state }) => [sessionId, state])).toEqual([
      ['5', 'open'],
      ['4', 'open'],
      ['3', 'open'],
      ['2', 'open'],
      ['1', 'failed'],
      ['0', 'failed'],
    ]);
  });

  it('of many names have a limited number of sessions and bytes, and push out no device that proved itself', async () => {
    await restart({ limits: { unproven: 10 } });
    const { handset } = watchedHandset(await bench.account('device'), async before => {
      if (before.length === 1) for (let i = 0; i < 30; i++) await knock(`IMEI:${i}`);
    });
    expect((await handset.connect()).outcome).toBe('completed');
    const open = Array.from({ length: 30 }, (_, i) => bench.dm.inSession(`IMEI:${i}`));
    expect(open.map(Number).join('')).toBe(`${'0'.repeat(20)}${'1'.repeat(10)}`);
    await restart({ limits: { unprovenBytes: 1000 } });
    for (let i = 0; i < 30; i++) await knock(`IMEI:${i}`);
    const left = Array.from({ length: 30 }, (_, i) => bench.dm.inSession(`IMEI:${i}`)).filter(Boolean);
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(5);
  });

  it('do not fill the store: of their ended sessions the last five hundred are kept', async () => {
    for (let i = 0; i < 520; i++) {
      const message = package1('IMEI:7', 'nobody', { verProto: 'DM/9', sessionId: i.toString(16), msgId: i + 1 });
      await again({ url: bench.http.url, message });
    }
    const kept = await sessions('IMEI:7');
    expect([kept.length, kept.at(-1)?.sessionId]).toEqual([500, (20).toString(16)]);
    expect(await messageCountOf('IMEI:7')).toBe(1000);
  });

  const messageCountOf = async (device: string) => {
    const counts = (await sessions(device)).map(async ({ key }) => (await bench.store.messages(key)).length);
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  };
});

describe('alerts', () => {
  it('client events and generic alerts are told with all that is in them, once their message is kept', async () => {
    const { handset } = watchedHandset(await bench.account('device'));
    const meta = { type: 'Reversed-Domain-Name: com.example.diagnosis', format: 'chr', mark: 'critical' };
    const items = [{ source: { uri: './Vendor/Battery' }, meta, data: 'hot' }];
    handset.raise({ kind: 'Alert', code: 1226, correlator: 'abc', items });
    handset.raise({
      kind: 'Alert',
      code: 1224,
      items: [{ meta: { type: 'text/plain', format: 'chr' }, data: 'pressed' }],
    });
    await handset.connect();
    const [session] = await sessions();
    const told = bench.events.filter(event => event.kind === 'alert');
    expect(told).toMatchObject([
      { deviceId: DEVICE, sessionKey: session?.key, alert: { code: 1226, correlator: 'abc', items } },
      { deviceId: DEVICE, sessionKey: session?.key, alert: { code: 1224 } },
    ]);
  });

  it('of a stranger are told to nobody', async () => {
    const account = withPassword(await bench.account('device'), 'wrong');
    const { handset } = watchedHandset(account);
    handset.raise({
      kind: 'Alert',
      code: 1226,
      items: [{ meta: { type: 'Content-Type: text/plain', format: 'chr' }, data: 'lie' }],
    });
    await handset.connect();
    expect(bench.events.filter(event => event.kind === 'alert')).toEqual([]);
  });
});

describe('work', () => {
  it('any commands can be sent; their statuses are kept', async () => {
    const { handset } = watchedHandset(await bench.account('device'));
    await handset.connect();
    const replace = (uri: string) => ({ kind: 'replace', uri, format: 'int', value: '1' }) as const;
    const both = { kind: 'atomic', commands: [replace(BRIGHTNESS), replace('./Vendor/No')] } as const;
    await bench.dm.live.add(DEVICE, send(both));
    await handset.connect();
    const [work] = await bench.store.jobs.ofDevice(DEVICE, 1);
    expect(work).toMatchObject({ state: 'refused', done: true });
    expect((work as unknown as WorkRecord).progress.statuses.map(({ path, name, code }) => [path, name, code])).toEqual(
      [
        ['1', 'Atomic', 507],
        ['1.1', 'Replace', 216],
        ['1.2', 'Replace', 404],
      ],
    );
    expect(handset.tree.get(BRIGHTNESS, 'device').value).toBe('70');
  });
});

describe('a store that fails', () => {
  it('ends the session: the answer does not go out, and the work is done in the next', async () => {
    const store = openSqliteStore(':memory:');
    let broken = false;
    const failing = new Proxy(store, {
      get(target, name) {
        const method = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        if (name === 'addMessages' && broken) return () => Promise.reject(new StoreError('failed', 'disk full'));
        return method.bind(target);
      },
    }) as Store;
    await restart({ store: failing });
    let calls = 0;
    const { handset, sent } = watchedHandset(await bench.account('device'), () => {
      broken = ++calls === 3;
    });
    await expect(handset.connect()).rejects.toThrow('disk full');
    await expect(
      again({ url: sent[1]?.url ?? '', message: sent[1]?.message ?? { bytes: new Uint8Array() } }),
    ).rejects.toMatchObject({
      code: 'session-over',
    });
    expect((await handset.connect()).outcome).toBe('completed');
    expect(bench.dm.devices.get(DEVICE)?.tree.get(BRIGHTNESS)?.value).toBe('70');
    await bench.dm.sweep();
    expect(await nodeUris()).toEqual(
      bench.dm.devices
        .get(DEVICE)
        ?.tree.nodes()
        .map(({ uri }) => uri)
        .toSorted(),
    );
  });

  const nodeUris = async () => (await bench.store.nodes(DEVICE)).map(({ uri }) => uri).toSorted();
});
