/** Answers that do not fit into the next message: they follow, as long as they become fewer. */
import { expect, it } from 'vitest';
import { Outbox } from '../../src-core/session/outbox.ts';
import { DM_1_2 } from '../../src-core/session/versions.ts';
import type { Draft } from '../../src-core/syncml/message.ts';

const status = (msgRef: number): Extract<Draft, { kind: 'Status' }> => ({
  kind: 'Status',
  msgRef,
  cmdRef: '0',
  cmd: 'SyncHdr',
  targetRefs: [],
  sourceRefs: [],
  code: 200,
  items: [],
});

/** Holds one status, not two. */
const narrow = () =>
  new Outbox({
    encoding: 'xml',
    version: DM_1_2,
    sessionId: '1',
    source: { uri: 'IMEI:1' },
    target: { uri: 'http://dm.example/dm' },
    maxMsgSize: 520,
    largeObjects: true,
  });
const build = (outbox: Outbox) => {
  const { message } = outbox.build({ commands: true, final: true, scope: 'package' });
  return message.commands.map(command => (command.kind === 'Status' ? command.msgRef : command.kind));
};

it('answers to the message at hand go out one message after the other where one holds no more', () => {
  const outbox = narrow();
  for (const msgRef of [1, 2, 3]) outbox.acknowledge(status(msgRef));
  expect([build(outbox), build(outbox), build(outbox), build(outbox)]).toEqual([[1], [2], [3], []]);
});

it('a peer whose messages leave ever one more answer behind is refused: there would be no end', () => {
  const outbox = narrow();
  for (const msgRef of [1, 2]) outbox.acknowledge(status(msgRef));
  expect(build(outbox)).toEqual([1]);
  outbox.acknowledge(status(3));
  const tooSmall = expect.objectContaining({ name: 'ProtocolError', code: 'max-msg-size' });
  expect(() => build(outbox)).toThrow(tooSmall);
  outbox.acknowledge(status(4));
  expect(() => build(outbox)).toThrow(tooSmall);
});
