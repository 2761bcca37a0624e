import { describe, expect, test } from 'vitest';
import {
  addToBatch,
  type Batch,
  commandsOf,
  EMPTY_BATCH,
  moveInBatch,
  refuseBatch,
  removeFromBatch,
} from '../../renderer/features/devices/commands/batch.ts';
import type { SingleDraft } from '../../renderer/features/devices/commands/draft.ts';
import { refuseName, refuseUri } from '../../renderer/features/devices/commands/forms/uris.ts';
import { hideSecrets } from '../../renderer/features/devices/commands/hide-secrets.ts';
import { ROOM_KEYS, roomKeyOf } from '../../renderer/features/devices/commands/keys.ts';
import {
  answersOf,
  shownResult,
  summaryFor,
  summaryOf,
  titleOf,
} from '../../renderer/features/devices/commands/work.ts';
import type { WorkView } from '../../src-core/workbench/work-views.ts';

const GET: SingleDraft = { kind: 'get', uri: './A' };
const DELETE: SingleDraft = { kind: 'delete', uri: './B' };
const EXEC: SingleDraft = { kind: 'exec', uri: './C' };

const batchOf = (form: Batch['form'], ...drafts: SingleDraft[]): Batch => ({
  ...drafts.reduce(addToBatch, EMPTY_BATCH),
  form,
});

function workOf(change: Partial<WorkView>): WorkView {
  return {
    id: '1',
    title: '',
    uris: [],
    commands: [],
    xml: '',
    state: 'answered',
    statuses: [],
    results: [],
    moreResults: 0,
    unsent: [],
    reads: { answered: 0, refused: 0 },
    done: true,
    createdAt: 0,
    ...change,
  };
}

describe('batch', () => {
  test('commands keep their order, are moved by one place and stay at the ends', () => {
    const batch = batchOf('each', GET, DELETE, EXEC);
    expect(commandsOf(moveInBatch(batch, 3, -1))).toEqual([GET, EXEC, DELETE]);
    expect(moveInBatch(batch, 1, -1)).toBe(batch);
    expect(moveInBatch(batch, 3, 1)).toBe(batch);
    expect(commandsOf(removeFromBatch(batch, 2))).toEqual([GET, EXEC]);
  });

  test('a Sequence or Atomic is one command around them', () => {
    expect(commandsOf(batchOf('sequence', GET, DELETE))).toEqual([{ kind: 'sequence', commands: [GET, DELETE] }]);
    expect(commandsOf(batchOf('atomic'))).toEqual([]);
  });

  test('an Atomic takes neither Get nor Exec, an empty batch is not sent', () => {
    expect(refuseBatch(batchOf('atomic', DELETE, GET))).toContain('A Get stands in no Atomic');
    expect(refuseBatch(batchOf('atomic', EXEC))).toContain('cannot be undone');
    expect(refuseBatch(batchOf('sequence', DELETE, GET, EXEC))).toBeUndefined();
    expect(refuseBatch(EMPTY_BATCH)).toContain('no command');
  });
});

describe('answers', () => {
  const status = (path: string, name: string, uri: string, code: number) => ({
    path,
    name,
    uri,
    code,
    words: `w${code}`,
  });
  const atomic = workOf({
    state: 'refused',
    uris: ['./A', './B'],
    commands: [
      {
        kind: 'atomic',
        commands: [{ kind: 'replace', uri: './A', format: 'chr', value: 'x' }, DELETE],
      },
    ],
    statuses: [
      status('1', 'Atomic', '', 507),
      status('1.1', 'Replace', './A', 216),
      status('1.2', 'Delete', './B', 405),
      status('', 'Get', './Z', 404),
    ],
  });

  test('each command in an Atomic has its own status', () => {
    const [answer] = answersOf(atomic);
    expect(answer).toMatchObject({ path: '1', name: 'Atomic', status: { code: 507 } });
    expect(answer?.inner.map(({ path, subject, status: own }) => [path, subject, own?.code])).toEqual([
      ['1.1', './A', 216],
      ['1.2', './B', 405],
    ]);
  });

  test('a node is told of its own command, not of the whole', () => {
    expect(summaryFor(atomic, './A')).toEqual({ name: 'Replace', tone: 'warn', text: '216 w216' });
    expect(summaryFor(atomic, './B')).toEqual({ name: 'Delete', tone: 'bad', text: '405 w405' });
    expect(summaryOf(atomic)).toEqual({ tone: 'bad', text: '507 w507' });
  });

  test('what waits, was cancelled, not sent or not answered says so', () => {
    const states = (['queued', 'sent', 'cancelled', 'unsent', 'refused', 'answered'] as const).map(
      state => summaryOf(workOf({ state, commands: [GET] })).text,
    );
    expect(states).toEqual(['queued', 'sent', 'cancelled', 'not sent', 'no answer', 'answered']);
    expect(summaryOf(workOf({ uris: ['./A'] }))).toEqual({ tone: 'ok', text: 'read' });
    expect(titleOf(workOf({ uris: ['./A'] }))).toEqual({ name: 'Get', subject: './A and all below' });
    expect(titleOf(workOf({ commands: [GET, DELETE] }))).toEqual({ name: 'Get', subject: './A and 1 more' });
  });
});

describe('secrets', () => {
  test('a secret that was typed is hidden in the XML, other data is not', () => {
    const secret: SingleDraft = { kind: 'replace', uri: './Wifi/Password', format: 'chr', value: 'a<b&c' };
    const plain: SingleDraft = { kind: 'replace', uri: './Wifi/Name', format: 'chr', value: 'lab' };
    const xml = '<Data>a&lt;b&amp;c</Data><Data>lab</Data>';
    expect(hideSecrets(xml, [{ kind: 'sequence', commands: [secret, plain] }])).toBe(
      '<Data>••••••</Data><Data>lab</Data>',
    );
  });

  test('a secret that came back is hidden too', () => {
    expect(shownResult({ path: '1', uri: './Wifi/Password', value: 'x' }).value).toBe('••••••');
    expect(shownResult({ path: '1', uri: './Wifi/Name', value: 'x' }).value).toBe('x');
  });
});

describe('what is typed', () => {
  test('URIs begin at the root, and every segment has a name', () => {
    expect(['./A/B', '.'].map(refuseUri)).toEqual([undefined, undefined]);
    expect(['A/B', '/A', './A//B', './A?prop=ACL', './A/..'].filter(uri => refuseUri(uri) === undefined)).toEqual([]);
  });

  test('names', () => {
    expect(refuseName('Dév Id')).toBeUndefined();
    expect(['', 'a/b', 'a?b', '.', '..'].filter(name => refuseName(name) === undefined)).toEqual([]);
  });
});

describe('keys of the room', () => {
  test('each key does one thing', () => {
    expect(new Set(ROOM_KEYS.map(({ key }) => key)).size).toBe(ROOM_KEYS.length);
    const press = (key: string, command = false, shift = false) => roomKeyOf({ key, command, shift })?.does;
    expect([press('F2'), press('b', true), press('B', true, true), press('Enter', true), press('b')]).toEqual([
      'Replace',
      'pin',
      'batch',
      'read',
      undefined,
    ]);
  });
});
