/** Media types, WBXML versions and what stands in the elements (OMA-TS-DM_RepPro-V1_2_1 §5, §6.1 to §6.5). */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect } from 'vitest';
import { textOf } from '../../src-core/encoding/markup.ts';
import { startHttpBinding } from '../../src-core/server/http-binding.ts';
import { decodeMarkup, decodeMessage, type Encoding, MEDIA_TYPE } from '../../src-core/syncml/codec.ts';
import type { Draft, Item } from '../../src-core/syncml/message.ts';
import { leaf } from '../../src-core/tree/node.ts';
import { exchangeOverHttp } from '../../src-core/virtual/handset/http-exchange.ts';
import {
  add,
  alert,
  codesIn,
  commandsIn,
  get,
  headerStatusIn,
  namesIn,
  nonceIn,
  replace,
  resultsIn,
  text,
} from './bench.ts';
import { allCommands, elementsOf, markupOf, runSession, type Session } from './both-ends.ts';
import { addInterior, EVERYTHING, exec, ManagedDevice, remove } from './managed-device.ts';
import { requirement } from './require.ts';
import { ScriptedDevice } from './scripted-device.ts';
import { ACCOUNT, ScriptedServer } from './scripted-server.ts';

const ENCODINGS: readonly Encoding[] = ['wbxml', 'xml'];
const DM_TYPES = ['application/vnd.syncml.dm+wbxml', 'application/vnd.syncml.dm+xml'];

/** Media type under which a handset sends a message. */
async function typeOfRequest(encoding: Encoding): Promise<string | undefined> {
  const types: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    types.push(request.headers['content-type']);
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await exchangeOverHttp(url, { bytes: Uint8Array.of(1) }, encoding);
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
  return types[0];
}

/** Media type under which the server answers. */
async function typeOfAnswer(encoding: Encoding): Promise<string | null> {
  const binding = await startHttpBinding({
    host: '127.0.0.1',
    port: 0,
    handler: async () => ({ bytes: Uint8Array.of(1) }),
  });
  const headers = { 'content-type': MEDIA_TYPE[encoding] };
  const response = await fetch(binding.url, { method: 'POST', headers, body: 'x' });
  await response.arrayBuffer();
  await binding.close();
  return response.headers.get('content-type');
}

requirement('REP-5-1', async () => {
  for (const encoding of ENCODINGS) expect(DM_TYPES).toContain(await typeOfRequest(encoding));
});

requirement('REP-5-2', async () => {
  for (const encoding of ENCODINGS) expect(DM_TYPES).toContain(await typeOfAnswer(encoding));
});

/** The message as an encoder of WBXML 1.`minor` writes it: 1.0 has no charset after the public identifier. */
function inVersion(bytes: Uint8Array, minor: number): Uint8Array {
  const [, first] = bytes;
  const charset = first === 0 ? 3 : bytes.findIndex((byte, i) => i > 0 && byte < 0x80) + 1;
  const header = minor === 0 ? [...bytes.slice(1, charset)] : [...bytes.slice(1, charset + 1)];
  return Uint8Array.from([minor, ...header, ...bytes.slice(charset + 1)]);
}

requirement('REP-5-3', () => {
  const { bytes, message } = new ScriptedDevice({ work: [[get('./A')]] }).exchange([]);
  for (const minor of [0, 1, 2, 3]) {
    expect(decodeMessage(inVersion(bytes, minor), 'wbxml'), `1.${minor}`).toEqual(message);
  }
});

requirement('REP-5-4', () => {
  const { bytes, message } = new ScriptedServer().startWire();
  for (const minor of [0, 1, 2, 3]) {
    expect(decodeMessage(inVersion(bytes, minor), 'wbxml'), `1.${minor}`).toEqual(message);
  }
});

requirement('REP-5-5', () => {
  expect([1, 2, 3]).toContain(new ScriptedServer().startWire().bytes[0]);
});

requirement('REP-5-6', () => {
  expect([1, 2, 3]).toContain(new ScriptedDevice().exchange([]).bytes[0]);
});

