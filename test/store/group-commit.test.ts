import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GroupCommit } from '../../src-core/store/group-commit.ts';

let folder: string;
let db: DatabaseSync;
let commit: GroupCommit;
let disk: () => Promise<void>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmw-commit-'));
  db = new DatabaseSync(join(folder, 'test.db'));
  db.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (n INTEGER PRIMARY KEY, bytes BLOB)');
  commit = new GroupCommit(
    db,
    cause => new Error('failed', { cause }),
    () => disk(),
  );
  disk = () => new Promise(resolve => setImmediate(resolve));
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const insert = (n: number, size = 1) => db.prepare('INSERT INTO t VALUES (?, ?)').run(n, new Uint8Array(size));
const rows = (from = db) =>
  from
    .prepare('SELECT n FROM t ORDER BY n')
    .all()
    .map(({ n }) => n);
/** What another connection sees: only what is committed. */
const committed = () => {
  const other = new DatabaseSync(join(folder, 'test.db'), { readOnly: true });
  try {
    return rows(other);
  } finally {
    other.close();
  }
};

describe('GroupCommit', () => {
  it('writes of one turn are one transaction, done when their promises are', async () => {
    const writes = [1, 2, 3].map(n => commit.one(() => insert(n)));
    expect([rows(), committed(), db.isTransaction]).toEqual([[1, 2, 3], [], true]);
    expect(new Set(writes).size).toBe(1);
    await Promise.all(writes);
    expect([committed(), db.isTransaction]).toEqual([[1, 2, 3], false]);
  });

  it('writes of later turns are transactions of their own', async () => {
    const first = commit.one(() => insert(1));
    await first;
    const second = commit.one(() => insert(2));
    expect([committed(), first === second]).toEqual([[1], false]);
    await second;
    expect(committed()).toEqual([1, 2]);
  });

  it('a turn with very many writes commits on the way, between what comes in one go', async () => {
    const last = commit.one(() => insert(0));
    for (let n = 1; n < 1500; n++) {
      void commit.one(() => insert(n));
      if (n % 100 === 99) await Promise.resolve();
    }
    expect([committed().length, db.isTransaction]).toEqual([1000, true]);
    await last;
    await commit.one(() => insert(1500));
    expect(committed()).toHaveLength(1501);
  });

  it('several statements are all or none, and harm no neighbours', async () => {
    const outcomes = await Promise.allSettled([
      commit.one(() => insert(1)),
      commit.several(() => {
        insert(2);
        insert(1);
      }),
      commit.several(() => {
        insert(3);
        insert(4);
      }),
      commit.one(() => insert(3)),
      commit.one(() => {
        throw new Error('not even SQL');
      }),
    ]);
    expect(outcomes.map(({ status }) => status[0]).join('')).toBe('frfrr');
    expect(committed()).toEqual([1, 3, 4]);
  });

  it('a full disk: what was acknowledged is there, what was not is not', async () => {
    db.exec('PRAGMA max_page_count = 40');
    const acknowledged: number[] = [];
    for (let turn = 0; turn < 12; turn++) {
      const numbers = Array.from({ length: 8 }, (_, i) => turn * 8 + i);
      const outcomes = await Promise.allSettled(numbers.map(n => commit.one(() => insert(n, 3000))));
      for (const [i, { status }] of outcomes.entries()) if (status === 'fulfilled') acknowledged.push(numbers[i] ?? -1);
    }
    expect(committed()).toEqual(acknowledged);
    expect(acknowledged.length).toBeGreaterThan(5);
    expect(acknowledged.length).toBeLessThan(60);
    db.exec('PRAGMA max_page_count = 4000');
    await commit.one(() => insert(1000));
    expect(committed()).toContain(1000);
  });

  it('when SQLite gives up the whole transaction, all of its writers know', async () => {
    const writes = [commit.one(() => insert(1)), commit.one(() => insert(2))];
    // What SQLite does by itself after some errors.
    const broken = commit.one(() => {
      db.exec('ROLLBACK');
      throw new Error('disk I/O error');
    });
    const outcomes = await Promise.allSettled([...writes, broken]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await commit.one(() => insert(3));
    expect(committed()).toEqual([3]);
  });

  it('a commit that fails rejects its writers, and the next one works', async () => {
    db.exec('PRAGMA foreign_keys = ON; CREATE TABLE u (n REFERENCES t (n) DEFERRABLE INITIALLY DEFERRED)');
    const writes = [commit.one(() => insert(1)), commit.one(() => db.exec('INSERT INTO u VALUES (99)'))];
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await commit.one(() => insert(2));
    expect(committed()).toEqual([2]);
  });

  it('what comes while the disk is busy is one transaction, done when the disk is done with it', async () => {
    const turns: PromiseWithResolvers<void>[] = [];
    disk = () => {
      const turn = Promise.withResolvers<void>();
      turns.push(turn);
      return turn.promise;
    };
    const done: number[] = [];
    const write = (n: number) => commit.one(() => insert(n)).then(() => done.push(n));
    const turnOfTheLoop = () => new Promise(resolve => setImmediate(resolve));
    const first = write(1);
    await turnOfTheLoop();
    const second = write(2);
    await turnOfTheLoop();
    const third = write(3);
    await turnOfTheLoop();
    expect([committed(), done, turns.length]).toEqual([[1], [], 1]);
    turns[0]?.resolve();
    await first;
    expect([committed(), done, turns.length]).toEqual([[1, 2, 3], [1], 2]);
    turns[1]?.resolve();
    await Promise.all([second, third, commit.flush()]);
    expect([done, turns.length]).toEqual([[1, 2, 3], 2]);
  });

  it('a disk that fails rejects those who wait for it, and the next ones try again', async () => {
    disk = () => Promise.reject(new Error('EIO'));
    const outcome = await commit.one(() => insert(1)).catch((error: unknown) => error);
    expect(outcome).toMatchObject({ message: 'failed', cause: { message: 'EIO' } });
    disk = async () => {};
    await commit.one(() => insert(2));
    expect(committed()).toContain(2);
  });
});
