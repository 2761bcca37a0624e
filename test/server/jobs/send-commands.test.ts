import { beforeEach, describe, expect, it } from 'vitest';
import { ProtocolError } from '../../../src-core/base/errors.ts';
import type { CommandInput } from '../../../src-core/server/jobs/command-input.ts';
import { Progress } from '../../../src-core/server/jobs/progress.ts';
import { SendCommands } from '../../../src-core/server/jobs/send-commands.ts';
import { ReadingAbilities } from '../../../src-core/server/reading-abilities.ts';
import type { Command } from '../../../src-core/syncml/message.ts';
import { type Answers, answer, NODE, SeenChanges, status, uriOf } from './bench.ts';

const sink = new SeenChanges();
beforeEach(() => {
  sink.take();
});

/** Properties do not matter here. */
const abilities = () =>
  new ReadingAbilities({ refused: { wbxml: ['StructData', 'TNDS', 'ACL', 'Title', 'TStamp', 'VerNo'] } });
const send = (inputs: readonly CommandInput[], more: { thenRead?: boolean; progress?: Progress } = {}) =>
  new SendCommands(inputs, sink, { abilities: abilities(), ...more });
const codes = ({ progress }: SendCommands) => progress.statuses.map(({ path, name, code }) => [path, name, code]);

const replace: CommandInput = { kind: 'replace', uri: './A', format: 'chr', value: 'new' };
const NEW: Answers = { './A': [200, { format: 'chr' }, 'new'] };

describe('commands that change the tree', () => {
  it('replaces, then reads back', () => {
    const job = send([replace]);
    expect(answer(job, { './A': [200] })).toEqual(['./A']);
    expect([job.done, job.progress.statuses]).toEqual([
      false,
      [{ path: '1', name: 'Replace', uri: './A', code: 200, words: 'OK' }],
    ]);
    expect(answer(job, NEW)).toEqual(['./A']);
    expect([job.done, sink.take(), answer(job, {})]).toEqual([true, ['./A chr new'], []]);
    expect(job.progress.record).toMatchObject({ reads: 1, refusedReads: 0 });
  });

  it('many nodes are read back together, each once, and none below another one', () => {
    const leaf = (name: string): CommandInput => ({ kind: 'add', uri: `./L/${name}`, format: 'chr', value: 'v' });
    const names = Array.from({ length: 20 }, (_, i) => `n${i}`);
    const job = send([
      ...names.map(leaf),
      leaf('n0'),
      { kind: 'add', uri: './X', format: 'node' },
      { kind: 'add', uri: './X/Y', format: 'chr', value: 'v' },
      { kind: 'replaceProperty', uri: './L/n0', prop: 'Title', value: 'T' },
      { kind: 'replaceProperty', uri: './L/n1', prop: 'Title', value: 'T' },
    ] as CommandInput[]);
    for (const draft of job.next(16)) {
      const command = { ...draft, cmdId: '1' } as Command;
      job.onStatus(command, status(command, 200));
    }
    const leaves = names.map(name => `./L/${name}`);
    const answers = Object.fromEntries([...leaves, './X'].map(uri => [uri, [200, { format: 'chr' }, 'v']] as const));
    expect([answer(job, answers), answer(job, answers), answer(job, {}), answer(job, {})]).toEqual([
      leaves.slice(0, 16),
      [...leaves.slice(16), './X'],
      ['./L/n0?prop=Title', './L/n1?prop=Title'],
      [],
    ]);
    expect(job.done).toBe(true);
  });

  it('reads nothing where nobody wants it', () => {
    const job = send([replace], { thenRead: false });
    answer(job, { './A': [200] });
    expect([job.done, answer(job, NEW), sink.take()]).toEqual([true, [], []]);
  });

  it('a refusal ends it', () => {
    const job = send([replace]);
    answer(job, { './A': [425] });
    expect([codes(job), job.done, job.next(16), sink.take()]).toEqual([[['1', 'Replace', 425]], true, [], []]);
  });

  it('what cannot be sent is kept with the reason', () => {
    const job = send([replace]);
    const [draft] = job.next(16);
    if (draft) job.onUnsent(draft, new ProtocolError('unsendable', 'larger than the device takes', 413));
    expect([job.progress.unsent, job.done, job.next(16)]).toEqual([
      [{ path: '1', reason: 'larger than the device takes' }],
      true,
      [],
    ]);
  });

  it.each<[CommandInput, string[]]>([
    [{ kind: 'add', uri: './A', format: 'chr', value: 'new' }, ['./A chr new']],
    [{ kind: 'copy', from: './B', to: './A' }, ['./A chr new']],
    [{ kind: 'delete', uri: './A' }, ['./A removed']],
    [{ kind: 'exec', uri: './A' }, []],
  ])('%o: the server sees the outcome', (input, changes) => {
    const job = send([input]);
    answer(job, { './A': [200] });
    answer(job, NEW);
    expect([job.done, sink.take()]).toEqual([true, changes]);
    const refused = send([input]);
    answer(refused, { './A': [425] });
    expect([refused.next(16), sink.take()]).toEqual([[], []]);
  });

  it('a node that is not there to be deleted is gone too', () => {
    const job = send([{ kind: 'delete', uri: './A' }]);
    answer(job, {});
    job.next(16);
    expect(sink.take()).toEqual(['./A removed']);
  });

  it('a property is read back, a node that was renamed under its new name', () => {
    const title = send([{ kind: 'replaceProperty', uri: './A', prop: 'Title', value: 'T' }]);
    answer(title, { './A?prop=Title': [200] });
    expect(answer(title, { './A?prop=Title': [200, undefined, 'T'] })).toEqual(['./A?prop=Title']);
    expect(sink.take()).toEqual(['./A ? - T']);
    const name = send([{ kind: 'replaceProperty', uri: './X/A', prop: 'Name', value: 'B' }]);
    answer(name, { './X/A?prop=Name': [200] });
    expect(answer(name, { './X/B': [200, { format: 'chr' }, 'v'] })).toEqual(['./X/B']);
    expect(sink.take()).toEqual(['./X/A removed', './X/B chr v']);
  });
});