requirement('REP-6.1.2-1', () => {
  const { meta } = headerStatusIn(new ScriptedDevice().begin())?.chal ?? {};
  expect(meta).toMatchObject({ type: 'syncml:auth-md5', format: 'b64' });
  expect(Buffer.from(nonceIn(new ScriptedDevice().begin())).toString('hex')).toBe('20');
});

requirement('REP-6.1.2-3', () => {
  const device = new ScriptedDevice({ account: { clientScheme: 'hmac' } });
  const { meta } = headerStatusIn(device.begin([], { header: { cred: undefined } }))?.chal ?? {};
  expect(meta).toMatchObject({ type: 'syncml:auth-MAC', format: 'b64' });
});

requirement('REP-6.1.2-2', () => {
  const server = new ScriptedServer();
  const reply = server.begin([get('./A')]);
  expect(headerStatusIn(reply)?.chal?.meta).toMatchObject({ type: 'syncml:auth-md5', format: 'b64' });
  expect(Buffer.from(nonceIn(reply)).toString('hex')).toBe('10');
});

requirement('REP-6.1.2-4', () => {
  const server = new ScriptedServer({ account: { ...ACCOUNT, server: { ...ACCOUNT.server, scheme: 'hmac' } } });
  const reply = server.begin([get('./A')]);
  expect(headerStatusIn(reply)?.chal?.meta).toMatchObject({ type: 'syncml:auth-MAC', format: 'b64' });
});

const WORK: readonly (readonly Draft[])[] = [
  [addInterior('./A/New'), add('./A/E', 'e'), replace('./A/B', 'b1'), remove('./A/C'), get('./A/B')],
  [{ kind: 'Sequence', commands: [alert(1100, {}, { data: 'Hello' }), exec('./A/E')] }],
  [{ kind: 'Atomic', commands: [replace('./A/B', 'b3')] }],
];

/** Names of the elements in which Cred stands. */
function placesOfCred(session: Session, side: 'client' | 'server'): string[] {
  const places = session[side].flatMap(wire =>
    [...elementsOf(markupOf(wire, session.encoding))]
      .filter(({ element }) => element.name === 'Cred')
      .map(({ parent }) => parent?.name ?? 'nothing'),
  );
  return [...new Set(places)];
}

requirement('REP-6.1.6-1', () => {
  for (const encoding of ENCODINGS) {
    expect(placesOfCred(runSession({ encoding, work: WORK }), 'server')).toEqual(['SyncHdr']);
  }
});

requirement('REP-6.1.6-2', () => {
  for (const encoding of ENCODINGS) {
    expect(placesOfCred(runSession({ encoding, work: WORK }), 'client')).toEqual(['SyncHdr']);
  }
});

requirement('REP-6.1.6-3', () => {
  const { cred } = new ScriptedDevice({ work: [[get('./A')]] }).begin().header;
  expect(cred?.meta).toEqual({ type: 'syncml:auth-md5', format: 'b64' });
});

requirement('REP-6.1.6-4', () => {
  const { cred } = new ScriptedServer().start().header;
  expect(cred?.meta).toEqual({ type: 'syncml:auth-md5', format: 'b64' });
});

requirement('REP-6.1.25-1', () => {
  expect(new ScriptedDevice().begin().header.verProto).toBe('DM/1.2');
});

requirement('REP-6.1.25-2', () => {
  expect(new ScriptedServer().start().header.verProto).toBe('DM/1.2');
});

requirement('REP-6.2.1-1', async () => {
  expect(await typeOfAnswer('xml')).toBe('application/vnd.syncml.dm+xml');
  expect(await typeOfAnswer('wbxml')).toBe('application/vnd.syncml.dm+wbxml');
});

requirement('REP-6.2.1-2', async () => {
  expect(await typeOfRequest('xml')).toBe('application/vnd.syncml.dm+xml');
  expect(await typeOfRequest('wbxml')).toBe('application/vnd.syncml.dm+wbxml');
});

/** Texts that XML has other uses for. */
const awkward = fc
  .array(fc.constantFrom('<', '>', '&', '"', "'", ']]>', '<![CDATA[', '<!--', '&amp;', 'ä', ' ', 'a', '<b/>'), {
    minLength: 1,
    maxLength: 12,
  })
  .map(parts => parts.join(''));

