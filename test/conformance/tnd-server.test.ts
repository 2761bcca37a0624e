/** URIs, properties and formats as a server sends and takes them (OMA-TS-DM_TND-V1_2_1 §5 to §7). */
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { DeviceWork } from '../../src-core/server/device-work.ts';
import type { CommandInput } from '../../src-core/server/jobs/command-input.ts';
import type { DeviceJob } from '../../src-core/server/jobs/job.ts';
import { ReadSubtree } from '../../src-core/server/jobs/read-subtree.ts';
import { SendCommands } from '../../src-core/server/jobs/send-commands.ts';
import type { TreeSink } from '../../src-core/server/readings.ts';
import type { Encoding } from '../../src-core/syncml/codec.ts';
import type { Draft, Item } from '../../src-core/syncml/message.ts';
import { DeviceTree, type Reading } from '../../src-core/tree/device-tree.ts';
import { interior, leaf, type TreeNode } from '../../src-core/tree/node.ts';
import { get, replace } from './bench.ts';
import { allCommands, runSession, type Session } from './both-ends.ts';
import { EVERYTHING, ManagedDevice, setProperty } from './managed-device.ts';
import { requirement } from './require.ts';
import { ScriptedDevice } from './scripted-device.ts';

const ENCODINGS: readonly Encoding[] = ['wbxml', 'xml'];
const bytes = Uint8Array.of(0, 0xff, 0x41);

/** The server's view of the device, fed by the answers to its jobs. */
class View implements TreeSink {
  readonly tree = new DeviceTree();

  readings(readings: readonly Reading[]): void {
    this.tree.apply(readings, 0, '1');
  }

  children(uri: string, names: readonly string[]): void {
    this.tree.retainChildren(uri, names);
  }

  removed(uri: string): void {
    this.tree.remove(uri);
  }

  unread(uris: readonly string[], unread: string): void {
    this.readings(uris.map(uri => ({ uri, format: 'unknown', unread })));
  }
}

const nodes = (): TreeNode[] => [
  interior(
    'A',
    [
      leaf('MixedCase', 'grün', { title: 'Größe', verNo: 7, acl: 'Get=*', tstamp: '20250102T030405Z' }),
      leaf('mixedcase', '2'),
      leaf('Raw', Buffer.from(bytes).toString('base64'), { format: 'bin', type: 'image/png' }),
      interior('D', [leaf('E', 'e')]),
    ],
    EVERYTHING,
  ),
];

/** Real ends: the server does these jobs, the client has these nodes. */
function doing(jobs: (view: View) => readonly DeviceJob[], on = nodes(), encoding: Encoding = 'wbxml') {
  const view = new View();
  const work = new DeviceWork();
  for (const job of jobs(view)) work.add(() => job);
  const session = runSession({ encoding, work, client: { tree: new ManagedDevice(on).tree } });
  return { session, view };
}

const sends = (view: View, ...commands: CommandInput[]) => new SendCommands(commands, view);

const items = (session: Session): Item[] =>
  session.server.flatMap(({ message }) =>
    allCommands(message).flatMap(command =>
      'items' in command && command.kind !== 'Status' && command.kind !== 'Results' ? command.items : [],
    ),
  );

/** URIs that the server sent, without what asks for properties and lists. */
const urisSent = (session: Session): string[] =>
  items(session)
    .flatMap(({ target, source }) => [target?.uri, source?.uri])
    .filter(uri => uri !== undefined)
    .map(uri => uri.split('?')[0] ?? '');

const name = fc
  .string({ unit: fc.constantFrom(...'aAzÄ0-_. ~%:ключ'), minLength: 1, maxLength: 6 })
  .filter(each => each.trim() === each && !each.endsWith('.'));
const tree: fc.Arbitrary<TreeNode[]> = fc.letrec<{ node: TreeNode; nodes: TreeNode[] }>(tie => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    name.map(each => leaf(each, 'x')),
    fc.tuple(name, tie('nodes')).map(([each, children]) => interior(each, children)),
  ),
  nodes: fc.uniqueArray(tie('node'), { selector: node => node.name, maxLength: 4 }),
})).nodes;

