import { beforeEach, describe, expect, it } from 'vitest';
import { Progress } from '../../../src-core/server/jobs/progress.ts';
import { ReadNodes } from '../../../src-core/server/jobs/read-nodes.ts';
import { ReadSubtree } from '../../../src-core/server/jobs/read-subtree.ts';
import { ReadingAbilities } from '../../../src-core/server/reading-abilities.ts';
import { interior, leaf } from '../../../src-core/tree/node.ts';
import { TNDS_WBXML_TYPE, writeTndsWbxml } from '../../../src-core/tree/tnds.ts';
import { type Answers, answer, answerAll, NODE, SeenChanges, uriOf } from './bench.ts';

const sink = new SeenChanges();
beforeEach(() => {
  sink.take();
});

const A = interior('A', [leaf('B', '7', { acl: 'Get=*', format: 'int' }), interior('D', [leaf('E', 'é')])]);
const TNDS = { format: 'bin', type: TNDS_WBXML_TYPE };
const tnds = writeTndsWbxml([{ path: '', node: A }]);
/** Node by node, and both lists. */
const device: Answers = {
  '.': [200, NODE, 'A/C'],
  './A': [200, NODE, 'B/D'],
  './A/B': [200, { format: 'int' }, '7'],
  './A/D': [200, NODE, 'E'],
  './A/D/E': [200, { format: 'chr', type: 'text/plain' }, 'é'],
  './C': [200, { format: 'bin' }, Uint8Array.of(0, 255)],
  './A?list=StructData': [
    200,
    [
      ['./A', NODE],
      ['./A/B', { format: 'int' }, '7'],
      ['./A/D', NODE],
      ['./A/D/E', undefined, 'é'],
    ],
  ],
  './A?list=TNDS': [200, TNDS, tnds],
};
const without = (...lists: string[]): Answers => ({
  ...device,
  ...Object.fromEntries(['./A', './A/D', './C'].flatMap(uri => lists.map(list => [`${uri}?list=${list}`, [406]]))),
});
/** One list does all. */
const abilities = (...refused: string[]) => new ReadingAbilities({ refused: { wbxml: refused } });

describe('a device that knows both lists', () => {
  it('gives values as StructData, then properties as TNDS', () => {
    const job = new ReadSubtree('.', sink);
    expect(answerAll(job, { ...device, './C?list=TNDS': [406] })).toEqual([
      ['.'],
      ['./A', './C'],
      ['./A?list=StructData'],
      ['./A/D'],
      ['./A?list=TNDS', './C?list=TNDS'],
    ]);
    expect(job.done).toBe(true);
    expect(sink.take()).toEqual([
      '. node -',
      '. has A,C',
      './A node -',
      './A has B,D',
      './C bin AP8=',
      './A node -',
      './A/B int 7',
      './A/D node -',
      './A/D/E chr é',
      './A/D node -',
      './A/D has E',
      './A node -',
      './A/B int - Get=*',
      './A/D node -',
      './A/D/E chr -',
    ]);
  });

  it('what a list leaves out is asked for by itself: it may not be read', () => {
    const job = new ReadSubtree('./A', sink);
    const hidden: Answers = { ...device, './A': [200, NODE, 'B/D/Secret'], './A/D': [200, NODE, 'E/Key'] };
    const asked = answerAll(job, { ...hidden, './A/Secret': [425], './A/D/Key': [404] });
    expect(asked.slice(1, 4)).toEqual([['./A?list=StructData'], ['./A/Secret', './A/D'], ['./A/D/Key']]);
    expect(sink.take()).toEqual(
      expect.arrayContaining(['./A/Secret unknown - 425 Permission denied', './A/D/Key removed']),
    );
  });
});

describe('a device without StructData', () => {
  it('gives values and properties as TNDS', () => {
    const job = new ReadSubtree('./A', sink, abilities('StructData'));
    expect(answerAll(job, without('StructData'))).toEqual([['./A'], ['./A?list=TNDS'], ['./A/D']]);
    expect(sink.take()).toEqual([
      './A node -',
      './A has B,D',
      './A node -',
      './A/B int 7 Get=*',
      './A/D node -',
      './A/D/E chr é',
      './A/D node -',
      './A/D has E',
    ]);
  });

  it('is asked for it once: what it refused is remembered', () => {
    const known = new ReadingAbilities();
    const first = answerAll(new ReadSubtree('./A', sink, known), without('StructData'));
    expect(first.flat()).toContain('./A?list=StructData');
    expect(known.take()?.refused).toEqual({ wbxml: ['StructData'], xml: [] });
    const second = answerAll(new ReadSubtree('./A', sink, known), without('StructData'));
    expect(second.flat()).not.toContain('./A?list=StructData');
  });
});

