/** Generated device descriptions (fast-check), as a document can say them: what is read back is the same. */
import fc from 'fast-check';
import {
  DDF_COMMANDS,
  type Ddf,
  type NodeDescription,
  type Occurrence,
  RUN_TIME_PROPERTIES,
} from '../../src-core/tree/ddf/description.ts';
import { NODE_FORMATS, type NodeFormat } from '../../src-core/tree/node.ts';

const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Without the keys that have no value: a description read has none either. */
function present<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}

const name = fc.constantFrom('A', 'Level', 'x-y', 'é', 'name with spaces', '1');
/** Words keep single spaces only; the rest is the document's layout. */
const words = fc.constantFrom('Title', 'a < b & "c"', 'one two', 'é€\u{1F600}', '.', 'x'.repeat(300));
const value = fc.oneof(fc.constantFrom('', '0', 'true', ' two  spaces\n', '<a>&amp;</a>', 'é'), fc.string());

const occurrence: fc.Arbitrary<Occurrence> = fc.oneof(
  fc.constantFrom<Occurrence>({ least: 1, most: 1 }, { least: 0, most: 1 }, { least: 0 }, { least: 1 }),
  fc.record({ least: fc.constantFrom<0 | 1>(0, 1), most: fc.integer({ min: 2, max: 65536 }) }),
);

/** Properties with defaults that are values of theirs. */
const runTime = fc
  .record({
    Title: some(fc.constantFrom('', 'Title', 'é€')),
    TStamp: some(fc.constantFrom('', '20260102T030405Z')),
    VerNo: some(fc.constantFrom('', '65535')),
  })
  .map(optional =>
    present<NonNullable<NodeDescription['runTime']>>({ ACL: 'Get=*', Format: '', Name: '', Type: '', ...optional }),
  )
  .map(properties =>
    Object.fromEntries(
      RUN_TIME_PROPERTIES.flatMap(key => (properties[key] === undefined ? [] : [[key, properties[key]]])),
    ),
  );

const shared = {
  access: some(fc.subarray([...DDF_COMMANDS])),
  occurrence,
  scope: fc.constantFrom<NodeDescription['scope']>('Dynamic', 'Permanent'),
  title: some(words),
  description: some(words),
  caseSense: some(fc.constantFrom<'CIS' | 'CS'>('CS', 'CIS')),
  runTime: some(runTime),
};

const leafFormats = NODE_FORMATS.filter((format): format is Exclude<NodeFormat, 'node'> => format !== 'node');

const leaf = fc
  .record({
    name: fc.oneof(name, fc.constant('')),
    ...shared,
    format: fc.constantFrom(...leafFormats),
    mimeTypes: fc.subarray(['text/plain', 'audio/mpeg', 'application/octet-stream']),
    defaultValue: some(value),
    value: some(value),
    children: fc.constant([]),
  })
  .map(node => present<NodeDescription>(node));

const { tree } = fc.letrec<{ tree: NodeDescription }>(tie => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc
      .record({
        name: fc.oneof(name, fc.constant('')),
        ...shared,
        format: fc.constant<NodeFormat>('node'),
        mimeTypes: fc.constant([]),
        identifier: some(fc.constantFrom('urn:oma:mo:x:1.0', 'com.example/1.0/Phone')),
        children: fc.array(tie('tree'), { maxLength: 4 }),
      })
      .map(node => present<NodeDescription>(node)),
  ),
}));

const placed = fc
  .tuple(tree, some(fc.constantFrom('./Vendor', 'Vendor/ISP', '.')))
  .map(([node, path]) => present<NodeDescription>({ ...node, path }));

export const generatedDdf: fc.Arbitrary<Ddf> = fc
  .record({ manufacturer: some(words), model: some(words), nodes: fc.array(placed, { minLength: 1, maxLength: 4 }) })
  .map(ddf => present<Ddf>(ddf));
