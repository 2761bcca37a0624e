import { describe, expect, it } from 'vitest';
import { Descriptions } from '../../../src-core/tree/ddf/descriptions.ts';
import type { PlannedCommand } from '../../../src-core/tree/ddf/planned.ts';
import { problemsOf } from '../../../src-core/tree/ddf/problems.ts';
import type { SeenTree } from '../../../src-core/tree/ddf/seen-tree.ts';
import { tree } from './samples.ts';

const NODES = tree({ './A': 'node', './A/B': 'node', './A/B/C': 'node', './A/B/C/Leaf': 'chr', './X': 'node' });

/** A device that says what it can address. */
function limited(limits: Readonly<Record<string, string>>): SeenTree {
  const at = (uri: string) => limits[uri.replace('./DevDetail/URI/', '')];
  return {
    get: uri => {
      const value = at(uri);
      return value === undefined ? NODES.get(uri) : { format: 'chr', value };
    },
    children: uri => NODES.children(uri),
  };
}

function texts(limits: Readonly<Record<string, string>>, ...commands: PlannedCommand[]): string[] {
  return problemsOf(commands, limited(limits), new Descriptions([]))
    .filter(({ code }) => code === 'uri')
    .map(({ text }) => text);
}

const LONG = `./${'n'.repeat(9)}`;
const DEEP = './A/B/C/D';

describe('URIs that a device cannot address', () => {
  it.each<[string, Record<string, string>, PlannedCommand, string]>([
    [
      'Add too deep',
      { MaxDepth: '3' },
      { kind: 'add', uri: DEEP, format: 'chr', value: 'x' },
      `${DEEP} has 4 levels, 3 is the most (./DevDetail/URI/MaxDepth)`,
    ],
    [
      'Replace of a long name',
      { MaxSegLen: '8' },
      { kind: 'replace', uri: LONG, format: 'chr', value: 'x' },
      `${LONG} has a name of 9 characters, 8 is the most (./DevDetail/URI/MaxSegLen)`,
    ],
    [
      'Get of a list, which is part of the URI',
      { MaxTotLen: '20' },
      { kind: 'get', uri: './A/B', list: 'StructData' },
      './A/B?list=StructData has 21 characters, 20 is the most (./DevDetail/URI/MaxTotLen)',
    ],
    [
      'Get of a property',
      { MaxTotLen: '13' },
      { kind: 'get', uri: './A/B', prop: 'TStamp' },
      './A/B?prop=TStamp has 17 characters, 13 is the most (./DevDetail/URI/MaxTotLen)',
    ],
    [
      'Delete',
      { MaxDepth: '1' },
      { kind: 'delete', uri: './A/B' },
      './A/B has 2 levels, 1 is the most (./DevDetail/URI/MaxDepth)',
    ],
    [
      'Exec inside an Atomic',
      { MaxDepth: '1' },
      { kind: 'atomic', commands: [{ kind: 'exec', uri: './A/B' }] },
      './A/B has 2 levels, 1 is the most (./DevDetail/URI/MaxDepth)',
    ],
    [
      'Copy to a place too deep',
      { MaxDepth: '3' },
      { kind: 'copy', from: './X', to: DEEP },
      `${DEEP} has 4 levels, 3 is the most (./DevDetail/URI/MaxDepth)`,
    ],
    [
      'Copy with a node below that would be too deep',
      { MaxDepth: '4' },
      { kind: 'copy', from: './A', to: './X/A' },
      './X/A/B/C/Leaf has 5 levels, 4 is the most (./DevDetail/URI/MaxDepth)',
    ],
    [
      'a new name that is too long',
      { MaxSegLen: '8' },
      { kind: 'replaceProperty', uri: './A', prop: 'Name', value: 'n'.repeat(9) },
      `${LONG} has a name of 9 characters, 8 is the most (./DevDetail/URI/MaxSegLen)`,
    ],
    [
      'a new name that makes a URI below too long',
      { MaxTotLen: '15' },
      { kind: 'replaceProperty', uri: './A', prop: 'Name', value: 'Longer' },
      './Longer/B/C/Leaf has 17 characters, 15 is the most (./DevDetail/URI/MaxTotLen)',
    ],
  ])('%s', (_name, limits, command, text) => {
    expect(texts(limits, command)).toEqual([text]);
  });

  it.each<[string, Record<string, string>]>([
    ['0 means that there is none', { MaxDepth: '0', MaxTotLen: '0', MaxSegLen: '0' }],
    ['what was not read limits nothing', {}],
    ['nor does what is no number', { MaxDepth: 'few', MaxTotLen: '-1', MaxSegLen: '' }],
    ['a limit that is just reached', { MaxDepth: '4', MaxTotLen: '9', MaxSegLen: '1' }],
  ])('%s', (_name, limits) => {
    expect(texts(limits, { kind: 'get', uri: DEEP }, { kind: 'add', uri: DEEP, format: 'node' })).toEqual([]);
  });

  it('counts all segments of a URI without ./', () => {
    expect(texts({ MaxDepth: '2' }, { kind: 'get', uri: 'A/B/C' })).toHaveLength(1);
    expect(texts({ MaxSegLen: '3' }, { kind: 'get', uri: 'ABCDEFG/B' })).toHaveLength(1);
  });

  it('is told with what to expect of the device and what to do', () => {
    const [problem] = problemsOf(
      [{ kind: 'get', uri: './A/B?list=TNDS' }],
      limited({ MaxDepth: '1' }),
      new Descriptions([]),
    );
    expect(problem).toEqual({
      code: 'uri',
      command: 0,
      uri: './A/B',
      severity: 'warning',
      status: 414,
      text: './A/B?list=TNDS has 2 levels, 1 is the most (./DevDetail/URI/MaxDepth)',
      advice: 'Expect 414 (URI too long); choose a place nearer to the root',
    });
  });

  it('counts nodes that an earlier command of the same list has added', () => {
    const add: PlannedCommand = { kind: 'add', uri: './X/Deep', format: 'chr', value: '' };
    expect(texts({ MaxDepth: '3' }, add, { kind: 'copy', from: './X', to: './A/B' })).toEqual([]);
    expect(texts({ MaxDepth: '3' }, add, { kind: 'copy', from: './X', to: './A/B/Y' })).toEqual([
      './A/B/Y/Deep has 4 levels, 3 is the most (./DevDetail/URI/MaxDepth)',
    ]);
  });
});
