/** Commands as a server sends them, and alerts as it answers them (OMA-TS-DM_RepPro-V1_2_1 §6.6). */
import fc from 'fast-check';
import { expect } from 'vitest';
import { textOf } from '../../src-core/encoding/markup.ts';
import type { AuthScheme } from '../../src-core/syncml/credentials.ts';
import type { Draft, Item } from '../../src-core/syncml/message.ts';
import { add, alert, CLIENT, CLIENT_NONCE, codesIn, cred, get, replace, statusesIn } from './bench.ts';
import { allCommands, elementsOf, markupOf } from './both-ends.ts';
import { copy, exec, remove } from './managed-device.ts';
import { requirement } from './require.ts';
import { ScriptedDevice } from './scripted-device.ts';
import { isStatusCode } from './status-codes.ts';

type ItemDraft = Extract<Draft, { readonly items: readonly Item[] }>;

const notice = (): Draft => alert(1100, {}, { data: 'Hello' });

/** The message in which a server with this work sends it, its own credentials in the header. */
function sending(draft: Draft, serverScheme: AuthScheme = 'md5') {
  const device = new ScriptedDevice({ work: [[draft]], account: { serverScheme } });
  const wire = device.exchange([alert(1201)], { header: { cred: cred('md5', CLIENT, CLIENT_NONCE) } });
  return { device, elements: [...elementsOf(markupOf(wire, 'wbxml'))], commands: allCommands(wire.message) };
}

function sendsWithoutCred(draft: Draft): void {
  const { elements, commands } = sending(draft);
  expect(commands.map(({ kind }) => kind)).toContain(draft.kind);
  const places = elements.filter(({ element }) => element.name === 'Cred').map(({ parent }) => parent?.name);
  expect(places).toEqual(['SyncHdr']);
}

function sends(draft: Draft): void {
  const { device, commands } = sending(draft);
  expect(commands.map(({ kind }) => kind)).toContain(draft.kind);
  expect(device.unsent).toEqual([]);
}

/** The command breaks a rule: it is not sent, and whoever asked for it is told. */
function doesNotSend(draft: Draft): void {
  // Without credentials to prove, a server without work asks for nothing.
  const { device, commands } = sending(draft, 'none');
  const label = JSON.stringify(draft);
  expect(
    commands.filter(({ kind }) => kind === draft.kind),
    label,
  ).toEqual([]);
  expect(
    device.unsent.map(([unsent]) => unsent),
    label,
  ).toEqual([draft]);
}

function needsItem(draft: ItemDraft): void {
  sends(draft);
  doesNotSend({ ...draft, items: [] });
}

/** What is no full URI of a node. */
const NOT_FULL = ['', 'http://dm.example/A', '/A', 'A/', '../A', 'A/../B', 'A//B', 'A/./B'];

function needsFullTarget(draft: ItemDraft): void {
  sends(draft);
  const [item] = draft.items;
  const { target: _, ...without } = item ?? {};
  doesNotSend({ ...draft, items: [without] } as Draft);
  for (const uri of NOT_FULL) doesNotSend({ ...draft, items: [{ ...item, target: { uri } }] } as Draft);
}

// Add
requirement('REP-6.6.1-10', () => sendsWithoutCred(add('./A/D', 'd')));
requirement('REP-6.6.1-12', () => {
  sends(add('./A/D', 'd'));
  sends({ kind: 'Add', meta: { format: 'chr' }, items: [{ target: { uri: './A/D' }, data: 'd' }] });
  doesNotSend({ kind: 'Add', items: [{ target: { uri: './A/D' }, data: 'd' }] });
});
requirement('REP-6.6.1-13', () => needsItem(add('./A/D', 'd') as ItemDraft));
requirement('REP-6.6.1-15', () => needsFullTarget(add('./A/D', 'd') as ItemDraft));

