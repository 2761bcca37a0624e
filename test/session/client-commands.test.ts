import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src-core/base/errors.ts';
import type { ExecutionContext } from '../../src-core/session/client-commands.ts';
import type { Command, Item, ItemData, Meta } from '../../src-core/syncml/message.ts';
import { interior, leaf } from '../../src-core/tree/node.ts';
import {
  readTndsWbxml,
  readTndsXml,
  TNDS_WBXML_TYPE,
  TNDS_XML_TYPE,
  writeTndsWbxml,
  writeTndsXml,
} from '../../src-core/tree/tnds.ts';
import { ONE, plant, TWO } from '../tree/tree-under-test.ts';
import {
  add,
  alert,
  command,
  contextOf,
  copy,
  exec,
  get,
  item,
  remove,
  replace,
  run,
  tell,
  tellAll,
} from './executing.ts';

const node: Meta = { format: 'node' };
const object = [{ path: '', node: interior('Obj', [leaf('a', '1'), leaf('b', '2')]) }];
const tnds: [ItemData, Meta] = [writeTndsWbxml(object), { format: 'bin', type: TNDS_WBXML_TYPE }];
const tndsXml: [ItemData, Meta] = [writeTndsXml(object), { format: 'xml', type: TNDS_XML_TYPE }];
const limits = { maxDepth: 0, maxTotalLength: 20, maxSegmentLength: 0 };
const long = './Open/12345678901234';
const two = { actor: TWO };

