import { describe, expect, test } from 'vitest';
import { Secret } from '../../src-core/base/secret.ts';
import { startHttpBinding } from '../../src-core/server/http-binding.ts';
import type { ServerSession } from '../../src-core/session/server-session.ts';
import type { MessageRecord } from '../../src-core/store/contract.ts';
import { decodeMessage, encodeMessage } from '../../src-core/syncml/codec.ts';
import type { Command, Draft, Message } from '../../src-core/syncml/message.ts';
import { commandsAgain } from '../../src-core/workbench/replay/again.ts';
import { type DeviceStep, replayOnDevice } from '../../src-core/workbench/replay/device.ts';
import { readRecording } from '../../src-core/workbench/replay/recording.ts';
import { type MemoryTarget, type ReplayStep, runReplay } from '../../src-core/workbench/replay/run.ts';
import type { WorkService } from '../../src-core/workbench/work-service.ts';
import type { CommandInput, WorkView } from '../../src-core/workbench/work-views.ts';
import { ACCOUNT } from '../support/dm-account.ts';
import { SERVER_ACCOUNT, serverSession } from '../support/memory-session.ts';
import { recordedHandset, recordedSession } from '../support/recorded-session.ts';

const ports = { now: () => 0, random: (bytes: number) => new Uint8Array(bytes).fill(7) };

async function replay(messages: readonly MessageRecord[], target: MemoryTarget): Promise<ReplayStep> {
  let last: ReplayStep | undefined;
  for await (const step of runReplay(messages, target, ports, new AbortController().signal)) last = step;
  if (!last) throw new Error('the replay said nothing');
  return last;
}

/** The recording with one message changed. */
function planted(
  messages: readonly MessageRecord[],
  at: number,
  change: (commands: readonly Command[]) => readonly Command[],
): MessageRecord[] {
  return messages.map((record, i) => {
    if (i !== at) return record;
    const message: Message = decodeMessage(record.bytes, record.encoding);
    return { ...record, bytes: encodeMessage({ ...message, commands: change(message.commands) }, record.encoding) };
  });
}

const get = (uri: string): Draft => ({ kind: 'Get', items: [{ target: { uri } }] });
const replace = (uri: string, data: string): Draft => ({
  kind: 'Replace',
  items: [{ target: { uri }, meta: { format: 'chr', type: 'text/plain' }, data }],
});
const GROUP: Draft = { kind: 'Atomic', commands: [replace('./A/B', 'c'), replace('./A/B', 'd')] };
const PACKAGES = [
  [get('./A'), GROUP],
  [replace('./A/B', 'x'), get('./A/B')],
];
const withStatus =
  (cmd: string, code: number) =>
  (commands: readonly Command[]): Command[] =>
    commands.map(command => (command.kind === 'Status' && command.cmd === cmd ? { ...command, code } : command));

describe('the device’s side against a DM server session', () => {
  test.each(['wbxml', 'xml'] as const)('comes back as it was recorded: %s', async encoding => {
    const { messages } = recordedSession({ packages: PACKAGES, server: { encoding } });
    const { differences, detail, messages: sent } = await replay(messages, { kind: 'server-here' });
    expect(differences).toEqual([]);
    expect(detail).toBe('the session ended as it was recorded');
    expect(sent).toHaveLength(messages.length);
  });

  test('a planted status is the one difference: its element, both values, its message', async () => {
    const { messages } = recordedSession({ packages: PACKAGES });
    const changed = planted(messages, 1, withStatus('Replace', 405));
    const { differences } = await replay(changed, { kind: 'server-here' });
    expect(differences).toEqual([
      { messageKey: '1-1', number: 2, path: 'SyncBody/Status[3]/Data', recorded: '405', replayed: '200' },
    ]);
  });

  test('a command that only the recording has is one difference, whatever comes after it', async () => {
    const { messages } = recordedSession({ packages: PACKAGES });
    const extra: Command = { kind: 'Alert', cmdId: '90', code: 1225, items: [{ source: { uri: './A/Big' } }] };
    const changed = planted(messages, 3, ([first, ...rest]) => [...(first ? [first] : []), extra, ...rest]);
    const { differences } = await replay(changed, { kind: 'server-here' });
    expect(differences).toHaveLength(1);
    expect(differences[0]).toMatchObject({ number: 4, path: 'SyncBody/Alert' });
    expect(differences[0]?.recorded).toContain('<Data>1225</Data>');
    expect(differences[0]).not.toHaveProperty('replayed');
  });

  test('rounds that only asked for credentials are left out: the replay brings fresh ones', async () => {
    const account = { ...SERVER_ACCOUNT, clientNonce: Uint8Array.of(9), serverNonce: Uint8Array.of(8) };
    const { messages } = recordedSession({ packages: PACKAGES, account });
    const { differences, messages: sent } = await replay(messages, { kind: 'server-here' });
    expect(differences).toEqual([]);
    expect(sent).toHaveLength(messages.length - 2);
  });

  test('HMAC: every message is proven anew', async () => {
    const client = { ...ACCOUNT.client, scheme: 'hmac' } as const;
    const server = { ...ACCOUNT.server, scheme: 'hmac' } as const;
    const account = { ...SERVER_ACCOUNT, clientScheme: 'hmac', serverScheme: 'hmac' } as const;
    const { messages } = recordedSession({
      packages: PACKAGES,
      account,
      client: { account: { ...ACCOUNT, client, server } },
    });
    expect((await replay(messages, { kind: 'server-here' })).differences).toEqual([]);
  });

  test('a large object is cut into the same chunks', async () => {
    const { messages } = recordedSession({ packages: [[replace('./A/B', 'x'.repeat(12_000))], [get('./A/B')]] });
    expect(messages.length).toBeGreaterThan(8);
    expect((await replay(messages, { kind: 'server-here' })).differences).toEqual([]);
  });

  test('a session that was refused is refused again', async () => {
    const account = { ...SERVER_ACCOUNT, client: { user: 'device', password: Secret.ofText('another') } };
    const { messages } = recordedSession({ account });
    const { differences } = await replay(messages, { kind: 'server-here' });
    expect(differences).toEqual([]);
  });

  test('a message that cannot be read ends the replay, and it says so', async () => {
    const { messages } = recordedSession({ packages: PACKAGES });
    const broken = messages.map((record, i) => (i === 3 ? { ...record, bytes: record.bytes.subarray(0, 40) } : record));
    const { detail, messages: sent } = await replay(broken, { kind: 'server-here' });
    expect(detail).toMatch(/; message 4 cannot be read: /);
    expect(sent).toHaveLength(4);
  });

  test('a session without a message of the device cannot be replayed', async () => {
    await expect(replay([], { kind: 'server-here' })).rejects.toThrow('this session has no message of the device');
  });
});