describe('reads by hand', () => {
  it('values, properties and lists go into the tree, and are kept as results', () => {
    const job = send([
      { kind: 'get', uri: './A' },
      { kind: 'get', uri: './A', prop: 'ACL' },
      { kind: 'get', uri: './X', list: 'StructData' },
      { kind: 'get', uri: './N' },
    ]);
    answer(job, {
      './A': [200, { format: 'bin', type: 'image/png' }, Uint8Array.of(0, 255)],
      './A?prop=ACL': [200, undefined, 'Get=*'],
      './X?list=StructData': [
        200,
        [
          ['./X', NODE],
          ['./X/Y', NODE],
          ['./X/Y/Z', { format: 'int' }, '1'],
        ],
      ],
      './N': [425],
    });
    job.next(16);
    expect(sink.take()).toEqual([
      './A bin AP8=',
      './A ? - Get=*',
      './X node -',
      './X/Y node -',
      './X/Y/Z int 1',
      './N unknown - 425 Permission denied',
      './X/Y has Z',
    ]);
    expect(job.progress.results.map(({ path, uri, value }) => [path, uri, value])).toEqual([
      ['1', './A', 'AP8='],
      ['2', './A?prop=ACL', 'Get=*'],
      ['3', './X', undefined],
      ['3', './X/Y', undefined],
      ['3', './X/Y/Z', '1'],
    ]);
  });

  it('of very many results the first are kept, and of a very long value its length', () => {
    const items = Array.from({ length: 600 }, (_, i) => [`./X/n${i}`, undefined, 'v'] as const);
    const job = send([
      { kind: 'get', uri: './X', list: 'StructData' },
      { kind: 'get', uri: './L' },
    ]);
    answer(job, { './X?list=StructData': [200, items], './L': [200, { format: 'chr' }, 'x'.repeat(70_000)] });
    expect([job.progress.results.length, job.progress.record.moreResults]).toEqual([500, 101]);
    const long = send([{ kind: 'get', uri: './L' }]);
    answer(long, { './L': [200, { format: 'chr' }, 'x'.repeat(70_000)] });
    expect(long.progress.results).toEqual([{ path: '1', uri: './L', format: 'chr', omitted: 70_000 }]);
  });

  it('what a person answered is kept with the status', () => {
    const job = send([{ kind: 'alert', ask: { kind: 'input', text: 'Who?' } }]);
    const [draft] = job.next(16);
    const command = { ...draft, cmdId: '3' } as Command;
    job.onStatus(command, status(command, 200, [{ data: 'Ann' }]));
    expect([job.progress.statuses[0]?.data, job.done]).toEqual([['Ann'], true]);
  });
});

