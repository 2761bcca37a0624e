import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { MessageRecord } from '../../src-core/store/contract.ts';
import { encodeMessage } from '../../src-core/syncml/codec.ts';
import type { Command, Message, Status } from '../../src-core/syncml/message.ts';
import { refuseOwnServer } from '../../src-core/workbench/replay/address.ts';
import { commandsAgain } from '../../src-core/workbench/replay/again.ts';
import { compareMessages } from '../../src-core/workbench/replay/compare.ts';
import { readRecording } from '../../src-core/workbench/replay/recording.ts';
import { type MemoryTarget, type ReplayStep, runReplay } from '../../src-core/workbench/replay/run.ts';
import { withoutMasked } from '../../src-core/workbench/replay/without-masked.ts';
import { maskMessage } from '../../src-core/workbench/session-mask.ts';

const PASSWORD = 'hunter22';
const basic = Buffer.from(`user:${PASSWORD}`).toString('base64');

function header(msgId: number, more: Partial<Message['header']> = {}): Message['header'] {
  const target = { uri: 'http://real.example/dm' };
  return { verDTD: '1.2', verProto: 'DM/1.2', sessionId: '1', msgId, target, source: { uri: 'IMEI:1' }, ...more };
}
const status = (cmdId: string, msgRef: number, cmdRef = '0', cmd = 'SyncHdr'): Status => ({
  kind: 'Status',
  cmdId,
  msgRef,
  cmdRef,
  cmd,
  code: 200,
  targetRefs: [],
  sourceRefs: [],
  items: [],
});
const replace = (cmdId: string, uri: string, data: string): Command => ({
  kind: 'Replace',
  cmdId,
  items: [{ target: { uri }, meta: { format: 'chr' }, data }],
});
const get: Command = { kind: 'Get', cmdId: '9', items: [{ target: { uri: './A' } }] };
const begin: Command = { kind: 'Alert', cmdId: '1', code: 1201, items: [] };
const cred = { meta: { type: 'syncml:auth-basic', format: 'b64' }, data: basic };

function recording(encoding: 'wbxml' | 'xml', downs: readonly Command[], proof = false): MessageRecord[] {
  const up = header(1, proof ? { cred } : {});
  const messages: [Message['header'], readonly Command[]][] = [
    [up, [begin]],
    [header(1), [status('1', 1), ...downs]],
    [header(2), [status('1', 1), ...downs.map((one, i) => status(String(i + 2), 1, one.cmdId, one.kind))]],
    [header(2), [status('1', 2)]],
  ];
  return messages.map(([head, commands], i) => ({
    key: String(i),
    sessionKey: '1',
    at: i,
    direction: i % 2 === 0 ? 'up' : 'down',
    package: Math.min(i + 1, 4),
    encoding,
    bytes: encodeMessage({ header: head, commands: [...commands], final: true }, encoding),
  }));
}

function maskedOf(records: readonly MessageRecord[]) {
  const hidden = records.map(record => ({ record, ...maskMessage(record) }));
  return {
    records: hidden.map(({ record, bytes }) => ({ ...record, bytes })),
    masked: new Map(hidden.map(one => [one.record.key, one.hidden])),
  };
}

