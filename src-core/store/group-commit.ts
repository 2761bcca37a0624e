/**
 * Group commit: all writes of one turn of the event loop share a transaction, so that the disk is waited for once. Each
 * caller's promise resolves when its write is on the disk; a write that fails leaves nothing behind and harms no other.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Writes of one transaction at most, more or less: what waits for the disk waits in memory. */
const MOST_WRITES = 1000;

export class GroupCommit {
  readonly #db: DatabaseSync;
  readonly #savepoint: StatementSync;
  readonly #release: StatementSync;
  readonly #failure: (cause: unknown) => Error;
  #batch: PromiseWithResolvers<void> | undefined;
  #writes = 0;

  /** @param failure makes of what SQLite throws what callers get. */
  constructor(db: DatabaseSync, failure: (cause: unknown) => Error) {
    this.#db = db;
    this.#failure = failure;
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

  /** Ends the turn's transaction now. */
  commit(): void {
    const batch = this.#batch;
    if (!batch) return;
    this.#batch = undefined;
    try {
      this.#db.exec('COMMIT');
      batch.resolve();
    } catch (cause) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      batch.reject(this.#failure(cause));
    }
  }

  #commitIf(batch: PromiseWithResolvers<void>): void {
    if (this.#batch === batch) this.commit();
  }

  #begin(): PromiseWithResolvers<void> {
    this.#db.exec('BEGIN IMMEDIATE');
    this.#writes = 0;
    const batch = Promise.withResolvers<void>();
    // Where every write of the turn failed alone, nobody waits for the transaction.
    batch.promise.catch(() => undefined);
    this.#batch = batch;
    setImmediate(() => this.#commitIf(batch));
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
