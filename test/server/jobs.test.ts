import { beforeEach, describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src-core/base/errors.ts';
import { DeviceWork } from '../../src-core/server/device-work.ts';
import {
  AddNode,
  CopyNode,
  DeleteNode,
  type DeviceJob,
  ExecNode,
  ReadNodes,
  ReadSubtree,
  ReplaceLeaf,
  SendCommands,
} from '../../src-core/server/jobs.ts';
import type { Command, Draft, ItemData, Meta, Results, Status } from '../../src-core/syncml/message.ts';
import { interior, leaf } from '../../src-core/tree/node.ts';
import { TNDS_WBXML_TYPE, writeTndsWbxml } from '../../src-core/tree/tnds.ts';

type Job = Pick<DeviceJob, 'next' | 'onStatus' | 'onResults'>;

/** What the job changed in the server's view, in words. */
let seen: string[];
const sink = {
  readings: (readings: readonly { uri: string; format?: string; value?: string; acl?: string }[]) => {
    for (const { uri, format, value, acl } of readings)
      seen.push([uri, format, value ?? '-', ...(acl ? [acl] : [])].join(' '));
  },
  children: (uri: string, names: readonly string[]) => seen.push(`${uri} has ${names.join(',')}`),
  removed: (uri: string) => seen.push(`${uri} removed`),
};
beforeEach(() => {
  seen = [];
});
const NO_SINK = { readings: () => {}, children: () => {}, removed: () => {} };

const uriOf = (draft: Draft) => ('items' in draft ? (draft.items[0]?.target?.uri ?? '') : '');
type Answer = readonly [number, Meta?, ItemData?];

/** Answers what the job asks for now; returns the URIs asked for. */
function answer(job: Job, answers: Readonly<Record<string, Answer>>, limit = 16): string[] {
  const drafts = job.next(limit);
  for (const [i, draft] of drafts.entries()) {
    const uri = uriOf(draft);
    const command = { ...draft, cmdId: String(i) } as Command;
    const [code, meta, data] = answers[uri] ?? [404];
    const common = { cmdId: '1', cmdRef: String(i), msgRef: 1, targetRefs: [], sourceRefs: [] };
    job.onStatus(command, { ...common, kind: 'Status', cmd: draft.kind, code, items: [] } satisfies Status);
    if (data !== undefined)
      job.onResults(command, {
        ...common,
        kind: 'Results',
        items: [{ source: { uri }, ...(meta && { meta }), data }],
      } satisfies Results);
  }
  return drafts.map(uriOf);
}

const NODE: Meta = { format: 'node' };

describe('ReadSubtree', () => {
  it('walks level by level, then reads the properties of each part', () => {
    const job = new ReadSubtree('.', sink);
    const tnds = writeTndsWbxml([{ path: '', node: interior('A', [leaf('B', 'not taken', { acl: 'Get=*' })]) }]);
    const device: Record<string, Answer> = {
      '.': [200, NODE, 'A/C'],
      './A': [200, NODE, 'B'],
      './C': [200, { format: 'bin' }, Uint8Array.of(0, 255)],
      './A/B': [200, { format: 'int' }, '7'],
      './A?list=TNDS': [200, { format: 'bin', type: TNDS_WBXML_TYPE }, tnds],
      './C?list=TNDS': [406],
    };
    expect([1, 2, 3, 4, 5].map(() => answer(job, device))).toEqual([
      ['.'],
      ['./A', './C'],
      ['./A/B'],
      ['./A?list=TNDS', './C?list=TNDS'],
      [],
    ]);
    expect(job.done).toBe(true);
    expect(seen).toEqual([
      '. node -',
      '. has A,C',
      './A node -',
      './A has B',
      './C bin AP8=',
      './A/B int 7',
      './A node -',
      './A/B chr - Get=*',
    ]);
  });

  it('asks for no more than a package carries; what the device does not answer ends nothing', () => {
    const job = new ReadSubtree('./A', sink);
    const device = { './A': [200, NODE, 'a/b/c'] as const };
    answer(job, device, 2);
    expect(job.next(2).map(uriOf)).toEqual(['./A/a', './A/b']);
    expect([job.next(2).map(uriOf), job.done]).toEqual([['./A/c'], false]);
    expect(job.next(2).map(uriOf)).toEqual(['./A?list=TNDS']);
    expect([job.next(2), job.done]).toEqual([[], true]);
  });

  it('a Get that no message holds is left out', () => {
    const job = new ReadSubtree('./A', sink);
    job.next(16);
    job.onUnsent();
    expect([job.done, seen]).toEqual([true, []]);
  });

  it('there is always a root, also where it is not found', () => {
    answer(new ReadSubtree('.', sink), {});
    expect(seen).toEqual(['. unknown -']);
  });

  it.each<[number, string[]]>([
    [404, ['./A removed']],
    [425, ['./A unknown -']],
    [405, ['./A unknown -']],
    [500, ['./A unknown -']],
  ])('status %i', (code, expected) => {
    const job = new ReadSubtree('./A', sink);
    answer(job, { './A': [code] });
    expect([seen, job.done]).toEqual([expected, true]);
  });

  it('an interior node without children loses those it had', () => {
    answer(new ReadSubtree('./A', sink), { './A': [200, NODE, ''] });
    expect(seen).toEqual(['./A node -', './A has ']);
  });
});

describe('ReplaceLeaf', () => {
  const sent = (format: string, value: string) => {
    const [draft] = new ReplaceLeaf('./A', { format, value }, sink).next(16);
    return draft?.kind === 'Replace' ? draft.items[0] : undefined;
  };
  it.each<[string, string, ItemData]>([
    ['chr', 'é', 'é'],
    ['b64', 'AP8=', 'AP8='],
    ['bin', 'AP8=', Uint8Array.of(0, 255)],
  ])('%s %s travels as %o', (format, value, data) => {
    expect(sent(format, value)).toMatchObject({ target: { uri: './A' }, meta: { format }, data });
  });

  it('replaces, then reads back', () => {
    const job = new ReplaceLeaf('./A', { format: 'chr', value: 'new' }, sink);
    const device: Record<string, Answer> = { './A': [200] };
    expect(answer(job, device)).toEqual(['./A']);
    expect([job.done, job.statuses]).toEqual([false, [{ command: 'Replace', uri: './A', code: 200, text: 'OK' }]]);
    device['./A'] = [200, { format: 'chr' }, 'new'];
    expect(answer(job, device)).toEqual(['./A']);
    expect([job.done, seen, answer(job, device)]).toEqual([true, ['./A chr new'], []]);
  });

  it('a refusal ends it and is kept in words', () => {
    const job = new ReplaceLeaf('./A', { format: 'chr', value: 'new' }, sink);
    answer(job, { './A': [425] });
    expect([job.refusal, job.done, job.next(16), seen]).toEqual(['425 Permission denied', true, [], []]);
  });

  it('what cannot be sent is refused with the reason', () => {
    const job = new ReplaceLeaf('./A', { format: 'chr', value: 'new' }, sink);
    const [draft] = job.next(16);
    if (draft) job.onUnsent(draft, new ProtocolError('unsendable', 'larger than the device takes', 413));
    expect([job.refusal, job.done, job.next(16)]).toEqual(['larger than the device takes', true, []]);
  });
});

describe('commands on nodes', () => {
  const item = { target: { uri: './A' } };
  it.each<[DeviceJob, Draft]>([
    [
      new AddNode('./A', { format: 'bin', type: 'image/png', value: 'AP8=' }, NO_SINK),
      { kind: 'Add', items: [{ ...item, meta: { format: 'bin', type: 'image/png' }, data: Uint8Array.of(0, 255) }] },
    ],
    [new AddNode('./A', { format: 'node' }, NO_SINK), { kind: 'Add', items: [{ ...item, meta: { format: 'node' } }] }],
    [new DeleteNode('./A', NO_SINK), { kind: 'Delete', items: [item] }],
    [
      new CopyNode('./B', './A', NO_SINK),
      { kind: 'Copy', items: [{ source: { uri: './B' }, target: { uri: './A' } }] },
    ],
    [new ExecNode('./A'), { kind: 'Exec', items: [item] }],
    [
      new ExecNode('./A', { correlator: '7', data: 'now' }),
      { kind: 'Exec', correlator: '7', items: [{ ...item, data: 'now' }] },
    ],
  ])('%o', (job, draft) => {
    expect(job.next(16)).toEqual([draft]);
    expect(job.done).toBe(false);
  });

  it.each<[string, DeviceJob['title'], (code: number) => string[]]>([
    ['add', 'add ./A', () => []],
    ['copy', 'copy ./B to ./A', () => []],
    ['delete', 'delete ./A', code => (code === 425 ? [] : ['./A removed'])],
  ])('%s: the server sees the outcome', (name, title, refused) => {
    const make = () =>
      name === 'add'
        ? new AddNode('./A', { format: 'chr', value: '1' }, sink)
        : name === 'copy'
          ? new CopyNode('./B', './A', sink)
          : new DeleteNode('./A', sink);
    for (const code of [404, 425]) {
      seen = [];
      const job = make();
      answer(job, { './A': [code] });
      expect([job.title, job.done, seen]).toEqual([title, true, refused(code)]);
    }
    seen = [];
    const job = make();
    const device: Record<string, Answer> = { './A': [200] };
    answer(job, device);
    device['./A'] = [200, { format: 'chr' }, 'new'];
    answer(job, device);
    expect([job.done, seen]).toEqual([true, name === 'delete' ? ['./A removed'] : ['./A chr new']]);
  });
});

describe('SendCommands', () => {
  it('sends them together and keeps statuses and results of all', () => {
    const job = new SendCommands('ask', [
      { kind: 'Alert', code: 1101, items: [{ data: 'MINDT=10' }, { data: 'Go on?' }] },
      { kind: 'Get', items: [{ target: { uri: './A' } }] },
    ]);
    expect(answer(job, { '': [200], './A': [200, { format: 'chr' }, 'value'] }, 1)).toEqual(['', './A']);
    expect(job.statuses.map(({ command, uri, code }) => [command, uri, code])).toEqual([
      ['Alert', '', 200],
      ['Get', './A', 200],
    ]);
    expect(job.results).toEqual([{ source: { uri: './A' }, meta: { format: 'chr' }, data: 'value' }]);
    expect([job.done, job.refusal, job.next(16)]).toEqual([true, undefined, []]);
  });

  it('is not done before all were answered, whatever comes of the commands within', () => {
    const inner = { kind: 'Exec', items: [{ target: { uri: './X' } }] } as const;
    const job = new SendCommands('atomic', [{ kind: 'Atomic', commands: [inner] }]);
    const [draft] = job.next(16);
    const status = (command: Command, code: number): Status => ({
      kind: 'Status',
      cmdId: '1',
      msgRef: 1,
      cmdRef: command.cmdId,
      cmd: command.kind,
      targetRefs: [],
      sourceRefs: [],
      code,
      items: [],
    });
    const within = { ...inner, cmdId: '2' };
    const outer = { ...draft, cmdId: '1' } as Command;
    job.onStatus(within, status(within, 200));
    expect(job.done).toBe(false);
    job.onStatus(outer, status(outer, 507));
    expect([job.done, job.refusal]).toEqual([true, '507 Atomic failed']);
  });
});

describe('ReadNodes', () => {
  it('reads just these, as many at once as a package carries', () => {
    const job = new ReadNodes(['./A', './B', './C'], sink);
    const device: Record<string, Answer> = {
      './A': [200, { format: 'chr', type: 'text/plain' }, '1'],
      './B': [200, NODE, 'x/y'],
      './C': [404],
    };
    expect([answer(job, device, 2), job.done, answer(job, device, 2), job.done, answer(job, device)]).toEqual([
      ['./A', './B'],
      false,
      ['./C'],
      true,
      [],
    ]);
    expect(seen).toEqual(['./A chr 1', './B node -', './B has x,y', './C removed']);
  });
});

describe('DeviceWork', () => {
  it('does jobs in order, one at a time', () => {
    const work = new DeviceWork();
    work.add(() => new ReadSubtree('./A', sink));
    work.add(() => new ReadSubtree('./B', sink));
    work.begin();
    expect([work.queued, answer(work, {}), answer(work, {}), answer(work, {}), work.queued]).toEqual([
      2,
      ['./A'],
      ['./B'],
      [],
      0,
    ]);
  });

  it('a job that was not finished starts over in the next session', () => {
    const work = new DeviceWork();
    work.add(() => new ReadSubtree('./A', sink));
    work.begin();
    answer(work, { './A': [200, NODE, 'B'] });
    expect(work.next().map(uriOf)).toEqual(['./A/B']);
    work.begin();
    expect([work.queued, work.next().map(uriOf)]).toEqual([1, ['./A']]);
  });

  it('a job that was finished does not start over, though nobody asked for more', () => {
    const work = new DeviceWork();
    work.add(() => new ExecNode('./A'));
    work.add(() => new ReadNodes(['./B'], sink));
    work.begin();
    answer(work, { './A': [202] });
    work.begin();
    expect([work.queued, answer(work, {})]).toEqual([1, ['./B']]);
  });

  it('a device that does not answer keeps no other job waiting', () => {
    const work = new DeviceWork();
    work.add(() => new ReadNodes(['./A'], sink));
    work.add(() => new ReadNodes(['./B'], sink));
    work.begin();
    expect([work.next().map(uriOf), work.next().map(uriOf), work.next()]).toEqual([['./A'], ['./B'], []]);
  });

  it('tells the job what could not be sent', () => {
    const work = new DeviceWork();
    const job = new ExecNode('./A');
    work.add(() => job);
    work.begin();
    const [draft] = work.next();
    if (draft) work.onUnsent(draft, new ProtocolError('unsendable', 'too large', 413));
    expect(job.refusal).toBe('too large');
  });

  it('without jobs there is nothing to send', () => {
    expect(new DeviceWork().next()).toEqual([]);
  });
});