// Alert
requirement('REP-6.6.2-1', () => sendsWithoutCred(notice()));
requirement('REP-6.6.2-3', () => {
  const { elements } = sending(notice());
  const data = elements.filter(({ element, parent }) => element.name === 'Data' && parent?.name === 'Alert');
  expect(data.map(({ element }) => textOf(element))).toEqual(['1100']);
});
requirement('REP-6.6.2-7', () => {
  const event = alert(1224, { meta: { type: 'text/plain', format: 'chr' }, data: 'battery low' });
  expect(codesIn(new ScriptedDevice().begin([event]))).toEqual(['Alert 200', 'Replace 200', 'Alert 200']);
});
requirement('REP-6.6.2-8', () => {
  const event = alert(1224, { meta: { type: 'application/x-strange', format: 'chr' }, data: 'strange' });
  const deaf = new ScriptedDevice({ alertTypes: () => false });
  expect(codesIn(deaf.begin([event])).at(-1)).toBe('Alert 406');
  expect(codesIn(new ScriptedDevice().begin([alert(1299)])).at(-1)).toBe('Alert 406');
});
requirement('REP-6.6.2-9', () => {
  const item = fc.record(
    {
      source: fc.record({ uri: fc.string({ minLength: 1, maxLength: 8 }).map(name => `./${name.trim()}x`) }),
      meta: fc.record({ type: fc.constantFrom('text/plain', '', 'x'), format: fc.constantFrom('chr', 'xml', 'bad') }),
      data: fc.string({ maxLength: 8 }),
    },
    { requiredKeys: [] },
  );
  // 1223 ends the session; the others may come at any time.
  const code = fc.integer({ min: 1100, max: 1299 }).filter(one => one !== 1223);
  fc.assert(
    fc.property(code, fc.array(item, { maxLength: 3 }), (one, items) => {
      const reply = new ScriptedDevice().begin([alert(one, ...(items as Item[]))]);
      const codes = statusesIn(reply)
        .filter(({ cmdRef }) => cmdRef === '3')
        .map(status => status.code);
      expect(codes.length).toBeGreaterThan(0);
      expect(codes.filter(each => !isStatusCode(each))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

// Copy
requirement('REP-6.6.4-2', () => sendsWithoutCred(copy('./A/B', './A/C')));
requirement('REP-6.6.4-4', () => needsItem(copy('./A/B', './A/C') as ItemDraft));
requirement('REP-6.6.4-6', () => {
  for (const kind of ['Atomic', 'Sequence'] as const) {
    const { device, commands } = sending({ kind, commands: [copy('./A/B', './A/C')] });
    expect(commands.map(command => command.kind).slice(-2)).toEqual([kind, 'Copy']);
    expect(device.unsent).toEqual([]);
  }
  sends(copy('./A/B', './A/C'));
});
requirement('REP-6.6.4-8', () => {
  const draft = copy('./A/B', './A/C') as ItemDraft;
  needsFullTarget(draft);
  const [item] = draft.items;
  const { source: _, ...without } = item ?? {};
  doesNotSend({ ...draft, items: [without] } as Draft);
  for (const uri of NOT_FULL) doesNotSend({ ...draft, items: [{ ...item, source: { uri } }] } as Draft);
});

// Delete
requirement('REP-6.6.5-1', () => sendsWithoutCred(remove('./A/B')));
requirement('REP-6.6.5-3', () => needsItem(remove('./A/B') as ItemDraft));
requirement('REP-6.6.5-5', () => needsFullTarget(remove('./A/B') as ItemDraft));

// Exec
requirement('REP-6.6.6-2', () => sendsWithoutCred(exec('./A/B')));
requirement('REP-6.6.6-4', () => needsItem(exec('./A/B') as ItemDraft));
requirement('REP-6.6.6-6', () => {
  sends(exec('./A/B'));
  sends({ kind: 'Sequence', commands: [exec('./A/B')] });
  doesNotSend({ kind: 'Atomic', commands: [replace('./A/B', 'b'), exec('./A/B')] });
});
requirement('REP-6.6.6-8', () => needsFullTarget(exec('./A/B') as ItemDraft));

// Get
requirement('REP-6.6.7-2', () => sendsWithoutCred(get('./A/B')));
requirement('REP-6.6.7-4', () => needsItem(get('./A/B') as ItemDraft));
requirement('REP-6.6.7-6', () => needsFullTarget(get('./A/B') as ItemDraft));

// Replace
requirement('REP-6.6.11-11', () => sendsWithoutCred(replace('./A/B', 'b')));
requirement('REP-6.6.11-13', () => needsItem(replace('./A/B', 'b') as ItemDraft));
requirement('REP-6.6.11-15', () => needsFullTarget(replace('./A/B', 'b') as ItemDraft));

// Sequence
requirement('REP-6.6.14-1', () => {
  sends({ kind: 'Sequence', commands: [get('./A/B')] });
  doesNotSend({ kind: 'Sequence', commands: [] });
});