type Listening = { readonly url: string; close(): void };
async function listen(handler: RequestListener): Promise<Listening> {
  const server = createServer(handler);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/dm`, close: () => void server.close() };
}

async function replay(records: readonly MessageRecord[], target: MemoryTarget, dmUrl = 'http://192.0.2.1:1/dm') {
  const ports = { now: () => 0, random: (bytes: number) => new Uint8Array(bytes), dmUrl };
  let last: ReplayStep | undefined;
  for await (const step of runReplay(records, target, ports, new AbortController().signal)) last = step;
  return last;
}

describe('a recording from a file without secrets', () => {
  const downs = [replace('2', './DMAcc/1/AppAuth/1/AAuthSecret', PASSWORD), replace('3', './A/B', 'a*b'), get];

  test.each(['wbxml', 'xml'] as const)('no stars are sent as a value; it says what was left out: %s', encoding => {
    const { records, masked } = maskedOf(recording(encoding, downs));
    const sound = withoutMasked(records, masked, ['down']);
    const { commands } = commandsAgain(readRecording(sound.records).exchanges);
    expect(commands).toMatchObject([{ kind: 'replace', uri: './A/B', value: 'a*b' }, { kind: 'get' }]);
    expect(sound.leftOut).toEqual([
      'Replace ./DMAcc/1/AppAuth/1/AAuthSecret of message 2: its value was left out of the file',
    ]);
  });

  test('the values of 42 bytes, whose length is a star, too', () => {
    const long = replace('2', './Vendor/Password', 'x'.repeat(42));
    const group: Command = { kind: 'Atomic', cmdId: '5', commands: [long] };
    const { records, masked } = maskedOf(recording('wbxml', [group, get]));
    const sound = withoutMasked(records, masked, ['down']);
    expect(commandsAgain(readRecording(sound.records).exchanges).commands).toEqual([{ kind: 'get', uri: './A' }]);
  });

  test('masked credentials are not sent to any server', async () => {
    const { records, masked } = maskedOf(recording('xml', downs, true));
    const ports = { now: () => 0, random: (bytes: number) => new Uint8Array(bytes) };
    const target = { kind: 'server', url: 'http://real.example/dm' } as const;
    const steps = runReplay(records, target, ports, new AbortController().signal, masked);
    await expect(steps.next()).rejects.toMatchObject({ code: 'needs-password', advice: expect.any(String) });
  });
});

describe('the address of a replay', () => {
  test('recorded credentials are for the recorded server alone', async () => {
    let asked = 0;
    const other = await listen((_, response) => void response.end(String(++asked)));
    try {
      const target = { kind: 'server', url: other.url } as const;
      await expect(replay(recording('xml', [get], true), target)).rejects.toMatchObject({ code: 'needs-password' });
      expect(asked).toBe(0);
    } finally {
      other.close();
    }
  });

  test.each(['RespURI', 'redirect'])('a %s does not lead to another server', async way => {
    let victimAsked = 0;
    const victim = await listen((_, response) => void response.end(String(++victimAsked)));
    const evil = await listen((_, response) => {
      if (way === 'redirect') return void response.writeHead(307, { location: victim.url }).end();
      response.setHeader('content-type', 'application/vnd.syncml.dm+xml');
      const head = header(1, { respURI: victim.url });
      response.end(encodeMessage({ header: head, commands: [status('1', 1), get], final: true }, 'xml'));
    });
    try {
      const step = await replay(recording('xml', [get], true), { kind: 'server', url: evil.url, password: 'p' });
      expect(step).toMatchObject({ done: true, failed: true });
      expect(victimAsked).toBe(0);
    } finally {
      evil.close();
      victim.close();
    }
  });

  const lan = Object.values(networkInterfaces()).flatMap(found => found ?? []);
  const hosts = ['127.0.0.1', '127.9.9.9', '0.0.0.0', '[::1]', '[::]', '[::ffff:127.0.0.1]', 'localhost', 'localhost.'];
  const own = [...hosts, ...lan.filter(({ family }) => family === 'IPv4').map(({ address }) => address)];
  test.each(own)('%s with the port of this workbench is this workbench', async host => {
    for (const dmUrl of ['http://192.168.1.20:8080/dm', 'http://127.0.0.1:8080/dm']) {
      await expect(refuseOwnServer(`http://${host}:8080/dm`, dmUrl)).rejects.toMatchObject({ code: 'own-server' });
      await expect(refuseOwnServer(`http://${host}:8081/dm`, dmUrl)).resolves.toBeUndefined();
    }
    await expect(refuseOwnServer('http://192.0.2.7:8080/dm', 'http://127.0.0.1:8080/dm')).resolves.toBeUndefined();
  });
});

// With a path made for every pair this took minutes: far beyond the time that any test has here.
test('tens of thousands of equal commands are compared in the time that a test has', () => {
  const gets = Array.from({ length: 32_000 }, (_, i) => ({ ...get, cmdId: String(i + 2) }) as Command);
  const bytes = encodeMessage({ header: header(1), commands: gets, final: true }, 'wbxml');
  expect(compareMessages({ bytes, encoding: 'wbxml' }, { bytes, encoding: 'wbxml' })).toEqual([]);
});
