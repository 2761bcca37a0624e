import { beforeEach, describe, expect, it } from 'vitest';
import { type DeviceJob, DeviceWork, ReadSubtree, ReplaceLeaf } from '../../src-core/server/jobs.ts';
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

  it('asks for no more than a package carries, and waits for its answers', () => {
    const job = new ReadSubtree('./A', sink);
    const device = { './A': [200, NODE, 'a/b/c'] as const };
    answer(job, device, 2);
    expect(job.next(2).map(uriOf)).toEqual(['./A/a', './A/b']);
    expect(job.next(2).map(uriOf)).toEqual(['./A/c']);
    expect([job.next(2), job.done]).toEqual([[], false]);
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
    const [draft] = new ReplaceLeaf('./A', format, value, sink).next(16);
    return draft?.kind === 'Replace' ? draft.items[0] : undefined;
  };
  it.each<[string, string, ItemData]>([
    ['chr', 'é', 'é'],
    ['b64', 'AP8=', 'AP8='],
    ['bin', 'AP8=', Uint8Array.of(0, 255)],
  ])('%s %s travels as %o', (format, value, data) => {
    expect(sent(format, value)).toEqual({ target: { uri: './A' }, meta: { format }, data });
  });

  it('replaces, then reads back', () => {
    const job = new ReplaceLeaf('./A', 'chr', 'new', sink);
    const device = { './A': [200, { format: 'chr' }, 'new'] as const };
    // The Replace is answered by its status alone.
    expect(job.next(16).map(({ kind }) => kind)).toEqual(['Replace']);
    expect(job.next(16)).toEqual([]);
    job.onStatus(
      { kind: 'Replace', cmdId: '1', items: [] },
      {
        kind: 'Status',
        cmdId: '1',
        msgRef: 1,
        cmdRef: '1',
        cmd: 'Replace',
        targetRefs: [],
        sourceRefs: [],
        code: 200,
        items: [],
      },
    );
    expect(job.done).toBe(false);
    expect(answer(job, device)).toEqual(['./A']);
    expect(seen).toEqual(['./A chr new']);
  });

  it('a refusal ends it and is kept in words', () => {
    const job = new ReplaceLeaf('./A', 'chr', 'new', sink);
    answer(job, { './A': [425] });
    expect([job.refusal, job.done, job.next(16), seen]).toEqual(['425 Permission denied', true, [], []]);
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

  it('without jobs there is nothing to send', () => {
    expect(new DeviceWork().next()).toEqual([]);
  });
});
