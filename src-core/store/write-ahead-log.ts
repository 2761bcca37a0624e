/** SQLite's write-ahead log as a file: what was committed is on the disk when the log is (https://sqlite.org/wal.html). */
import { closeSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const flush = promisify(fdatasync);

export class WriteAheadLog {
  readonly #path: string | undefined;
  #file: number | undefined;

  /** @param database its path, or `:memory:`, which has no log. */
  constructor(database: string) {
    this.#path = database === ':memory:' ? undefined : `${database}-wal`;
  }

  /** Resolves when all that is in the log by now is on the disk; the event loop goes on meanwhile. */
  async sync(): Promise<void> {
    if (this.#path === undefined) return;
    // SQLite makes the file with the first commit, and keeps it until the database is closed.
    this.#file ??= openSync(this.#path, 'r+');
    await flush(this.#file);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
