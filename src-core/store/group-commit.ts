/**
 * Group commit: all writes of one turn of the event loop share a transaction, and so do all that come while the disk is
 * busy with the last one; nobody else waits for it. Each caller's promise resolves when its write is on the disk; a write
 * that fails leaves nothing behind and harms no other.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Writes of one transaction at most, more or less: what waits for the disk waits in memory. */
const MOST_WRITES = 1000;

export class GroupCommit {
  readonly #db: DatabaseSync;
  readonly #savepoint: StatementSync;
  readonly #release: StatementSync;
  readonly #failure: (cause: unknown) => Error;
  readonly #sync: () => Promise<void>;
  #batch: PromiseWithResolvers<void> | undefined;
  #writes = 0;
  /** Committed, but not known to be on the disk. */
  #unsynced: PromiseWithResolvers<void>[] = [];
  #syncing: Promise<void> | undefined;

  /**
   * @param failure makes of what SQLite throws what callers get.
   * @param sync resolves when all that was committed before is on the disk.
   */
  constructor(db: DatabaseSync, failure: (cause: unknown) => Error, sync: () => Promise<void>) {
    this.#db = db;
    this.#failure = failure;
    this.#sync = sync;
    this.#savepoint = db.prepare('SAVEPOINT write');
    this.#release = db.prepare('RELEASE write');
  }

  /** One statement: SQLite undoes one that fails by itself. */
  one(write: () => void): Promise<void> {
    try {
      const batch = this.#batch ?? this.#begin();
      write();
      // Not at once: writes that come in one go stay together.
      if (++this.#writes === MOST_WRITES) queueMicrotask(() => this.#commitIf(batch));
      return batch.promise;
    } catch (cause) {
      const error = this.#failure(cause);
      this.#checkLost(error);
      return Promise.reject(error);
    }
  }

  /** Several statements, all or none. */
  several(write: () => void): Promise<void> {
    return this.one(() => {
      this.#savepoint.run();
      try {
        write();
      } catch (error) {
        if (this.#db.isTransaction) this.#db.exec('ROLLBACK TO write; RELEASE write');
        throw error;
      }
      this.#release.run();
    });
  }

  /** For what SQLite does outside of a transaction only. */
  between(work: () => void): void {
    this.#commit();
    try {
      work();
    } catch (cause) {
      throw this.#failure(cause);
    }
  }

  /** Resolves when all that was written is on the disk, or known not to be. */
  async flush(): Promise<void> {
    this.#commit();
    await this.#syncing;
  }

  /** Ends the transaction now. */
  #commit(): void {
    const batch = this.#batch;
    if (!batch) return;
    this.#batch = undefined;
    try {
      this.#db.exec('COMMIT');
    } catch (cause) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      batch.reject(this.#failure(cause));
      return;
    }
    this.#unsynced.push(batch);
    this.#syncing ??= this.#syncAll();
  }

  async #syncAll(): Promise<void> {
    while (this.#unsynced.length > 0) {
      const batches = this.#unsynced;
      this.#unsynced = [];
      try {
        await this.#sync();
        for (const batch of batches) batch.resolve();
      } catch (cause) {
        const error = this.#failure(cause);
        for (const batch of batches) batch.reject(error);
      }
      this.#commit();
    }
    this.#syncing = undefined;
  }

  #commitIf(batch: PromiseWithResolvers<void>): void {
    if (this.#batch === batch) this.#commit();
  }

  #begin(): PromiseWithResolvers<void> {
    this.#db.exec('BEGIN IMMEDIATE');
    this.#writes = 0;
    const batch = Promise.withResolvers<void>();
    // Where every write of the turn failed alone, nobody waits for the transaction.
    batch.promise.catch(() => undefined);
    this.#batch = batch;
    setImmediate(() => {
      if (!this.#syncing) this.#commitIf(batch);
    });
    return batch;
  }

  /** After some errors (disk full) SQLite has rolled back everything: the others of the turn have to know. */
  #checkLost(error: Error): void {
    const batch = this.#batch;
    if (!batch || this.#db.isTransaction) return;
    this.#batch = undefined;
    batch.reject(error);
  }
}
