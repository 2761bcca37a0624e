/** A server that takes a message in and answers later: no package has to come within any time (Protocol §8). */
import { describe, expect, it } from 'vitest';
import type { ServerExchange, ServerTaken } from '../../src-core/session/server-session.ts';
import type { Wire } from '../../src-core/session/wire.ts';
import type { Draft } from '../../src-core/syncml/message.ts';
import { clientSession, serverSession, wireOf } from '../support/memory-session.ts';

const getB: Draft = { kind: 'Get', items: [{ target: { uri: './A/B' } }] };

function replyOf(taken: ServerExchange | ServerTaken): Wire {
  if (!('reply' in taken)) throw new Error('there is no answer yet');
  return taken.reply;
}

/** Both sides know each other, the server's first Get is answered; the device's message is on its way. */
function inManagement(packages: (readonly Draft[])[]) {
  const client = clientSession();
  const start = client.start();
  const { session, told } = serverSession(start, [[getB], ...packages]);
  let message = start;
  for (;;) {
    const taken = session.take(message);
    if (!('reply' in taken)) return { client, session, told, message, taken };
    const { reply } = client.receive(wireOf(taken.reply.message));
    if (!reply) throw new Error('the session ended');
    message = reply;
  }
}

describe('a message that nobody has an answer for yet', () => {
  it('is taken in at once; its answer comes when it is asked for', () => {
    const { client, session, told, taken } = inManagement([[getB]]);
    expect([told, session.waiting, taken.packageIn]).toEqual([['Get ./A/B 200', 'Get ./A/B = b'], true, 3]);
    const { reply, packageOut, events } = session.answer();
    expect([packageOut, events, session.waiting]).toEqual([4, [], false]);
    const next = client.receive(wireOf(reply.message)).reply;
    if (next) session.take(next);
    expect(told.slice(2)).toEqual(['Get ./A/B 200', 'Get ./A/B = b']);
    expect(session.answer().events).toMatchObject([{ kind: 'ended', outcome: 'completed' }]);
    expect(session.state).toBe('ended');
  });

  it('that comes again waits for the same answer, and is not taken twice', () => {
    const { session, told, message } = inManagement([[getB]]);
    const before = told.length;
    expect(session.take(message)).toEqual({ packageIn: 3, events: [], repeated: true });
    expect(told).toHaveLength(before);
    const { reply } = session.answer();
    expect(session.take(message)).toMatchObject({ reply, repeated: true, events: [] });
    expect(replyOf(session.receive(message)).bytes).toEqual(reply.bytes);
  });

  it('that comes again to a server that does not wait any more is answered', () => {
    const { session, message } = inManagement([[getB]]);
    const exchange = session.receive(message);
    expect(exchange.reply.message.commands.map(({ kind }) => kind)).toEqual(['Status', 'Get']);
    expect(session.waiting).toBe(false);
  });

  it('and another that goes back in numbers is refused', () => {
    const { session, message } = inManagement([]);
    const old = wireOf({ ...message.message, header: { ...message.message.header, msgId: 1 } });
    expect(() => session.take(old)).toThrow(`expected a MsgID above ${message.message.header.msgId}, found 1`);
  });

  it('is answered with an abort where the session is to be broken off', () => {
    const { session } = inManagement([[getB]]);
    session.abort('the person had enough');
    const { reply, events } = session.answer();
    expect(reply.message.commands.at(-1)).toMatchObject({ kind: 'Alert', code: 1223 });
    expect(events).toMatchObject([{ kind: 'ended', outcome: 'aborted', reason: 'the person had enough' }]);
  });
});

describe('a message that has its answer', () => {
  it('does not wait: there is nothing to do, but the device has not judged this server yet', () => {
    const start = clientSession().start();
    const { session } = serverSession(start, []);
    const taken = session.take(start);
    expect(replyOf(taken).message.commands.some(({ kind }) => kind === 'Get')).toBe(true);
    expect(() => session.answer()).toThrow('no message waits for an answer');
  });
});