describe('every command by its status (RepPro §6.6)', () => {
  it.each<[string, Command, Partial<ExecutionContext>?]>([
    ['Add ./Open/New 200', add('./Open/New')],
    ['Add ./Open/New 200', add('./Open/New', undefined, node)],
    ['Add ./Open/New 200', add('./Open/New', undefined, { format: 'null' })],
    ['Add ./Open/New 200', add('./Open/New', 'AA==', { format: 'b64', type: 'image/png' })],
    ['Add ./Open 200', add('./Open', ...tnds)],
    ['Add ./Open 200', add('./Open', ...tndsXml)],
    ['Add ./Open//New 400', add('./Open//New')],
    ['Add ./Open/New 400', add('./Open/New', 'no base64!', { format: 'b64', type: 'image/png' })],
    ['Add ./Open 400', add('./Open', Uint8Array.of(1, 2, 3), tnds[1])],
    ['Add ./Open 400', add('./Open', '<Tree/>', tndsXml[1])],
    ['Add ./Open/X/New 404', add('./Open/X/New'), { tree: plant({ implicitParents: false }) }],
    ['Add ./Open/Text/New 405', add('./Open/Text/New')],
    ['Add ./Open?prop=ACL 405', add('./Open?prop=ACL')],
    ['Add 412', { ...add(''), items: [{ data: 'x' }] }],
    ['Add 412', { ...add(''), items: [] }],
    ['Add ./Open/New 413', add('./Open/New', '1234'), { tree: plant({ maxNodeSize: 3 }) }],
    [`Add ${long} 414`, add(long), { tree: plant({ limits }) }],
    ['Add ./Open/New 415', add('./Open/New', 'x', { format: 'money' })],
    ['Add ./Open/New 415', add('./Open/New', Uint8Array.of(0xff), { format: 'chr' })],
    ['Add ./Open 415', add('./Open', ...tnds), { dmtnds: false }],
    ['Add ./Open/Text 418', add('./Open/Text')],
    ['Add ./Open/New 420', add('./Open/New'), { tree: plant({ maxNodes: 19 }) }],
    ['Add ./One/New 425', add('./One/New'), two],
    ['Add ./One/X/Y 425 [./One/X]', add('./One/X/Y'), two],

    ['Replace ./Open/Text 200', replace('./Open/Text', 'w')],
    ['Replace ./Open/Text 200', replace('./Open/Text', undefined)],
    ['Replace ./Open/Text?prop=Title 200', replace('./Open/Text?prop=Title', 'T')],
    ['Replace ./Open/Text?prop=ACL 200', replace('./Open/Text?prop=ACL', undefined)],
    ['Replace ./Open/Inner 200', replace('./Open/Inner', ...tnds)],
    ['Replace ./Open/Text?prop=ACL 400', replace('./Open/Text?prop=ACL', 'Get')],
    ['Replace ./Open/No 404', replace('./Open/No', 'w')],
    ['Replace ./Open/No 404', replace('./Open/No', ...tnds)],
    ['Replace ./Open/Inner 405', replace('./Open/Inner', 'w')],
    ['Replace ./Open/Text 405', replace('./Open/Text', '', node)],
    ['Replace ./Built/In 405', replace('./Built/In', '1', { format: 'int' })],
    ['Replace ./Built/In?prop=Name 405', replace('./Built/In?prop=Name', 'New')],
    ['Replace ./Open/Text?prop=Type 405', replace('./Open/Text?prop=Type', 'a/b')],
    ['Replace ./Open/Text?list=Struct 405', replace('./Open/Text?list=Struct', '')],
    ['Replace ./Open/Text?prop=No 406', replace('./Open/Text?prop=No', '')],
    ['Replace ./Open/Text 413', replace('./Open/Text', '1234'), { tree: plant({ maxNodeSize: 3 }) }],
    [`Replace ${long} 414`, replace(long, 'w'), { tree: plant({ limits }) }],
    ['Replace ./Open/Text 415', replace('./Open/Text', 'w', { format: 'money' })],
    ['Replace ./Open/Inner 415', replace('./Open/Inner', ...tnds), { dmtnds: false }],
    ['Replace ./Open/Text?prop=Name 418', replace('./Open/Text?prop=Name', 'Inner')],
    ['Replace ./Open/Inner 420', replace('./Open/Inner', ...tnds), { tree: plant({ maxNodes: 18 + 1 }) }],
    ['Replace ./One/Value 425', replace('./One/Value', 'w'), two],

    ['Delete ./Open/Inner 200', remove('./Open/Inner')],
    ['Delete ./Open/No 404', remove('./Open/No')],
    ['Delete . 405', remove('.')],
    ['Delete ./Built 405', remove('./Built')],
    ['Delete ./Open?prop=ACL 405', remove('./Open?prop=ACL')],
    [`Delete ${long} 414`, remove(long), { tree: plant({ limits }) }],
    ['Delete ./One/Value 425', remove('./One/Value'), two],

    ['Copy ./Open/Text → ./Open/Number 200', copy('./Open/Text', './Open/Number')],
    ['Copy ./Open/Text → ./Open/Inner 403', copy('./Open/Text', './Open/Inner')],
    ['Copy ./Open/No → ./Open/Text 404', copy('./Open/No', './Open/Text')],
    ['Copy ./Open/Text → ./Open/Number/X 405', copy('./Open/Text', './Open/Number/X')],
    ['Copy ./Open/Text 412', command('Copy', item('./Open/Text'))],
    ['Copy ./Open/Text → ./Open/New 420', copy('./Open/Text', './Open/New'), { tree: plant({ maxNodes: 19 }) }],
    ['Copy ./Open/Mine → ./Open/New 425', copy('./Open/Mine', './Open/New'), two],

    ['Get ./Open/Text 200', get('./Open/Text')],
    ['Get ./ 400', get('./')],
    ['Get ./Open/ 400', get('./Open/')],
    ['Get ./Open/../One 400', get('./Open/../One')],
    ['Get /Open 400', get('/Open')],
    ['Get ./open/Text 404', get('./open/Text')],
    ['Get ./Inbox 405', get('./Inbox')],
    ['Get ./Inbox/x 405', get('./Inbox/x')],
    ['Get ./Open?prop=Size 406', get('./Open?prop=Size')],
    ['Get ./Open?list=Tree 406', get('./Open?list=Tree')],
    ['Get ./Open?list=Struct+ACL 406', get('./Open?list=Struct+ACL')],
    ['Get ./Open?list=TNDS 406', get('./Open?list=TNDS'), { dmtnds: false }],
    ['Get ./Open?list=TNDS+Name 406', get('./Open?list=TNDS+Name')],
    ['Get ./Open?list=TNDS+ACL-Type 400', get('./Open?list=TNDS+ACL-Type')],
    [
      'Get ./Open?list=Struct 414',
      get('./Open?list=Struct'),
      { tree: plant({ limits: { ...limits, maxTotalLength: 17 } }) },
    ],
    ['Get ./Open/Mine 425', get('./Open/Mine'), two],

    ['Exec ./Open/Text 200', exec('./Open/Text')],
    ['Exec ./Open/Text 202', exec('./Open/Text'), { exec: () => ({ code: 202 }) }],
    [
      'Exec ./Open/Text 404',
      exec('./Open/Text'),
      {
        exec: () => {
          throw new ProtocolError('gone', 'gone', 404);
        },
      },
    ],
    ['Exec ./No 404', exec('./No')],
    ['Exec ./Open?prop=ACL 405', exec('./Open?prop=ACL')],
    ['Exec ./Open/Text 500 [why]', exec('./Open/Text'), { exec: () => ({ code: 500, items: [{ data: 'why' }] }) }],
    ['Exec ./One/Value 425', exec('./One/Value')],

    ['Alert 405', alert(1200)],
    ['Alert 405', alert(1226, 'x')],
    ['Alert 406', alert(1234)],
    ['Alert 406', alert(100)],
    ['Alert 406', alert(1100, '', 'Hello'), { interactive: false }],
    ['Alert 412', alert(1101, '')],
    ['Alert 412', alert(1102)],
    ['Alert 412', alert(1101, '', undefined)],
    ['Alert 412', alert(1103, '', 'Which?')],
    ['Alert 412', alert(1104, '', 'Which?', 'a', undefined)],

    ['Unsupported 406', { kind: 'Unsupported', cmdId: '1', name: 'Put' }],
  ])('%s', (expected, one, context) => {
    expect(tellAll([one], contextOf(context))).toEqual([expected]);
  });

  it('an Exec without anything to run it: 406', () => {
    const { exec: _, ...context } = contextOf();
    expect(tellAll([exec('./No')], context)).toEqual(['Exec ./No 406']);
  });

  it('an Exec gets its URI, its Item and its Correlator', () => {
    const seen: unknown[] = [];
    const told = (...args: unknown[]) => {
      seen.push(args);
      return { code: 200 };
    };
    tellAll([exec('./Open/Text', 'abc')], contextOf({ exec: told }));
    expect(seen).toEqual([['./Open/Text', item('./Open/Text', { data: 'argument' }), 'abc']]);
  });

  it('an error that is no status is nobody’s answer', () => {
    const broken = contextOf({
      exec: () => {
        throw new TypeError('bug');
      },
    });
    expect(() => tellAll([exec('./Open/Text')], broken)).toThrow(TypeError);
  });

  it('one status an Item, whatever becomes of the others', () => {
    expect(tellAll([get('./Open/Text', './No', './Open/Number'), remove('./No', './Open/Text')])).toEqual([
      'Get ./Open/Text 200',
      'Get ./No 404',
      'Get ./Open/Number 200',
      'Delete ./No 404',
      'Delete ./Open/Text 200',
    ]);
  });

  it('NoResp: no outcome but that with results', () => {
    const quiet = (one: Command): Command => ({ ...one, noResp: true }) as Command;
    expect(tellAll([quiet(add('./Open/New')), quiet(get('./Open/New')), quiet(get('./No'))])).toEqual([
      'Get ./Open/New 200',
    ]);
  });

  it('statuses and results of the server are nobody’s commands', () => {
    const status: Command = {
      kind: 'Status',
      cmdId: '1',
      msgRef: 1,
      cmdRef: '1',
      cmd: 'Alert',
      targetRefs: [],
      sourceRefs: [],
      code: 200,
      items: [],
    };
    expect(tellAll([status])).toEqual([]);
  });
});

