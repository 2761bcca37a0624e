import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { RequestError } from '../../src-core/base/errors.ts';
import { Secret } from '../../src-core/base/secret.ts';
import type { MessageRecord } from '../../src-core/store/contract.ts';
import { decodeMessage } from '../../src-core/syncml/codec.ts';
import { messageBody } from '../../src-core/workbench/message-body.ts';
import { readSessionFile, writeSessionFile } from '../../src-core/workbench/session-file.ts';
import { maskMessage } from '../../src-core/workbench/session-mask.ts';
import { ACCOUNT } from '../support/dm-account.ts';
import { oddSession } from '../support/fake-messages.ts';
import { SERVER_ACCOUNT } from '../support/memory-session.ts';
import { BEGAN, recordedSession } from '../support/recorded-session.ts';

const options = { now: BEGAN, by: 'DM Workbench 9.9' } as const;
const odd = oddSession('IMEI:1', BEGAN);
const BASIC_PASSWORD = 'correct horse battery';

describe('a session file', () => {
  test('with its secrets brings back the session and every byte', () => {
    const { record, messages } = recordedSession();
    const file = readSessionFile(writeSessionFile(record, messages, { ...options, secrets: 'included' }));
    const { key: _, ...session } = record;
    expect(file).toMatchObject({ secrets: 'included', by: 'DM Workbench 9.9', exportedAt: BEGAN, session });
    expect(file.messages.map(({ bytes }) => toHex(bytes))).toEqual(messages.map(({ bytes }) => toHex(bytes)));
    expect(file.messages.map(({ at, direction, package: part }) => [at, direction, part])).toEqual(
      messages.map(({ at, direction, package: part }) => [at, direction, part]),
    );
  });

  test('any bytes come back, whatever they are', () => {
    const { record } = recordedSession();
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(bytes, content => {
        const message: MessageRecord = { ...frame, bytes: content };
        const text = writeSessionFile(record, [message], { ...options, secrets: 'included' });
        expect(readSessionFile(text).messages[0]?.bytes).toEqual(content);
      }),
    );
  });

  test('without secrets holds no digest and no nonce, and every offset stays', () => {
    const { record, messages } = recordedSession();
    const text = writeSessionFile(record, messages, { ...options, secrets: 'masked' });
    const file = readSessionFile(text);
    const first = decodeMessage(messages[0]?.bytes ?? new Uint8Array(), 'wbxml');
    const digest = first.header.cred?.data ?? '';
    expect(digest).toHaveLength(24);
    for (const [i, { bytes, encoding }] of file.messages.entries()) {
      expect(bytes).toHaveLength(messages[i]?.bytes.length ?? -1);
      expect(Buffer.from(bytes).includes(digest)).toBe(false);
      expect(decodeMessage(bytes, encoding).commands).toHaveLength(
        decodeMessage(messages[i]?.bytes ?? new Uint8Array(), encoding).commands.length,
      );
    }
    const nonces = file.messages.map(({ bytes }) => decodeMessage(bytes, 'wbxml').commands);
    const chal = nonces.flat().flatMap(command => (command.kind === 'Status' && command.chal ? [command.chal] : []));
    expect(chal.map(({ meta }) => meta.nextNonce)).toEqual(chal.map(() => expect.stringMatching(/^\*+$/)));
    expect(file.messages[0]?.masked.map(({ why }) => why)).toEqual([
      'credentials: the password can be guessed from them',
    ]);
  });

  test('basic credentials and secrets of accounts are stars, also in messages that break off', () => {
    const text = writeSessionFile({ ...recordedSession().record }, odd.records, { ...options, secrets: 'masked' });
    const base64 = Buffer.from(`device-1:${BASIC_PASSWORD}`).toString('base64');
    for (const { bytes } of readSessionFile(text).messages) {
      const content = Buffer.from(bytes).toString('latin1');
      expect(content).not.toContain(base64);
      expect(content).not.toContain(BASIC_PASSWORD);
    }
  });

  test('a password account: the file with stars shows the same elements as the session', () => {
    const client = { ...ACCOUNT.client, scheme: 'basic', secret: Secret.ofText('pass') } as const;
    const account = {
      ...SERVER_ACCOUNT,
      clientScheme: 'basic',
      client: { user: 'device', password: client.secret },
    } as const;
    const { messages } = recordedSession({ account, client: { account: { ...ACCOUNT, client } } });
    for (const record of messages) {
      const masked = messageBody({ ...record, bytes: maskMessage(record).bytes });
      expect(masked.outline.map(({ kind, depth, start, end }) => [kind, depth, start, end])).toEqual(
        messageBody(record).outline.map(({ kind, depth, start, end }) => [kind, depth, start, end]),
      );
    }
  });

  test.each([
    ['no JSON', '{', 'it is no JSON'],
    ['another file', '{"version": 1}', 'format is missing, expected "dm-workbench-session"'],
    ['a list', '[]', 'format is missing'],
    ['null', 'null', 'format is missing'],
    ['a part missing', '{"format": "dm-workbench-session", "version": 1}', 'exportedAt: '],
  ])('%s is refused with the reason', (_, text, reason) => {
    expect(() => readSessionFile(text)).toThrow(RequestError);
    expect(() => readSessionFile(text)).toThrow(reason);
  });

  test('a message that is no base64 is named by its place', () => {
    const { record, messages } = recordedSession();
    const file = JSON.parse(writeSessionFile(record, messages, { ...options, secrets: 'included' }));
    file.messages[1].bytes = 'no base64!';
    expect(() => readSessionFile(JSON.stringify(file))).toThrow(/this is no session file: messages\.1\.bytes: /);
  });

  test('a later version is refused with what to do', () => {
    const text = '{"format": "dm-workbench-session", "version": 2}';
    expect(() => readSessionFile(text)).toThrow('version 2 of session files is newer than this workbench');
  });
});

const frame: MessageRecord = {
  key: '1',
  sessionKey: '1',
  at: BEGAN,
  direction: 'up',
  package: 1,
  encoding: 'wbxml',
  bytes: fromHex(''),
};
