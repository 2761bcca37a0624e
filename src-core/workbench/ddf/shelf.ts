/** Where a person's own descriptions lie: files in the folder `ddf` beside the database, or in memory beside one that is. */
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StoreError } from '../../base/errors.ts';
import { MAX_DDF_BYTES } from '../../tree/ddf/markup.ts';

export interface ShelvedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Why there are no bytes. */
  readonly unread?: string;
}

/** All methods reject with StoreError. */
export interface Shelf {
  files(): Promise<ShelvedFile[]>;
  /** One of the same name is replaced. */
  put(file: ShelvedFile): Promise<void>;
  remove(name: string): Promise<void>;
}

export function openShelf(database: string): Shelf {
  return database === ':memory:' ? new MemoryShelf() : new FolderShelf(join(dirname(database), 'ddf'));
}

export class MemoryShelf implements Shelf {
  readonly #files = new Map<string, ShelvedFile>();

  async files() {
    return [...this.#files.values()];
  }

  async put(file: ShelvedFile) {
    this.#files.set(file.name, file);
  }

  async remove(name: string) {
    this.#files.delete(name);
  }
}

const ENDINGS = /\.(?:xml|ddf|wbxml)$/i;

class FolderShelf implements Shelf {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Those that the person put there by hand as well. Of one that is too large only a piece is read: it is refused anyway. */
  files(): Promise<ShelvedFile[]> {
    return this.#do('read', async () => {
      const names = await readdir(this.#folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      const own = names.filter(name => ENDINGS.test(name) && !name.startsWith('.')).toSorted();
      return Promise.all(own.map(async name => ({ name, ...(await readSome(join(this.#folder, name))) })));
    });
  }

  /** Whole or not at all. */
  put({ name, bytes }: ShelvedFile): Promise<void> {
    return this.#do('written', async () => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const partial = join(this.#folder, `.${name}.part`);
      await writeFile(partial, bytes, { mode: 0o600 });
      await chmod(partial, 0o600);
      await rename(partial, join(this.#folder, name));
    });
  }

  remove(name: string): Promise<void> {
    return this.#do('removed from', () => rm(join(this.#folder, name), { force: true }));
  }

  async #do<T>(what: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (cause) {
      throw new StoreError('ddf-folder', `${this.#folder} cannot be ${what}: ${(cause as Error).message}`, {
        advice: 'Check that the folder is yours and the disk has room',
        cause,
      });
    }
  }
}

/** A folder, a pipe that nobody writes to, or a link to nothing must not hide the other files. */
async function readSome(path: string): Promise<Omit<ShelvedFile, 'name'>> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return { bytes: new Uint8Array(), unread: 'it is no file' };
    if (found.size > MAX_DDF_BYTES) return { bytes: new Uint8Array(MAX_DDF_BYTES + 1) };
    return { bytes: Uint8Array.from(await readFile(path)) };
  } catch (error) {
    return { bytes: new Uint8Array(), unread: `it cannot be read: ${(error as Error).message}` };
  }
}