describe('what a value is (TND §7.7.2)', () => {
  it.each<[string, ItemData | undefined, Meta | undefined, string, string, number]>([
    ['text by default', 'é', undefined, 'chr', 'é', 2],
    ['text that came as bytes', new TextEncoder().encode('é'), { type: 'text/plain' }, 'chr', 'é', 2],
    ['bytes', Uint8Array.of(0, 1, 2), { format: 'bin', type: 'image/png' }, 'bin', 'AAEC', 3],
    ['bytes in an inline string', 'ab', { format: 'bin', type: 'image/png' }, 'bin', 'YWI=', 2],
    ['bytes that had to travel as base64', 'AA\nEC', { format: 'b64', type: 'image/png' }, 'bin', 'AAEC', 3],
    ['base64 that is text', 'QUJD', { format: 'b64' }, 'b64', 'QUJD', 3],
    ['base64 of a text type', 'QUJD', { format: 'b64', type: 'application/x+xml' }, 'b64', 'QUJD', 3],
    ['nothing', undefined, { format: 'null' }, 'null', '', 0],
    ['no Data', undefined, { format: 'int' }, 'int', '', 0],
  ])('Add: %s', (_name, data, meta, format, value, size) => {
    const context = contextOf();
    expect(tellAll([add('./Open/New', data, meta)], context)).toEqual(['Add ./Open/New 200']);
    const { tree } = context;
    expect(tree.get('./Open/New', ONE)).toMatchObject({ format, value });
    expect(tree.property('./Open/New', 'Size', ONE)).toBe(String(size));
  });

  it.each<[string, string, ItemData, Meta | undefined, string, string]>([
    ['without Meta the format stays', './Open/Number', '7', undefined, 'int', '7'],
    ['without Meta bytes stay bytes', './Open/Bytes', Uint8Array.of(9), undefined, 'bin', 'CQ=='],
    ['base64 on a node of bytes is bytes', './Open/Bytes', 'CQ==', { format: 'b64' }, 'bin', 'CQ=='],
    ['a format that is named changes it', './Open/Number', 'x', { format: 'chr' }, 'chr', 'x'],
  ])('Replace: %s', (_name, uri, data, meta, format, value) => {
    const context = contextOf();
    expect(tellAll([replace(uri, data, meta)], context)).toEqual([`Replace ${uri} 200`]);
    expect(context.tree.get(uri, ONE)).toMatchObject({ format, value });
  });

  it('Meta of the command holds where the Item says nothing', () => {
    const context = contextOf();
    const items = [item('./Open/a', { data: '1' }), item('./Open/b', { data: 'x', meta: { format: 'chr' } })];
    tellAll([{ ...command('Add', ...items), meta: { format: 'int', type: 'text/x' } }], context);
    expect(['./Open/a', './Open/b'].map(uri => context.tree.get(uri, ONE))).toMatchObject([
      { format: 'int', type: 'text/x' },
      { format: 'chr', type: 'text/x' },
    ]);
  });

  it('the value of a property is text, whatever Meta says', () => {
    const context = contextOf();
    tellAll([replace('./Open/Bytes?prop=Title', new TextEncoder().encode('Käse'), { format: 'bin' })], context);
    expect(context.tree.property('./Open/Bytes', 'Title', ONE)).toBe('Käse');
  });

  it.each([
    tnds,
    tndsXml,
    [Buffer.from(tnds[0] as Uint8Array).toString('base64'), { format: 'b64', type: TNDS_WBXML_TYPE }],
    [new TextEncoder().encode(tndsXml[0] as string), tndsXml[1]],
    [Buffer.from(tndsXml[0] as string).toString('base64'), { format: 'b64', type: TNDS_XML_TYPE }],
  ] as [ItemData, Meta][])('a TNDS object however it travels: %#', (data, meta) => {
    const context = contextOf();
    expect(tellAll([add('./Open', data, meta)], context)).toEqual(['Add ./Open 200']);
    expect(context.tree.get('./Open/Obj/b', ONE).value).toBe('2');
  });
});

