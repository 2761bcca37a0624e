/** OMA-TS-DM_Protocol-V1_2_1 §8.7: generic alerts. */
import { expect } from 'vitest';
import { ProtocolError } from '../../src-core/base/errors.ts';
import type { Draft, Item } from '../../src-core/syncml/message.ts';
import { codesIn, commandsIn, cred, get, headerStatusIn, namesIn, replace, statusesIn, text, WRONG } from './bench.ts';
import { requirement } from './require.ts';
import { ScriptedDevice } from './scripted-device.ts';
import { ScriptedServer } from './scripted-server.ts';

type AlertDraft = Extract<Draft, { kind: 'Alert' }>;

const META = { type: 'Reversed-Domain-Name: org.example.alert', format: 'chr', mark: 'critical' };
const ITEM: Item = { source: { uri: './A/B' }, meta: META, data: 'low battery' };
const generic = (...items: Item[]): AlertDraft => ({ kind: 'Alert', code: 1226, items });
const withMeta = (meta: Item['meta'], data: Item['data'] = 'x'): AlertDraft =>
  generic({ ...ITEM, ...(meta && { meta }), data });

/** What a server answers to the alert of a device that has proved itself. */
const answered = (draft: Draft, alertTypes?: (type: string) => boolean): string[] => {
  const device = new ScriptedDevice(alertTypes ? { alertTypes } : {});
  return codesIn(device.begin([draft]))
    .filter(code => code.startsWith('Alert'))
    .slice(1);
};
/** The alert as a client sends it in package 3. */
const sent = (...drafts: AlertDraft[]) => {
  const server = new ScriptedServer();
  server.start();
  for (const draft of drafts) server.session.alert(draft);
  return commandsIn(server.second([get('./A/B')])).filter(command => command.kind === 'Alert');
};
const expectRefused = (draft: AlertDraft): void => {
  expect(() => new ScriptedServer().session.alert(draft)).toThrow(ProtocolError);
};

requirement('PRO-8.7-1', () => {
  expect(sent(generic(ITEM))[0]?.items[0]?.source?.uri).toBe('./A/B');
  const inPackage1 = commandsIn(new ScriptedServer({ alerts: [generic(ITEM)] }).start());
  expect(inPackage1.at(-1)).toMatchObject({ kind: 'Alert', code: 1226, items: [{ source: { uri: './A/B' } }] });
});

requirement('PRO-8.7-2', () => {
  const device = new ScriptedDevice({ work: [[generic(ITEM), get('./A')]] });
  expect(namesIn(device.begin())).toEqual(['Get']);
  expect(device.unsent.map(([draft]) => draft)).toEqual([generic(ITEM)]);
});

requirement('PRO-8.7-3', () => {
  const device = new ScriptedDevice();
  const reply = device.begin([generic(ITEM, ITEM), generic(ITEM)]);
  const refs = statusesIn(reply).map(({ cmd, cmdRef, code }) => [cmd, cmdRef, code]);
  expect(refs).toEqual([
    ['Alert', '1', 200],
    ['Replace', '2', 200],
    ['Alert', '3', 200],
    ['Alert', '4', 200],
  ]);
  expect(device.alerts).toEqual([1201, 1226, 1226]);
});

requirement('PRO-8.7-4', () => {
  const types = [
    'Content-Type: text/plain',
    'Reversed-Domain-Name: org.example/a/b1',
    'Content-Type: application/x-own',
  ];
  expect(types.map(type => answered(withMeta({ ...META, type })))).toEqual([
    ['Alert 200'],
    ['Alert 200'],
    ['Alert 200'],
  ]);
  const device = new ScriptedDevice();
  device.begin([{ ...generic(ITEM), correlator: 'abc123' }]);
  const taken = device.events.flatMap(event =>
    event.kind === 'alert' && event.alert.code === 1226 ? [event.alert] : [],
  );
  expect(taken).toMatchObject([{ correlator: 'abc123', items: [ITEM] }]);
});

requirement('PRO-8.7-5', () => {
  expect(answered(generic(ITEM), () => false)).toEqual(['Alert 415']);
  expect(answered(withMeta({ ...META, format: 'money' }))).toEqual(['Alert 415']);
});

requirement('PRO-8.7-6', () => {
  const large = generic({ ...ITEM, data: text(1500) });
  const server = new ScriptedServer({
    largeObjects: false,
    maxMsgSize: 700,
    meta: { maxMsgSize: 700 },
    alerts: [large],
  });
  expect(server.startWire().bytes.length).toBeLessThanOrEqual(700);
  const answer = server.second([get('./A/B')]);
  expect([...commandsIn(answer), ...commandsIn(server.last)].filter(command => command.kind === 'Alert')).toEqual([]);
});

requirement('PRO-8.7-7', () => {
  const levels = ['fatal', 'critical', 'minor', 'warning', 'informational', 'harmless', 'indeterminate'];
  const marks = levels.map(mark => sent(withMeta({ ...META, mark }))[0]?.items[0]?.meta?.mark);
  expect(marks).toEqual(levels);
  expectRefused(withMeta({ ...META, mark: 'urgent' }));
});

