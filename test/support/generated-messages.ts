/** Generated DM messages (fast-check): every command with everything it may have. */
import fc from 'fast-check';
import type { Command, Item, Message, Meta, SyncHdr } from '../../src-core/syncml/message.ts';
import { xmlText } from './markup-documents.ts';

/** Values that are read without the white space around them. */
const word = fc.oneof(
  fc.constantFrom('1', '4711', './DevInfo/DevId', 'text/plain', 'é€\u{1F600}', 'x'.repeat(130)),
  xmlText.map(text => `.${text}.`),
);
const number = fc.nat({ max: 9_999_999_999 });
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Without the keys that have no value: a message read has none either. */
function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}

function record<T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record<T>(model).map(present);
}

const location = record({ uri: word, name: some(word) });
const yes = some(fc.constant(true));

const meta: fc.Arbitrary<Meta> = record<Meta>({
  format: some(fc.constantFrom('chr', 'b64', 'node', 'xml')),
  type: some(fc.oneof(fc.constantFrom('text/plain', 'syncml:auth-md5'), word)),
  mark: some(word),
  size: some(number),
  nextNonce: some(word),
  maxMsgSize: some(number),
  maxObjSize: some(number),
  version: some(word),
});

/** Bytes only where the format says so: they read back as bytes. */
const item: fc.Arbitrary<Item> = fc.oneof(
  record<Item>({
    target: some(location),
    source: some(location),
    meta: some(meta),
    data: some(fc.oneof(xmlText, fc.constant(''), fc.constant('x'.repeat(200)))),
    moreData: yes,
  }),
  record<Item>({
    source: some(location),
    meta: fc.constant({ format: 'bin', type: 'application/octet-stream' }),
    data: fc.uint8Array({ maxLength: 300 }),
  }),
);
const items = fc.array(item, { maxLength: 3 });
const words = fc.array(word, { maxLength: 2 });
const common = { cmdId: word, noResp: yes, meta: some(meta) };

const simple: fc.Arbitrary<Command> = fc.oneof(
  record({ kind: fc.constantFrom('Add', 'Copy', 'Delete', 'Get', 'Replace'), ...common, items }),
  record({ kind: fc.constant('Exec'), ...common, correlator: some(word), items }),
  record({ kind: fc.constant('Alert'), cmdId: word, noResp: yes, code: number, correlator: some(word), items }),
) as fc.Arbitrary<Command>;

const group = record({
  kind: fc.constantFrom('Atomic', 'Sequence'),
  ...common,
  commands: fc.array(simple, { maxLength: 3 }),
}) as fc.Arbitrary<Command>;

const answer: fc.Arbitrary<Command> = fc.oneof(
  record({
    kind: fc.constant('Status'),
    cmdId: word,
    msgRef: number,
    cmdRef: word,
    cmd: fc.constantFrom('SyncHdr', 'Get'),
    targetRefs: words,
    sourceRefs: words,
    chal: some(record({ meta })),
    code: number,
    items,
  }),
  record({
    kind: fc.constant('Results'),
    cmdId: word,
    msgRef: some(number),
    cmdRef: word,
    meta: some(meta),
    targetRefs: words,
    sourceRefs: words,
    items,
  }),
) as fc.Arbitrary<Command>;

export const commands: fc.Arbitrary<Command> = fc.oneof(simple, group, answer);

export const headers: fc.Arbitrary<SyncHdr> = record<SyncHdr>({
  verDTD: fc.constantFrom('1.2', '1.1'),
  verProto: fc.constantFrom('DM/1.2', 'DM/1.1'),
  sessionId: word,
  msgId: number,
  target: location,
  source: location,
  respURI: some(word),
  noResp: yes,
  cred: some(record({ meta: some(meta), data: word })),
  meta: some(meta),
});

export const messages: fc.Arbitrary<Message> = fc.record({
  header: headers,
  commands: fc.array(commands, { maxLength: 6 }),
  final: fc.boolean(),
});
