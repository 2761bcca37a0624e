/** Alerts as a client sends and answers them (OMA-TS-DM_RepPro-V1_2_1 §6.6.2 and §7). */
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { ProtocolError } from '../../src-core/base/errors.ts';
import type { AlertDraft } from '../../src-core/session/alert-form.ts';
import type { Draft, Message } from '../../src-core/syncml/message.ts';
import { alert, codesIn, get, namesIn, statusesIn } from './bench.ts';
import { device } from './command-device.ts';
import { exec } from './managed-device.ts';
import { requirement } from './require.ts';
import { ScriptedServer } from './scripted-server.ts';
import { isStatusCode } from './status-codes.ts';

describe('Alert', () => {
  const event = alert(1224, { meta: { type: 'text/plain', format: 'chr' }, data: 'battery low' }) as AlertDraft;

  /** The client's message after it was told of the alert. */
  function alerting(draft: Draft): { server: ScriptedServer; reply: Message } {
    const server = new ScriptedServer({ tree: device().tree });
    server.begin([get('./A')]);
    server.session.alert(draft as AlertDraft);
    return { server, reply: server.next([get('./A')]) };
  }

  const alertIn = ({ commands }: Message) => commands.find(command => command.kind === 'Alert');

  requirement('REP-6.6.2-2', () => {
    const server = new ScriptedServer({ encoding: 'xml', alerts: [event] });
    const text = Buffer.from(server.startWire().bytes).toString();
    expect(namesIn(server.last)).toEqual(['Alert 1201', 'Replace', 'Alert 1224']);
    expect(text.slice(text.indexOf('<SyncBody')).includes('<Cred')).toBe(false);
  });

  requirement('REP-6.6.2-4', () => {
    const server = new ScriptedServer({ encoding: 'xml', alerts: [event] });
    const text = Buffer.from(server.startWire().bytes).toString();
    expect([...text.matchAll(/<Alert>.*?<Data>(\d+)<\/Data>/gs)].map(([, code]) => code)).toEqual(['1201', '1224']);
  });

  requirement('REP-6.6.2-5', () => {
    const correlators: (string | undefined)[] = [];
    const server = new ScriptedServer({
      tree: device().tree,
      exec: (_uri, _item, correlator) => {
        correlators.push(correlator);
        return { code: 202 };
      },
    });
    const asked = { ...exec('./A/B'), correlator: 'abc 1234' } as Draft;
    expect(codesIn(server.begin([asked]))).toEqual(['Exec 202']);
    expect(correlators).toEqual(['abc 1234']);
    const [correlator] = correlators;
    const done = alert(1226, {
      source: { uri: './A/B' },
      meta: { type: 'Reversed-Domain-Name: com.example.done', format: 'chr' },
      data: '1',
    });
    server.session.alert({ ...done, ...(correlator !== undefined && { correlator }) } as Extract<
      Draft,
      { kind: 'Alert' }
    >);
    expect(alertIn(server.next([get('./A')]))).toMatchObject({ code: 1226, correlator: 'abc 1234' });
  });

  /** What the client sent of an alert, if it did not refuse it. */
  function sentOf(draft: Draft): ReturnType<typeof alertIn> {
    try {
      return alertIn(alerting(draft).reply);
    } catch (error) {
      if (error instanceof ProtocolError) return undefined;
      throw error;
    }
  }

  requirement('REP-6.6.2-6', () => {
    expect(sentOf(event)?.items[0]?.meta).toMatchObject({ type: 'text/plain', format: 'chr' });
    for (const meta of [undefined, { type: 'text/plain' }, { format: 'chr' }]) {
      expect(sentOf(alert(1224, { ...(meta && { meta }), data: 'battery low' }))).toBeUndefined();
    }
  });

  requirement('REP-6.6.2-10', () => {
    const code = fc.integer({ min: 1100, max: 1299 }).filter(one => one !== 1223);
    fc.assert(
      fc.property(code, fc.array(fc.string({ maxLength: 12 }), { maxLength: 4 }), (one, texts) => {
        const server = new ScriptedServer({ tree: device().tree });
        const items = texts.map(data => ({ data }));
        let reply = server.tryBegin([alert(one, ...items)]);
        for (let i = 0; server.question && i < 5; i++) reply = server.answer({ kind: 'cancelled' });
        if (!reply) throw new Error('the client sent nothing');
        const codes = statusesIn(reply).map(status => status.code);
        expect(codes.length).toBeGreaterThan(0);
        expect(codes.filter(each => !isStatusCode(each))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  requirement('REP-7-1', () => {
    const server = new ScriptedServer({ tree: device().tree });
    server.tryBegin([alert(1101, {}, { data: 'Erase all?' })]);
    expect(server.question).toMatchObject({ kind: 'confirm', text: 'Erase all?' });
    const reply = server.answer({ kind: 'confirmed', yes: false });
    expect(reply && codesIn(reply)).toEqual(['Alert 304']);
  });

  requirement('REP-7-2', () => {
    expect(sentOf(event)).toMatchObject({ code: 1224, items: [{ data: 'battery low' }] });
    expect(sentOf(alert(1224))).toBeUndefined();
    expect(sentOf(alert(1224, { meta: { type: 'text/plain', format: 'chr' } }))).toBeUndefined();
  });
});
