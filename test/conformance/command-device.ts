/** A device for the tests of commands, and what holds for every kind of command (OMA-TS-DM_RepPro-V1_2_1 §6.6). */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { ClientSessionPorts } from '../../src-core/session/client-session.ts';
import { decodeMessage, encodeMessage } from '../../src-core/syncml/codec.ts';
import type { Draft, Item, Message } from '../../src-core/syncml/message.ts';
import { interior, leaf, type TreeNode } from '../../src-core/tree/node.ts';
import { cred, headerStatusIn, SERVER, SERVER_NONCE, statusesIn } from './bench.ts';
import { EVERYTHING, ManagedDevice } from './managed-device.ts';
import { ScriptedServer } from './scripted-server.ts';
import { isStatusCode } from './status-codes.ts';

export type ItemDraft = Extract<Draft, { readonly items: readonly Item[] }>;

export const nodes = (): TreeNode[] => [
  interior('A', [leaf('B', 'b'), leaf('C', 'c'), interior('D', [leaf('E', 'e')])], EVERYTHING),
  leaf('ReadOnly', 'r', { acl: 'Get=*' }),
];
export const device = (ports: Partial<ClientSessionPorts> = {}) =>
  new ManagedDevice(nodes(), { exec: () => ({ code: 200 }), ...ports });
export const group = (kind: 'Atomic' | 'Sequence', ...commands: Draft[]): Draft => ({ kind, commands });
export const whole = (managed: ManagedDevice) => managed.tree.subtree('.', 'device');

/** Refused, and nothing changed. */
export function refuses(draft: Draft): void {
  const managed = device();
  const before = whole(managed);
  const codes = managed.codes(draft);
  const label = JSON.stringify(draft);
  expect(codes.length, label).toBeGreaterThan(0);
  expect(
    codes.filter(code => code < 400),
    label,
  ).toEqual([]);
  expect(whole(managed)).toEqual(before);
}

const ITEM_COMMANDS = ['Add', 'Copy', 'Delete', 'Exec', 'Get', 'Replace'] as const;
/** What is no full URI of a node. */
export const NOT_FULL = ['', 'http://dm.example/A', '/A/B', 'A/B/', '../A', 'A/../A/B', 'A//B', 'A/./B'];

export function needsItem(draft: Draft): void {
  refuses({ ...draft, items: [] } as Draft);
}

export function needsFullTarget(draft: Draft): void {
  const [item] = (draft as ItemDraft).items;
  const { target: _, ...without } = item ?? {};
  refuses({ ...draft, items: [without] } as Draft);
  for (const uri of NOT_FULL) refuses({ ...draft, items: [{ ...item, target: { uri } }] } as Draft);
}

/** The right credentials stand in the command and not in the header: they count for nothing. */
export function credProvesNothing(draft: Draft): void {
  const server = new ScriptedServer({ encoding: 'xml', tree: device().tree });
  const before = server.tree.subtree('.', 'device');
  server.start();
  const { data, meta } = cred('md5', SERVER, SERVER_NONCE);
  const inside =
    `<Cred><Meta><Format xmlns="syncml:metinf">${meta?.format}</Format>` +
    `<Type xmlns="syncml:metinf">${meta?.type}</Type></Meta><Data>${data}</Data></Cred>`;
  const message: Message = {
    header: { ...server.last.header, msgId: 1, target: server.last.header.source, source: server.last.header.target },
    commands: [{ ...draft, cmdId: '1' } as Message['commands'][number]],
    final: true,
  };
  const { cred: _, ...header } = message.header;
  const xml = Buffer.from(encodeMessage({ ...message, header }, 'xml')).toString();
  const bytes = Buffer.from(xml.replace(/<\/CmdID>/, `</CmdID>${inside}`));
  expect(bytes.includes('<Cred>')).toBe(true);
  const { reply } = server.session.receive({ message: decodeMessage(bytes, 'xml'), bytes });
  if (!reply) throw new Error('the client sent nothing');
  expect([headerStatusIn(reply.message)?.code, ...statusesIn(reply.message).map(({ code }) => code)]).toEqual([
    407, 407,
  ]);
  expect(server.tree.subtree('.', 'device')).toEqual(before);
}

/** Any command of the kind, sensible or not, gets statuses of SyncML and nothing else. */
export function answersWithValidCode(kind: (typeof ITEM_COMMANDS)[number] | 'Atomic' | 'Sequence'): void {
  const uri = fc.oneof(
    fc.constantFrom('.', './A', './A/B', './A/C', './A/D/E', './ReadOnly', './X/Y', '', 'A/', './A/B?prop=ACL'),
    fc.string({ maxLength: 6 }),
  );
  const location = uri.map(each => ({ uri: each }));
  const meta = fc.record(
    {
      format: fc.constantFrom('chr', 'bin', 'b64', 'node', 'null', 'int', 'other'),
      type: fc.constantFrom('text/plain', 'image/png', 'application/vnd.syncml.dmtnds+xml'),
    },
    { requiredKeys: [] },
  );
  const item = fc.record(
    { target: location, source: location, meta, data: fc.string({ maxLength: 8 }) },
    { requiredKeys: [] },
  );
  const items = fc.array(item, { maxLength: 3 }) as fc.Arbitrary<Item[]>;
  const inner = fc.record({ kind: fc.constantFrom(...ITEM_COMMANDS), items }).map(each => each as Draft);
  const command: fc.Arbitrary<Draft> =
    kind === 'Atomic' || kind === 'Sequence'
      ? fc.array(inner, { maxLength: 3 }).map(commands => ({ kind, commands }))
      : items.map(each => ({ kind, items: each }) as Draft);
  fc.assert(
    fc.property(command, draft => {
      const codes = device().codes(draft);
      expect(codes.length).toBeGreaterThan(0);
      expect(codes.filter(code => !isStatusCode(code))).toEqual([]);
    }),
    { numRuns: 100 },
  );
}