/** For whatever tree it reads, and whatever it does there. */
function urisAre(rule: (uri: string) => boolean): void {
  fc.assert(
    fc.property(tree, on => {
      const first = on[0]?.name ?? 'A';
      const { session } = doing(
        view => [
          new ReadSubtree('.', view),
          sends(view, { kind: 'add', uri: `./${first}-new`, format: 'chr', type: 'text/plain', value: '1' }),
          sends(view, { kind: 'copy', from: `./${first}-new`, to: `./${first}-copy` }),
          sends(view, { kind: 'delete', uri: `./${first}-new` }),
        ],
        on,
      );
      const uris = urisSent(session);
      expect(uris.length).toBeGreaterThan(4);
      expect(uris.filter(uri => !rule(uri))).toEqual([]);
    }),
    { numRuns: 30 },
  );
}

describe('§5 URIs', () => {
  requirement('TND-5-2', () => urisAre(uri => !/^([a-z][a-z0-9+.-]*:)?\/\//i.test(uri) && !uri.startsWith('/')));
  requirement('TND-5-4', () => urisAre(uri => uri === '.' || uri.startsWith('./')));

  requirement('TND-5-7', () => {
    const { view } = doing(sink => [new ReadSubtree('.', sink)]);
    expect(view.tree.get('./A/MixedCase')?.value).toBe('grün');
    expect(view.tree.get('./A/mixedcase')?.value).toBe('2');
    expect(view.tree.get('./A/MIXEDCASE')).toBeUndefined();
  });

  requirement('TND-5-8', () => {
    for (const encoding of ENCODINGS) {
      const { session } = doing(
        view => [new ReadSubtree('./Schlüssel-ключ', view)],
        [leaf('Schlüssel-ключ', 'x')],
        encoding,
      );
      const uri = Buffer.from('./Schlüssel-ключ', 'utf8');
      expect(
        session.server.some(wire => Buffer.from(wire.bytes).includes(uri)),
        encoding,
      ).toBe(true);
    }
  });

  requirement('TND-5-10', () => urisAre(uri => !uri.endsWith('/')));

  requirement('TND-5-12', () => {
    const { session } = doing(view => [new ReadSubtree('.', view)]);
    expect(urisSent(session)[0]).toBe('.');
    expect(urisSent(session)).not.toContain('./');
  });

  requirement('TND-5-14', () => urisAre(uri => !uri.includes('../')));
  requirement('TND-5-16', () => urisAre(uri => !uri.slice(1).includes('./')));
});

/** Commands that the server sent of this work, and what it refused to send. */
function sending(draft: Draft, encoding: Encoding = 'wbxml') {
  const device = new ScriptedDevice({ encoding, work: [[draft]] });
  const kinds = allCommands(device.begin());
  return { sent: kinds.filter(({ kind }) => kind === draft.kind), unsent: device.unsent.map(([one]) => one) };
}

describe('§6 and §7', () => {
  requirement('TND-6.2.4-4', () => {
    const { session } = doing(view => [sends(view, { kind: 'add', uri: './A/New', format: 'node' })]);
    const [added] = items(session).filter(({ target }) => target?.uri === './A/New');
    expect(added?.meta?.format).toBe('node');
    const silent: Draft = { kind: 'Add', items: [{ target: { uri: './A/New' } }] };
    expect(sending(silent)).toEqual({ sent: [], unsent: [silent] });
  });

  const LEAF = './A/MixedCase';

  /** The server asks for a property and gets it; what it reads of a subtree has it too. */
  function supports(property: string, value: string, inView?: keyof Reading): void {
    const session = runSession({
      work: [[get(`${LEAF}?prop=${property}`)]],
      client: { tree: new ManagedDevice(nodes()).tree },
    });
    expect(
      session.results.map(
        ([
          ,
          {
            items: [item],
          },
        ]) => item?.data,
      ),
    ).toEqual([value]);
    if (!inView) return;
    const { view } = doing(sink => [new ReadSubtree('.', sink)]);
    expect(String(view.tree.get(LEAF)?.[inView])).toBe(value);
  }

  requirement('TND-7.2-1', () => supports('ACL', 'Get=*', 'acl'));
  requirement('TND-7.2-2', () => supports('Format', 'chr', 'format'));
  requirement('TND-7.2-3', () => supports('Name', 'MixedCase'));
  requirement('TND-7.2-4', () => supports('Size', '5'));
  requirement('TND-7.2-5', () => supports('Title', 'Größe', 'title'));
  requirement('TND-7.2-6', () => supports('TStamp', '20250102T030405Z', 'tstamp'));
  requirement('TND-7.2-7', () => supports('Type', 'text/plain', 'type'));
  requirement('TND-7.2-8', () => supports('VerNo', '7', 'verNo'));

  requirement('TND-7.4-1', () => {
    for (const encoding of ENCODINGS) {
      const device = new ScriptedDevice({ encoding, work: [[get('./A')], [setProperty('./A', 'Title', 'Größe')]] });
      device.begin();
      const wire = device.exchange([device.headerStatus(), ...device.statusesOf()]);
      expect(Buffer.from(wire.bytes).includes(Buffer.from('Größe', 'utf8')), encoding).toBe(true);
    }
  });

  requirement('TND-7.7.1.5-1', () => {
    const good = setProperty('./A', 'ACL', 'Get=*&Replace=a.example+b.example');
    expect(sending(good).sent).toHaveLength(1);
    for (const value of ['Get', 'Get=a b', 'Copy=*', 'Get=*&', 'Get==a']) {
      const bad = setProperty('./A', 'ACL', value);
      expect(sending(bad), value).toEqual({ sent: [], unsent: [bad] });
    }
  });

  /** Items with which the jobs set values. */
  const settingValues = () =>
    items(
      doing(view => [
        sends(view, { kind: 'add', uri: './A/New', format: 'chr', type: 'text/plain', value: '1' }),
        sends(view, { kind: 'replace', uri: './A/mixedcase', format: 'chr', value: 'new' }),
        sends(view, { kind: 'replace', uri: './A/Raw', format: 'bin', type: 'image/png', value: 'AAA=' }),
      ]).session,
    ).filter(({ data }) => data !== undefined);

  requirement('TND-7.7.2-1', () => {
    expect(settingValues().map(({ target, meta }) => [target?.uri, meta?.format])).toEqual([
      ['./A/New', 'chr'],
      ['./A/mixedcase', 'chr'],
      ['./A/Raw', 'bin'],
    ]);
  });

  const binary: Draft = {
    kind: 'Replace',
    items: [{ target: { uri: './A/Raw' }, meta: { format: 'bin', type: 'image/png' }, data: bytes }],
  };

  requirement('TND-7.7.2-3', () => {
    const [command] = sending(binary, 'xml').sent;
    const [item] = command && 'items' in command ? command.items : [];
    expect(item?.meta).toMatchObject({ format: 'b64', type: 'image/png' });
    expect(item?.data).toBe(Buffer.from(bytes).toString('base64'));
  });

  requirement('TND-7.7.2-6', () => {
    const [command] = sending(binary, 'wbxml').sent;
    const [item] = command && 'items' in command ? command.items : [];
    expect(item?.meta).toMatchObject({ format: 'bin', type: 'image/png' });
    expect(item?.data).toEqual(bytes);
  });

  requirement('TND-7.7.2-8', () => {
    const base64 = replace('./A/Raw', 'AP9B', { meta: { format: 'b64', type: 'image/png' } });
    const [command] = sending(base64, 'wbxml').sent;
    const [item] = command && 'items' in command ? command.items : [];
    expect(item).toMatchObject({ meta: { format: 'b64', type: 'image/png' }, data: 'AP9B' });
  });

  requirement('TND-7.7.7.1-1', () => {
    const [added] = settingValues();
    expect([added?.target?.uri, added?.meta?.type]).toEqual(['./A/New', 'text/plain']);
    const untyped = doing(view => [sends(view, { kind: 'add', uri: './A/New', format: 'chr', value: '1' })]);
    expect(items(untyped.session).find(({ data }) => data !== undefined)?.meta?.type).toBe('text/plain');
  });

  requirement('TND-7.7.7.1-2', () => {
    const [, text, raw] = settingValues();
    expect([text?.meta?.type, raw?.meta?.type]).toEqual(['text/plain', 'image/png']);
  });
});
