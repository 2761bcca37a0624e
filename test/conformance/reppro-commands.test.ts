/** Commands on nodes as a client executes them, one by one (OMA-TS-DM_RepPro-V1_2_1 §6.6). */
import { describe, expect } from 'vitest';
import type { Draft, Message } from '../../src-core/syncml/message.ts';
import { leaf } from '../../src-core/tree/node.ts';
import { add, get, replace, resultsIn } from './bench.ts';
import {
  answersWithValidCode,
  credProvesNothing,
  device,
  group,
  type ItemDraft,
  NOT_FULL,
  needsFullTarget,
  needsItem,
  nodes,
  refuses,
} from './command-device.ts';
import { copy, EVERYTHING, exec, ManagedDevice, remove } from './managed-device.ts';
import { requirement } from './require.ts';

describe('Add and Replace', () => {
  requirement('REP-6.6.1-11', () => credProvesNothing(add('./A/X', 'x')));
  requirement('REP-6.6.1-14', () => needsItem(add('./A/X', 'x')));
  requirement('REP-6.6.1-16', () => needsFullTarget(add('./A/X', 'x')));
  requirement('REP-6.6.1-17', () => answersWithValidCode('Add'));
  requirement('REP-6.6.11-12', () => credProvesNothing(replace('./A/B', 'x')));
  requirement('REP-6.6.11-14', () => needsItem(replace('./A/B', 'x')));
  requirement('REP-6.6.11-16', () => needsFullTarget(replace('./A/B', 'x')));
  requirement('REP-6.6.11-17', () => answersWithValidCode('Replace'));
});

describe('Copy', () => {
  requirement('REP-6.6.4-1', () => {
    const managed = device();
    expect(managed.code(copy('./A/B', './A/C'))).toBe(200);
    managed.answer(replace('./A/B', 'changed'));
    expect(managed.read('./A/C')).toBe('b');
    managed.answer(replace('./A/C', 'too'), remove('./A/C'));
    expect(managed.read('./A/B')).toBe('changed');
  });

  requirement('REP-6.6.4-3', () => credProvesNothing(copy('./A/B', './A/C')));
  requirement('REP-6.6.4-5', () => needsItem(copy('./A/B', './A/C')));

  requirement('REP-6.6.4-7', () => {
    for (const draft of [
      copy('./A/B', './A/C'),
      group('Sequence', copy('./A/B', './A/C')),
      group('Atomic', copy('./A/B', './A/C')),
    ]) {
      const managed = device();
      expect(managed.codes(draft).every(code => code === 200)).toBe(true);
      expect(managed.read('./A/C')).toBe('b');
    }
  });

  requirement('REP-6.6.4-9', () => {
    const draft = copy('./A/B', './A/C');
    needsFullTarget(draft);
    const [item] = (draft as ItemDraft).items;
    const { source: _, ...without } = item ?? {};
    refuses({ ...draft, items: [without] } as Draft);
    for (const uri of NOT_FULL) refuses({ ...draft, items: [{ ...item, source: { uri } }] } as Draft);
  });

  requirement('REP-6.6.4-10', () => {
    refuses(copy('./A/D', './A/C'));
    refuses(copy('./A/B', './A/D'));
    refuses(copy('./A', './A/D'));
  });

  requirement('REP-6.6.4-11', () => {
    const fixed = new ManagedDevice(
      [leaf('Number', '1', { format: 'int', ...EVERYTHING }), leaf('Text', 'x', EVERYTHING), ...nodes()],
      { treeOptions: { permanent: uri => uri === './Number' } },
    );
    expect(fixed.codes(copy('./Text', './Number'), copy('./A/B', './A/D'))).toEqual([403, 403]);
    expect(fixed.read('./Number')).toBe('1');
    // Rights are another matter.
    expect(fixed.code(copy('./Text', './ReadOnly'))).toBe(425);
  });

  requirement('REP-6.6.4-12', () => answersWithValidCode('Copy'));
});

describe('Delete', () => {
  requirement('REP-6.6.5-2', () => credProvesNothing(remove('./A/B')));
  requirement('REP-6.6.5-4', () => needsItem(remove('./A/B')));
  requirement('REP-6.6.5-6', () => needsFullTarget(remove('./A/B')));
  requirement('REP-6.6.5-7', () => answersWithValidCode('Delete'));
});

describe('Exec', () => {
  requirement('REP-6.6.6-1', () => {
    const steps: string[] = [];
    const { tree } = device();
    const managed = new ManagedDevice([], {
      tree,
      exec: (uri, item) => {
        steps.push(`${uri} ${item.data} ${tree.get('./A/B', 'device').value}`);
        return { code: 200, items: [{ data: 'done' }] };
      },
    });
    const statuses = managed.statuses(
      replace('./A/B', '1'),
      exec('./A/C', { data: 'argument' }),
      replace('./A/B', '2'),
    );
    expect(steps).toEqual(['./A/C argument 1']);
    expect(statuses.map(({ cmd, code }) => `${cmd} ${code}`)).toEqual(['Replace 200', 'Exec 200', 'Replace 200']);
    expect(statuses[1]?.items.map(({ data }) => data)).toEqual(['done']);
  });

  requirement('REP-6.6.6-3', () => credProvesNothing(exec('./A/B')));
  requirement('REP-6.6.6-5', () => needsItem(exec('./A/B')));

  requirement('REP-6.6.6-7', () => {
    const run: string[] = [];
    const managed = device({
      exec: uri => {
        run.push(uri);
        return { code: 200 };
      },
    });
    const codes = managed.codes(group('Atomic', replace('./A/B', 'x'), exec('./A/C')));
    expect(codes[0]).toBeGreaterThanOrEqual(400);
    expect([run, managed.read('./A/B')]).toEqual([[], 'b']);
    expect(managed.codes(group('Sequence', exec('./A/C')), exec('./A/C'))).toEqual([200, 200, 200]);
  });

  requirement('REP-6.6.6-9', () => needsFullTarget(exec('./A/B')));
  requirement('REP-6.6.6-10', () => answersWithValidCode('Exec'));
});

describe('Get and Results', () => {
  requirement('REP-6.6.7-1', () => {
    const results = resultsIn(device().answer(get('./A'), get('./A/D')));
    expect(results.map(({ items }) => [items[0]?.meta?.format, items[0]?.data])).toEqual([
      ['node', 'B/C/D'],
      ['node', 'E'],
    ]);
  });

  requirement('REP-6.6.7-3', () => credProvesNothing(get('./A/B')));
  requirement('REP-6.6.7-5', () => needsItem(get('./A/B')));
  requirement('REP-6.6.7-7', () => needsFullTarget(get('./A/B')));
  requirement('REP-6.6.7-8', () => answersWithValidCode('Get'));

  requirement('REP-6.6.12-1', () => {
    const { commands } = device().answer(get('./A/B', './A/C'), group('Sequence', get('./A'), get('./A/D')));
    const at = (test: (command: Message['commands'][number]) => boolean) => commands.findIndex(test);
    for (const results of commands.filter(command => command.kind === 'Results')) {
      const uri = results.items[0]?.source?.uri ?? '';
      const status = at(
        command =>
          command.kind === 'Status' &&
          command.cmdRef === results.cmdRef &&
          (command.targetRefs.length === 0 || command.targetRefs.includes(uri)),
      );
      expect(status, uri).toBeGreaterThanOrEqual(0);
      expect(commands.indexOf(results), uri).toBeGreaterThan(status);
    }
    expect(commands.filter(({ kind }) => kind === 'Results')).toHaveLength(4);
  });
});