describe('groups', () => {
  const both: CommandInput = { kind: 'atomic', commands: [replace, { kind: 'delete', uri: './B' }] };
  /** As the session numbers them. */
  function sent(job: SendCommands) {
    const [draft] = job.next(16);
    if (draft?.kind !== 'Atomic' && draft?.kind !== 'Sequence') throw new Error('expected a group');
    const inner = draft.commands.map((one, i) => ({ ...one, cmdId: String(i + 2) }) as Command);
    return { outer: { ...draft, cmdId: '1', commands: inner } as Command, inner };
  }

  it('every command inside has a status of its own', () => {
    const job = send([both]);
    const { outer, inner } = sent(job);
    job.onStatus(outer, status(outer, 200));
    for (const command of inner) job.onStatus(command, status(command, 200));
    expect(codes(job)).toEqual([
      ['1', 'Atomic', 200],
      ['1.1', 'Replace', 200],
      ['1.2', 'Delete', 200],
    ]);
    expect(job.next(16).map(uriOf)).toEqual(['./A']);
    expect(sink.take()).toEqual(['./B removed']);
  });

  it('is not done before the group has its status; of an Atomic that failed nothing counts', () => {
    const job = send([both]);
    const { outer, inner } = sent(job);
    for (const command of inner) job.onStatus(command, status(command, 216));
    expect(job.done).toBe(false);
    job.onStatus(outer, status(outer, 507));
    expect([job.done, job.next(16), sink.take()]).toEqual([true, [], []]);
  });

  it('of a Sequence each counts for itself', () => {
    const job = send([{ kind: 'sequence', commands: [replace, { kind: 'delete', uri: './B' }] }]);
    const { outer, inner } = sent(job);
    job.onStatus(outer, status(outer, 200));
    for (const [i, command] of inner.entries()) job.onStatus(command, status(command, i === 0 ? 405 : 200));
    expect([job.next(16), sink.take()]).toEqual([[], ['./B removed']]);
  });

  it('of an Atomic that failed inside a Sequence nothing counts', () => {
    const inner: CommandInput = { kind: 'atomic', commands: [replace, { kind: 'delete', uri: './B' }] };
    const job = send([{ kind: 'sequence', commands: [inner, { kind: 'delete', uri: './C' }] }]);
    const { outer, inner: within } = sent(job);
    const [atomic, last] = within;
    if (atomic?.kind !== 'Atomic' || !last) throw new Error('expected an Atomic and a Delete');
    job.onStatus(outer, status(outer, 200));
    job.onStatus(atomic, status(atomic, 507));
    for (const one of atomic.commands) job.onStatus(one, status(one, 200));
    job.onStatus(last, status(last, 200));
    expect(codes(job).map(([path]) => path)).toEqual(['1', '1.1', '1.1.1', '1.1.2', '1.2']);
    expect([job.next(16), sink.take()]).toEqual([[], ['./C removed']]);
  });

  it('commands that look alike are told apart by their order', () => {
    const job = send([replace, replace, { kind: 'sequence', commands: [replace] }]);
    const drafts = job.next(16);
    const commands = drafts.map((draft, i) => ({ ...draft, cmdId: String(i + 1) }) as Command);
    // As they come back of a large object: other items, the same target.
    for (const [i, command] of commands.entries()) {
      const chunk = 'items' in command ? { ...command, items: command.items.map(item => ({ ...item })) } : command;
      job.onStatus(chunk as Command, status(command, 200 + i));
    }
    expect(codes(job)).toEqual([
      ['1', 'Replace', 200],
      ['2', 'Replace', 201],
      ['3', 'Sequence', 202],
    ]);
  });
});

describe('a session that broke off', () => {
  const two: CommandInput[] = [
    { kind: 'exec', uri: './E' },
    { kind: 'atomic', commands: [replace] },
  ];

  it('what was answered is not sent again; the rest is, with what is in groups', () => {
    const first = send(two);
    const [, atomic] = first.next(16).map((draft, i) => ({ ...draft, cmdId: String(i) }) as Command);
    const exec = { kind: 'Exec', cmdId: '9', items: [{ target: { uri: './E' } }] } as Command;
    first.onStatus(exec, status(exec, 202));
    const inner = atomic && 'commands' in atomic && atomic.commands[0];
    if (inner) first.onStatus(inner, status(inner, 200));
    const kept = JSON.parse(JSON.stringify(first.progress.record));
    const second = send(two, { progress: new Progress(kept) });
    expect(second.next(16).map(({ kind }) => kind)).toEqual(['Atomic']);
    expect(codes(second)).toEqual([['1', 'Exec', 202]]);
  });

  it('what was answered and not read back is read back only', () => {
    const first = send([replace]);
    answer(first, { './A': [200] });
    const second = send([replace], { progress: first.progress });
    expect([second.done, second.next(16).map(({ kind }) => kind)]).toEqual([false, ['Get']]);
  });
});