describe('a device without lists', () => {
  it('is walked level by level; properties come one by one', () => {
    const job = new ReadSubtree('./A', sink);
    const properties: Answers = {
      ...without('StructData', 'TNDS'),
      './A?prop=ACL': [200, undefined, 'Get=*'],
      './A?prop=Title': [406],
      './A?prop=TStamp': [406],
      './A/B?prop=VerNo': [200, undefined, '3'],
    };
    expect(answerAll(job, properties).map(uris => uris.join(' '))).toEqual([
      './A',
      './A?list=StructData',
      './A?list=TNDS',
      './A/B ./A/D',
      './A/D/E',
      './A?prop=ACL ./A?prop=Title ./A?prop=TStamp ./A?prop=VerNo ./A/B?prop=ACL ./A/B?prop=Title ./A/B?prop=TStamp ./A/B?prop=VerNo ./A/D?prop=ACL ./A/D?prop=Title ./A/D?prop=TStamp ./A/D?prop=VerNo ./A/D/E?prop=ACL ./A/D/E?prop=Title ./A/D/E?prop=TStamp ./A/D/E?prop=VerNo',
    ]);
    expect(sink.take()).toEqual(expect.arrayContaining(['./A ? - Get=*', './A/B ? - 3']));
  });

  it('and a large tree: only of the first node', () => {
    const names = Array.from({ length: 40 }, (_, i) => `n${i}`);
    const leaves = Object.fromEntries(names.map(name => [`./A/${name}`, [200, { format: 'chr' }, name] as const]));
    const job = new ReadSubtree('./A', sink, abilities('StructData', 'TNDS'));
    const asked = answerAll(job, { './A': [200, NODE, names.join('/')], ...leaves });
    expect(asked.at(-1)).toEqual(['ACL', 'Title', 'TStamp', 'VerNo'].map(name => `./A?prop=${name}`));
    expect(asked.flat()).toHaveLength(45);
  });
});

describe('a part that is too much at once', () => {
  it('is read in smaller parts; the list is tried there', () => {
    const known = new ReadingAbilities();
    const job = new ReadSubtree('./A', sink, known);
    const large: Answers = {
      ...device,
      './A?list=StructData': [413],
      './A?list=TNDS': [413],
      './A/D?list=StructData': [
        200,
        [
          ['./A/D', NODE],
          ['./A/D/E', undefined, 'é'],
        ],
      ],
    };
    expect(answerAll(job, large).map(uris => uris.join(' '))).toEqual([
      './A',
      './A?list=StructData',
      './A?list=TNDS',
      './A/B ./A/D',
      './A/D?list=StructData',
      './A?list=TNDS',
    ]);
    expect(known.mayAsk('StructData')).toBe(true);
  });

  it('a list of many interior nodes is taken as it is', () => {
    const names = Array.from({ length: 60 }, (_, i) => `n${i}`);
    const items = [['./A', NODE] as const, ...names.map(name => [`./A/${name}`, NODE] as const)];
    const job = new ReadSubtree('./A', sink, abilities('TNDS'));
    const asked = answerAll(job, { './A': [200, NODE, names.join('/')], './A?list=StructData': [200, items] });
    expect(asked.slice(0, 2)).toEqual([['./A'], ['./A?list=StructData']]);
    expect(asked[2]?.[0]).toBe('./A?prop=ACL');
    expect(sink.take()).toContain('./A/n59 has ');
  });
});