requirement('PRO-8.7-8', () => {
  expect(answered(generic(ITEM))).toEqual(['Alert 200']);
  expect(answered(withMeta({ type: META.type, format: 'chr' }))).toEqual(['Alert 200']);
});

requirement('PRO-8.7-9', () => {
  const incomplete = [generic(), generic({ meta: META }), withMeta({ format: 'chr' }), withMeta({ type: META.type })];
  for (const draft of incomplete) expect(answered(draft)).toEqual(['Alert 412']);
  const stranger = new ScriptedDevice();
  const reply = stranger.begin([generic(ITEM)], { header: { cred: cred('md5', WRONG) } });
  expect([headerStatusIn(reply)?.code, codesIn(reply).at(-1)]).toEqual([401, 'Alert 401']);
});

requirement('PRO-8.7.1.1-1', () => {
  expect(sent(generic(ITEM))[0]?.cmdId).toMatch(/^[1-9]\d*$/);
});

requirement('PRO-8.7.1.2-1', () => {
  expect(sent(generic(ITEM)).map(({ code }) => code)).toEqual([1226]);
});

requirement('PRO-8.7.1.3-1', () => {
  expect(sent(generic(ITEM))[0]?.items).toHaveLength(1);
  expectRefused(generic());
});

requirement('PRO-8.7.1.3-2', () => {
  const other = { ...ITEM, source: { uri: './A/C' } };
  expect(sent(generic(ITEM, other))[0]?.items.map(({ source }) => source?.uri)).toEqual(['./A/B', './A/C']);
});

requirement('PRO-8.7.1.4-1', () => {
  // An Exec with a Correlator is answered by an alert of the object it names.
  expect(sent({ ...generic(ITEM), correlator: 'abc123' })[0]).toMatchObject({
    correlator: 'abc123',
    items: [{ source: { uri: './A/B' } }],
  });
});

requirement('PRO-8.7.1.5-1', () => {
  expect(sent(generic(ITEM))[0]?.items[0]?.meta).toMatchObject({ type: META.type, format: 'chr' });
  expectRefused(generic({ data: 'x' }));
});

requirement('PRO-8.7.1.6-1', () => {
  expectRefused(withMeta({ format: 'chr' }));
});

requirement('PRO-8.7.1.6-2', () => {
  for (const type of ['samplealert', 'http://example.org/alert', 'Other: org.example', ''])
    expectRefused(withMeta({ ...META, type }));
});

requirement('PRO-8.7.1.6-3', () => {
  const type = 'Content-Type: application/samplealert';
  expect(sent(withMeta({ ...META, type }))[0]?.items[0]?.meta?.type).toBe(type);
  expectRefused(withMeta({ ...META, type: 'application/samplealert' }));
});

requirement('PRO-8.7.1.6-4', () => {
  const type = 'Reversed-Domain-Name: org.example.dm.samplealert';
  expect(sent(withMeta({ ...META, type }))[0]?.items[0]?.meta?.type).toBe(type);
  expectRefused(withMeta({ ...META, type: 'org.example.dm.samplealert' }));
});

requirement('PRO-8.7.1.6-5', () => {
  const type = 'Reversed-Domain-Name: org.example/part1/part2';
  expect(sent(withMeta({ ...META, type }))[0]?.items[0]?.meta?.type).toBe(type);
  for (const name of ['org.example/a b', 'org.example/', 'org..example', 'org.example/a-b', '']) {
    expectRefused(withMeta({ ...META, type: `Reversed-Domain-Name: ${name}` }));
  }
});

requirement('PRO-8.7.1.7-1', () => {
  expectRefused(withMeta({ type: META.type }));
});

requirement('PRO-8.7.1.7-2', () => {
  for (const format of ['chr', 'xml', 'int', 'b64', 'bool'])
    expect(sent(withMeta({ ...META, format }))).toHaveLength(1);
  expectRefused(withMeta({ ...META, format: 'money' }));
});

requirement('PRO-8.7.1.9-1', () => {
  expectRefused(generic({ source: { uri: './A/B' }, meta: META }));
  expect(sent(withMeta(META, ''))).toHaveLength(1);
});

requirement('PRO-8.7.1.9-2', () => {
  const meta = { type: 'Content-Type: image/png', format: 'bin' };
  const bytes = Uint8Array.of(0, 0xff, 0x41);
  for (const encoding of ['wbxml', 'xml'] as const) {
    const server = new ScriptedServer({ encoding });
    server.start();
    server.session.alert(withMeta(meta, bytes));
    const [item] = commandsIn(server.second([replace('./A/B', 'new')])).flatMap(command =>
      'items' in command ? command.items : [],
    );
    const expected = encoding === 'wbxml' ? ['bin', bytes] : ['b64', Buffer.from(bytes).toString('base64')];
    expect([item?.meta?.format, item?.data]).toEqual(expected);
    expect(item?.meta?.type).toBe(meta.type);
  }
});