describe('the device’s side against a DM server at an address', () => {
  /** A server with this work behind real HTTP, for one session. */
  async function serve(packages: readonly (readonly Draft[])[]) {
    let session: ServerSession | undefined;
    return startHttpBinding({
      host: '127.0.0.1',
      port: 0,
      handler: async ({ bytes, encoding }) => {
        const wire = { message: decodeMessage(bytes, encoding), bytes };
        session ??= serverSession(wire, packages).session;
        return session.receive(wire).reply;
      },
    });
  }

  test('the challenge of a server elsewhere is answered, and its other command is found', async () => {
    const { messages } = recordedSession({ packages: PACKAGES });
    const http = await serve([
      [get('./A/Raw'), GROUP],
      [replace('./A/B', 'x'), get('./A/B')],
    ]);
    try {
      const target = { kind: 'server', url: http.url, password: 'client-pässword' } as const;
      const { differences, messages: sent } = await replay(messages, target);
      expect(sent).toHaveLength(messages.length + 2);
      expect(differences).toEqual([
        { messageKey: '1-1', number: 2, path: 'SyncBody/Get/Item/Target/LocURI', recorded: './A', replayed: './A/Raw' },
      ]);
    } finally {
      await http.close();
    }
  });

  test('a server that has nothing to do ends early: what was recorded after is missing', async () => {
    const { messages } = recordedSession({ packages: PACKAGES });
    const http = await serve([]);
    try {
      const { differences } = await replay(messages, { kind: 'server', url: http.url, password: 'client-pässword' });
      expect(differences[0]).toMatchObject({
        number: 2,
        path: 'SyncBody/Get/Item/Target/LocURI',
        replayed: './DevInfo/DevId',
      });
      expect(differences.at(-1)).toMatchObject({ path: '' });
    } finally {
      await http.close();
    }
  });

  test('nobody there: the replay failed, and says why', async () => {
    const { messages } = recordedSession();
    const step = await replay(messages, { kind: 'server', url: 'http://127.0.0.1:9/dm', password: 'any' });
    expect(step).toMatchObject({ done: true, failed: true });
    expect(step.detail).toContain('cannot be reached');
  });
});

describe('the server’s side against a virtual handset', () => {
  const VENDOR = [
    [get('./Vendor/Display/Brightness'), get('./Vendor?list=StructData')],
    [replace('./Vendor/WelcomeText', 'hi')],
  ];

  test.each(['wbxml', 'xml'] as const)('the handset says what was recorded: %s', async encoding => {
    const { messages } = await recordedHandset(VENDOR, encoding);
    const { differences, detail, messages: sent } = await replay(messages, { kind: 'handset' });
    expect(differences).toEqual([]);
    expect(detail).toBe("the handset's session ended completed: the server has no more commands");
    expect(sent).toHaveLength(messages.length);
  });

  test('a planted value is the one difference', async () => {
    const { messages } = await recordedHandset(VENDOR, 'wbxml');
    const changed = planted(messages, 2, commands =>
      commands.map(command =>
        command.kind === 'Results' && command.cmdRef === '4'
          ? { ...command, items: command.items.map(item => ({ ...item, data: '71' })) }
          : command,
      ),
    );
    const { differences } = await replay(changed, { kind: 'handset' });
    expect(differences).toEqual([
      { messageKey: '1-2', number: 3, path: 'SyncBody/Results[1]/Item/Data', recorded: '71', replayed: '70' },
    ]);
  });

  test('a message that the device no longer sends is missing', async () => {
    const { messages } = await recordedHandset(VENDOR, 'wbxml');
    const [up, down] = messages.slice(2, 4);
    if (!up || !down) throw new Error('no third message');
    const { differences } = await replay([...messages, up, down], { kind: 'handset' });
    expect(differences).toEqual([
      { messageKey: up.key, number: messages.length + 1, path: '', recorded: expect.stringContaining('Results') },
    ]);
  });
});

