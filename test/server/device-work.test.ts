import { beforeEach, describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src-core/base/errors.ts';
import { DeviceWork } from '../../src-core/server/device-work.ts';
import { ReadNodes } from '../../src-core/server/jobs/read-nodes.ts';
import { ReadSubtree } from '../../src-core/server/jobs/read-subtree.ts';
import { SendCommands } from '../../src-core/server/jobs/send-commands.ts';
import { ReadingAbilities } from '../../src-core/server/reading-abilities.ts';
import { SessionWork } from '../../src-core/server/session-work.ts';
import type { Command } from '../../src-core/syncml/message.ts';
import { answer, NODE, SeenChanges, status, uriOf } from './jobs/bench.ts';

const sink = new SeenChanges();
let work: DeviceWork;
beforeEach(() => {
  sink.take();
  work = new DeviceWork();
});
const walk = (uri: string) => () =>
  new ReadSubtree(uri, sink, new ReadingAbilities({ refused: { wbxml: ['StructData', 'TNDS'] } }));
const read = (uri: string) => () => new ReadNodes([uri], sink);

describe('DeviceWork', () => {
  it('does jobs in order, one at a time', () => {
    work.add(read('./A'));
    work.add(read('./B'));
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
    work.add(walk('./A'));
    work.begin();
    answer(work, { './A': [200, NODE, 'B'] });
    expect(work.next().map(uriOf)).toEqual(['./A/B']);
    work.begin();
    expect([work.queued, work.next().map(uriOf)]).toEqual([1, ['./A']]);
  });

  it('a job that was finished does not start over, though nobody asked for more', () => {
    work.add(() => new SendCommands([{ kind: 'exec', uri: './A' }], sink));
    work.add(read('./B'));
    work.begin();
    answer(work, { './A': [202] });
    work.begin();
    expect([work.queued, answer(work, {})]).toEqual([1, ['./B']]);
  });

  it('a device that does not answer keeps no other job waiting', () => {
    work.add(read('./A'));
    work.add(read('./B'));
    work.begin();
    expect([work.next().map(uriOf), work.next().map(uriOf), work.next()]).toEqual([['./A'], ['./B'], []]);
  });

  it('tells the job what could not be sent', () => {
    const job = new SendCommands([{ kind: 'exec', uri: './A' }], sink);
    work.add(() => job);
    work.begin();
    const [draft] = work.next();
    if (draft) work.onUnsent(draft, new ProtocolError('unsendable', 'too large', 413));
    expect(job.progress.unsent).toEqual([{ path: '1', reason: 'too large' }]);
  });

  it('says whether there is something to send, and keeps it until it is taken', () => {
    expect(work.ready).toBe(false);
    work.add(read('./B'));
    expect([work.ready, work.ready, work.next().map(uriOf), work.ready, work.queued]).toEqual([
      true,
      true,
      ['./B'],
      false,
      0,
    ]);
  });

  it('what is taken out of the queue is not done; what has begun stays', () => {
    const [first, second] = [read('./A'), read('./B')];
    work.add(first);
    work.add(second);
    work.next();
    expect([work.cancel(first), work.cancel(second), work.cancel(second), work.queued]).toEqual([
      false,
      true,
      false,
      1,
    ]);
    expect([work.next(), work.queued]).toEqual([[], 0]);
  });

  it('only the session that began last does it: what an earlier one still says changes nothing', () => {
    let begun = 0;
    const jobs: SendCommands[] = [];
    work.add(() => {
      const job = new SendCommands([{ kind: 'exec', uri: './A' }], sink);
      jobs.push(job);
      return job;
    });
    const session = () =>
      new SessionWork(work, worker => {
        begun++;
        work.begin(worker);
      });
    const [old, young] = [session(), session()];
    old.next();
    const [draft] = young.next();
    const command = { ...draft, cmdId: '1' } as Command;
    old.onStatus(command, status(command, 500));
    old.breakOff();
    expect([begun, old.ready, old.next(), jobs[1]?.progress.statuses]).toEqual([2, false, [], []]);
    young.onStatus(command, status(command, 200));
    expect([jobs[1]?.progress.codeOf('1'), young.next(), work.queued, jobs.length]).toEqual([200, [], 0, 2]);
  });

  it('what was cancelled can be put back in its place', () => {
    const jobs = [read('./A'), read('./B'), read('./C')] as const;
    for (const job of jobs) work.add(job);
    work.cancel(jobs[1]);
    work.putBack(jobs[1], other => other === jobs[2]);
    expect([answer(work, {}), answer(work, {}), answer(work, {})]).toEqual([['./A'], ['./B'], ['./C']]);
  });

  it('without jobs there is nothing to send', () => {
    expect(work.next()).toEqual([]);
  });
});