/** Data elements of a document in XML: what stands in them, and whether an element does. */
function dataOf(bytes: Uint8Array): { text: string; elements: number }[] {
  return [...elementsOf(decodeMarkup(bytes, 'xml'))]
    .filter(({ element }) => element.name === 'Data')
    .map(({ element }) => ({
      text: textOf(element),
      elements: element.children.filter(child => child.kind === 'element').length,
    }));
}

/** Sends text there and back, as XML; `side` is whose Data is looked at. */
function carriesAwkwardText(side: 'client' | 'server'): void {
  fc.assert(
    fc.property(awkward, data => {
      const session = runSession({ encoding: 'xml', work: [[replace('./A/B', data)], [get('./A/B')]] });
      const sent = session[side].flatMap(({ bytes }) => dataOf(bytes));
      expect(sent).toContainEqual({ text: data, elements: 0 });
    }),
    { numRuns: 50 },
  );
}

requirement('REP-6.3.1-1', () => carriesAwkwardText('server'));
requirement('REP-6.3.1-2', () => carriesAwkwardText('client'));

/** Items of Add and Replace in what the server sent. */
function itemsSent(...drafts: Draft[]): Item[] {
  const device = new ScriptedDevice({ work: [drafts] });
  return allCommands(device.begin()).flatMap(command =>
    command.kind === 'Add' || command.kind === 'Replace' ? command.items : [],
  );
}

requirement('REP-6.3.2-1', () => {
  const target = { uri: './A/B' };
  const meta = { format: 'chr', type: 'text/plain' };
  expect(itemsSent({ kind: 'Replace', items: [{ target, meta, data: '' }] })).toEqual([{ target, meta, data: '' }]);
  for (const kind of ['Add', 'Replace'] as const) {
    expect(itemsSent({ kind, items: [{ target, meta }] }), `${kind} without data`).toEqual([]);
  }
});

requirement('REP-6.3.2-2', () => {
  const device = new ManagedDevice([leaf('Empty', '', EVERYTHING), leaf('Full', 'f', EVERYTHING)]);
  for (const encoding of ENCODINGS) {
    const items = ['./Empty', './Full'].flatMap(uri => device.in(encoding).items(uri));
    expect(items.map(({ data }) => data)).toEqual(['', 'f']);
  }
});

/** A device that was asked for ./A/B, and the references of Results to that. */
function askedForB() {
  const device = new ScriptedDevice({ work: [[get('./A/B')], [get('./A/C')]], maxObjSize: 100 });
  const package2 = device.begin();
  const [command] = commandsIn(package2);
  if (!command) throw new Error('the server asked for nothing');
  const refs = { msgRef: package2.header.msgId, cmdRef: command.cmdId, targetRefs: [], sourceRefs: [] };
  const results = (data: string, more: object = {}): Draft => ({
    kind: 'Results',
    ...refs,
    items: [{ source: { uri: './A/B' }, data, ...more }],
  });
  return { device, command, results };
}

requirement('REP-6.5.1-1', () => {
  const { device, command, results } = askedForB();
  expect(codesIn(device.send([device.headerStatus(), device.status(command), results('b')]))).toEqual([]);
  expect(device.results).toHaveLength(1);
});

requirement('REP-6.5.1-2', () => {
  const { device, command, results } = askedForB();
  const reply = device.send([device.headerStatus(), device.status(command), results(text(101))]);
  expect(codesIn(reply)).toEqual(['Results 413']);
  expect(device.results).toEqual([]);
});

requirement('REP-6.5.1-3', () => {
  const { device, command, results } = askedForB();
  const chunk = results('abc', { meta: { size: 6 }, moreData: true });
  const reply = device.send([device.headerStatus(), device.status(command), chunk], { final: false });
  expect(namesIn(reply)).toEqual(['Alert 1222']);
});

requirement('REP-6.5.1-4', () => {
  const chunk = replace('./A/B', 'abc', { meta: { format: 'chr', size: 6 }, moreData: true });
  const reply = new ScriptedServer().begin([chunk], { final: false });
  expect(namesIn(reply)).toEqual(['Alert 1222']);
  expect(resultsIn(reply)).toEqual([]);
});