describe('the recorded commands once more on a device', () => {
  const WORK: WorkView = {
    id: '7',
    title: '',
    uris: [],
    commands: [],
    xml: '',
    state: 'answered',
    statuses: [],
    results: [],
    moreResults: 0,
    unsent: [],
    reads: { answered: 0, refused: 0 },
    done: true,
    createdAt: 0,
  };

  /** A device that answers with this; what it was sent, and what was taken back. */
  function device(answers: Pick<WorkView, 'statuses' | 'results'> & Partial<WorkView>) {
    const sent: CommandInput[][] = [];
    const cancelled: string[] = [];
    const work: WorkService = {
      preview: () => Promise.reject(new Error('nobody asks')),
      send: async (_id, commands) => {
        sent.push([...commands]);
        return { workId: '7', held: true };
      },
      watch: async function* (_id, signal) {
        yield [{ ...WORK, state: 'queued', done: false }];
        if (!signal.aborted) yield [{ ...WORK, ...answers }];
      },
      cancel: async id => void cancelled.push(id),
      hold: async () => undefined,
    };
    return { work, sent, cancelled };
  }

  const status = (path: string, code: number) => ({ path, name: '', uri: '', code, words: '' });

  async function onDevice(messages: readonly MessageRecord[], answers: Parameters<typeof device>[0]) {
    const { work, sent } = device(answers);
    const again = commandsAgain(readRecording(messages).exchanges);
    let last: DeviceStep | undefined;
    for await (const step of replayOnDevice(again, 'IMEI:1', work, new AbortController().signal)) last = step;
    return { sent, last, again };
  }

  test('sends the same commands, groups as groups, and finds no difference where the device answers as before', async () => {
    const packages = [[get('./A/B'), GROUP], [{ kind: 'Delete', items: [{ target: { uri: './A/None' } }] } as Draft]];
    const { messages } = recordedSession({ packages });
    const { sent, last } = await onDevice(messages, {
      statuses: [status('1', 200), status('2', 200), status('2.1', 200), status('2.2', 200), status('3', 404)],
      results: [{ path: '1', uri: './A/B', value: 'b' }],
    });
    const value = { format: 'chr', type: 'text/plain' };
    expect(sent).toEqual([
      [
        { kind: 'get', uri: './A/B' },
        {
          kind: 'atomic',
          commands: [
            { kind: 'replace', uri: './A/B', value: 'c', ...value },
            { kind: 'replace', uri: './A/B', value: 'd', ...value },
          ],
        },
        { kind: 'delete', uri: './A/None' },
      ],
    ]);
    expect(last).toMatchObject({ done: true, failed: false, answered: 5, differences: [] });
  });

  test('another status and another value are told with the message that answered then', async () => {
    const { messages } = recordedSession({ packages: [[get('./A/B'), replace('./A/B', 'x')]] });
    const { last } = await onDevice(messages, {
      statuses: [status('1', 200), status('2', 425)],
      results: [{ path: '1', uri: './A/B', value: 'z' }],
    });
    expect(last?.differences).toEqual([
      { messageKey: '1-2', number: 3, path: 'Get ./A/B → Results ./A/B', recorded: 'b', replayed: 'z' },
      { messageKey: '1-2', number: 3, path: 'Replace ./A/B → Status', recorded: '200', replayed: '425' },
    ]);
  });

  test('questions to a person are left out, and named', () => {
    const ask: Draft = { kind: 'Alert', code: 1100, items: [{ data: '' }, { data: 'Hello' }] };
    const { messages } = recordedSession({ packages: [[ask, get('./A')]] });
    const { commands, leftOut } = commandsAgain(readRecording(messages).exchanges);
    expect(commands).toEqual([{ kind: 'get', uri: './A' }]);
    expect(leftOut).toEqual(['Alert 1100 of message 2']);
  });

  test('cancelled while it waits, it is taken back', async () => {
    const { work, cancelled } = device({ statuses: [], results: [] });
    const { messages } = recordedSession({ packages: [[get('./A')]] });
    const abort = new AbortController();
    const again = commandsAgain(readRecording(messages).exchanges);
    for await (const step of replayOnDevice(again, 'IMEI:1', work, abort.signal)) {
      expect(step).toMatchObject({ done: false, detail: 'waiting for the device to connect' });
      abort.abort();
    }
    expect(cancelled).toEqual(['7']);
  });
});