describe('what a Get gives', () => {
  const results = (uri: string, context: Partial<ExecutionContext> = {}): readonly Item[] =>
    run([get(uri)], contextOf(context)).outcomes[0]?.results ?? [];
  const source = (uri: string) => ({ source: { uri } });

  it.each<[string, Item]>([
    ['./Open/Text', { ...source('./Open/Text'), meta: { format: 'chr', type: 'text/plain' }, data: 'v' }],
    ['Open/Text', { ...source('Open/Text'), meta: { format: 'chr', type: 'text/plain' }, data: 'v' }],
    [
      './Open/Bytes',
      { ...source('./Open/Bytes'), meta: { format: 'bin', type: 'image/png' }, data: Uint8Array.of(0, 1, 2) },
    ],
    ['./Open/Inner', { ...source('./Open/Inner'), meta: { format: 'node' }, data: 'Deep/Empty' }],
    ['./Open/Inner/Empty', { ...source('./Open/Inner/Empty'), meta: { format: 'node' }, data: '' }],
    ['./Open/Text?prop=Title', { ...source('./Open/Text?prop=Title'), data: 'A text' }],
    ['./Open/Text?prop=ACL', { ...source('./Open/Text?prop=ACL'), data: '' }],
  ])('%s', (uri, expected) => {
    expect(results(uri)).toEqual([expected]);
  });

  it('?list=Struct: every node that may be read, Meta only where it is not the default (TND §8.2)', () => {
    expect(results('./Open?list=Struct', two)).toEqual([
      { ...source('./Open'), meta: { format: 'node' } },
      source('./Open/Text'),
      { ...source('./Open/Number'), meta: { format: 'int' } },
      { ...source('./Open/Bytes'), meta: { format: 'bin', type: 'image/png' } },
      { ...source('./Open/Inner'), meta: { format: 'node', type: 'urn:x' } },
      source('./Open/Inner/Deep'),
      { ...source('./Open/Inner/Empty'), meta: { format: 'node' } },
    ]);
  });

  it('?list=StructData: the same with the values of leaves', () => {
    const struct = results('./Open?list=Struct');
    const data = results('./Open?list=StructData');
    expect(data.map(({ data: _, ...rest }) => rest)).toEqual(struct);
    expect(data.map(({ data: value }) => value)).toEqual([
      undefined,
      'v',
      '1',
      Uint8Array.of(0, 1, 2),
      undefined,
      'd',
      undefined,
      'm',
    ]);
  });

  it('?list=TNDS: the subtree as it is, named by its start (TND §8.2)', () => {
    const context = contextOf();
    const wanted = [{ path: 'Open', node: context.tree.subtree('./Open/Inner', ONE) }];
    const [wbxml] = results('./Open/Inner?list=TNDS', context);
    expect(wbxml).toMatchObject({ ...source('./Open/Inner'), meta: { format: 'bin', type: TNDS_WBXML_TYPE } });
    expect(readTndsWbxml(wbxml?.data as Uint8Array)).toEqual(wanted);
    const [xml] = results('./Open/Inner?list=TNDS', { ...context, encoding: 'xml' });
    expect(xml?.meta).toEqual({ format: 'xml', type: TNDS_XML_TYPE });
    expect(readTndsXml(xml?.data as string)).toEqual(wanted);
  });

  it('?list=TNDS of the root', () => {
    const [whole] = results('.?list=TNDS');
    const [root] = readTndsWbxml(whole?.data as Uint8Array);
    expect(root).toMatchObject({ path: '', node: { name: '', acl: 'Add=*&Get=*' } });
    expect(root?.node.children.map(({ name }) => name)).toEqual(['Open', 'One', 'Shared', 'Built', 'DMAcc']);
  });

  it.each([
    ['TNDS+Value', ['Value']],
    ['TNDS+ACL+Format', ['ACL', 'Format']],
    ['TNDS-Value-TStamp-VerNo-ACL', ['Format', 'Title', 'Type']],
    ['TNDS', ['ACL', 'Format', 'Title', 'TStamp', 'Type', 'VerNo', 'Value']],
  ])('?list=%s says %j', (list, expected) => {
    const tree = plant();
    tree.replace('./Open/Text?prop=ACL', 'Get=*', ONE);
    const [xml] = results(`./Open/Text?list=${list}`, { tree, encoding: 'xml' });
    const said = [...new Set(String(xml?.data).match(/<(ACL|Format|Title|TStamp|Type|VerNo|Value)>/g))];
    expect(said.map(tag => tag.slice(1, -1)).sort()).toEqual([...expected].sort());
    expect(xml?.data).toContain('<NodeName>Text</NodeName>');
  });

  it('a device that knows no TNDS still lists', () => {
    expect(results('./Open?list=Struct', { dmtnds: false }).length).toBe(8);
  });

  it('what a Get of the whole says, its Structs, values and TNDS say as well', () => {
    const context = contextOf();
    const known = new Map(results('.?list=StructData', context).map(one => [one.source?.uri, one]));
    for (const [uri, { data, meta }] of known) {
      if (data === undefined || uri === undefined) continue;
      expect(results(uri, context)).toMatchObject([
        { data, meta: { format: meta?.format ?? 'chr', type: meta?.type ?? 'text/plain' } },
      ]);
    }
    // With the root, without the Inbox and a leaf that only another server may read.
    expect(known.size).toBe(context.tree.size - 1);
  });
});

it('statuses name the Source of a Copy and the Target of the others', () => {
  const [outcome] = run([copy('./Open/Text', './Open/New')], contextOf()).outcomes;
  expect(outcome).toMatchObject({ sourceRef: './Open/Text', targetRef: './Open/New' });
  expect(outcome && tell(outcome)).toBe('Copy ./Open/Text → ./Open/New 200');
});