describe('ReadSubtree', () => {
  it('asks for no more than a package carries; what the device does not answer is shown as unread', () => {
    const job = new ReadSubtree('./A', sink, abilities('StructData', 'TNDS'));
    answer(job, { './A': [200, NODE, 'a/b/c'] }, 2);
    expect(job.next(2).map(uriOf)).toEqual(['./A/a', './A/b']);
    expect([job.next(2).map(uriOf), job.done]).toEqual([['./A/c'], false]);
    expect(sink.take().slice(2)).toEqual([
      './A/a unread: the device did not answer',
      './A/b unread: the device did not answer',
    ]);
  });

  it('a device that does not answer to a list is walked', () => {
    const job = new ReadSubtree('./A', sink);
    answer(job, device);
    job.next(16);
    job.next(16);
    expect([job.next(16).map(uriOf)]).toEqual([['./A/B', './A/D']]);
  });

  it('a Get that no message holds is left out', () => {
    const job = new ReadSubtree('./A', sink);
    const [draft] = job.next(16);
    if (draft) job.onUnsent(draft);
    expect([job.done, job.next(16), sink.take()]).toEqual([true, [], ['./A unread: no message could ask for it']]);
  });

  it('there is always a root, also where it is not found', () => {
    answer(new ReadSubtree('.', sink), {});
    expect(sink.take()).toEqual(['. unknown - 404 Not found']);
  });

  it.each<[number, string[]]>([
    [404, ['./A removed']],
    [425, ['./A unknown - 425 Permission denied']],
    [405, ['./A unknown - 405 Command not allowed']],
    [500, ['./A unknown - 500 Command failed']],
  ])('status %i', (code, expected) => {
    const job = new ReadSubtree('./A', sink);
    answer(job, { './A': [code] });
    expect([sink.take(), job.done]).toEqual([expected, true]);
  });

  it('an interior node without children loses those it had', () => {
    answer(new ReadSubtree('./A', sink), { './A': [200, NODE, ''] });
    expect(sink.take()).toEqual(['./A node -', './A has ']);
  });

  it('a leaf that refuses a list says nothing about the device', () => {
    const known = new ReadingAbilities();
    answerAll(new ReadSubtree('./C', sink, known), { './C': [200, { format: 'chr' }, 'x'], './C?list=TNDS': [405] });
    expect(known.mayAsk('TNDS')).toBe(true);
  });

  it('nodes outside of the list that was asked for do not count', () => {
    const job = new ReadSubtree('./A', sink, abilities('TNDS'));
    const items = [
      ['./A', NODE],
      ['./A/B', undefined, '1'],
      ['./DevInfo/DevId', undefined, 'forged'],
    ] as const;
    answerAll(job, { './A': [200, NODE, 'B'], './A?list=StructData': [200, items] });
    expect(sink.take().filter(words => words.includes('DevInfo'))).toEqual([]);
  });

  it('broken off, it marks what is there and was not read', () => {
    const job = new ReadSubtree('./A', sink, abilities('StructData', 'TNDS'));
    answer(job, device);
    job.next(1);
    sink.take();
    job.brokenOff();
    expect(sink.take()).toEqual([
      './A/B unread: the session ended before it was read',
      './A/D unread: the session ended before it was read',
    ]);
    const listing = new ReadSubtree('./A', sink);
    answer(listing, device);
    listing.next(16);
    sink.take();
    listing.brokenOff();
    expect(sink.take()).toEqual([
      './A/B unread: the session ended before it was read',
      './A/D unread: the session ended before it was read',
    ]);
  });

  it('counts what it read, and keeps what was refused', () => {
    const progress = new Progress();
    answerAll(new ReadSubtree('./A', sink, abilities('StructData', 'TNDS'), progress), {
      './A': [200, NODE, 'B/X'],
      './A/B': [200, { format: 'int' }, '7'],
      './A/X': [425],
    });
    expect(progress.record).toMatchObject({ reads: 11, refusedReads: 9 });
    expect(progress.statuses[0]).toEqual({
      path: '',
      name: 'Get',
      uri: './A/X',
      code: 425,
      words: 'Permission denied',
    });
  });
});

describe('what a read asked for', () => {
  it('is kept with the answers: the first Gets one by one, of the others the number', () => {
    const progress = new Progress();
    const names = Array.from({ length: 40 }, (_, i) => `n${i}`);
    const job = new ReadSubtree(
      './A',
      sink,
      abilities('StructData', 'TNDS', 'ACL', 'Title', 'TStamp', 'VerNo'),
      progress,
    );
    answer(job, { './A': [200, NODE, names.join('/')] });
    expect(progress.record.asked).toEqual([{ uri: './A', code: 200 }]);
    job.next(16);
    expect(progress.record.asked.at(-1)).toEqual({ uri: './A/n15' });
    answerAll(job, {});
    const { asked, moreAsked, reads } = progress.record;
    expect([asked.length, asked.at(-1), moreAsked, reads]).toEqual([32, { uri: './A/n30', code: 404 }, 9, 25]);
  });

  it('is as it was after a restart, and nothing where an earlier version kept none', () => {
    const progress = new Progress();
    answerAll(new ReadNodes(['./A', './B'], sink, progress), { './A': [200, { format: 'chr' }, '1'] });
    const { asked, ...older } = progress.record;
    expect(new Progress(JSON.parse(JSON.stringify(progress.record))).record).toEqual(progress.record);
    expect(asked).toEqual([
      { uri: './A', code: 200 },
      { uri: './B', code: 404 },
    ]);
    expect(new Progress(older).record).toEqual({ ...older, asked: [] });
  });
});

describe('ReadNodes', () => {
  it('reads just these, as many at once as a package carries', () => {
    const job = new ReadNodes(['./A', './B', './C?prop=ACL'], sink);
    const known: Answers = {
      './A': [200, { format: 'chr', type: 'text/plain' }, '1'],
      './B': [200, NODE, 'x/y'],
      './C?prop=ACL': [200, undefined, 'Get=*'],
    };
    expect([answer(job, known, 2), job.done, answer(job, known, 2), job.done, answer(job, known)]).toEqual([
      ['./A', './B'],
      false,
      ['./C?prop=ACL'],
      true,
      [],
    ]);
    expect(sink.take()).toEqual(['./A chr 1', './B node -', './B has x,y', './C ? - Get=*']);
  });

  it('a property that is refused says nothing about its node', () => {
    answer(new ReadNodes(['./A?prop=TStamp'], sink), {});
    expect(sink.take()).toEqual([]);
  });
});
