/** All descriptions that the workbench knows: read once, and again when the person's own have changed. */
import { EncodingError, RequestError, StoreError } from '../../base/errors.ts';
import { type DdfFile, Descriptions, type DeviceModel, forModel } from '../../tree/ddf/descriptions.ts';
import type { DdfNote } from '../../tree/ddf/notes.ts';
import { type ReadDdf, readDdf } from '../../tree/ddf/read.ts';
import { builtInFiles } from './built-in.ts';
import type { Shelf, ShelvedFile } from './shelf.ts';

type Origin = DdfFile['origin'];

/** A file with what is in it, or why it cannot be read. */
export interface LibraryEntry extends ShelvedFile {
  readonly id: string;
  readonly origin: Origin;
  readonly file?: DdfFile;
  readonly notes: readonly DdfNote[];
  readonly failure?: EncodingError;
}

/** Models whose descriptions are kept at hand. */
const MODELS = 50;

export class DdfLibrary {
  readonly #shelf: Shelf;
  #builtIn: Promise<LibraryEntry[]> | undefined;
  #own: Promise<LibraryEntry[]> | undefined;
  /** By model, each with the own files that it is made of. */
  readonly #describing = new Map<string, { own: Promise<LibraryEntry[]> | undefined; descriptions: Descriptions }>();

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  /** Own ones first. @throws StoreError */
  async entries(): Promise<LibraryEntry[]> {
    this.#own ??= this.#shelf.files().then(files => files.map(file => entryOf(file, 'own')));
    const own = this.#own;
    // What failed once is tried again the next time.
    own.catch(() => {
      if (this.#own === own) this.#own = undefined;
    });
    return [...(await own), ...(await this.#builtInEntries())];
  }

  #builtInEntries(): Promise<LibraryEntry[]> {
    this.#builtIn ??= builtInFiles().then(files => files.map(file => entryOf(file, 'built-in')));
    return this.#builtIn;
  }

  /** @throws RequestError for one that is not known, StoreError */
  async entry(id: string): Promise<LibraryEntry> {
    const entry = (await this.entries()).find(known => known.id === id);
    if (entry) return entry;
    throw new RequestError('unknown-ddf', `there is no description ${id}`, { advice: 'It may have been removed' });
  }

  /** What is known of devices of a model; where the person's own cannot be read, by those built in: no command waits for them. */
  async describing(model: DeviceModel): Promise<Descriptions> {
    const entries = await this.entries().catch((error: unknown) => {
      if (error instanceof StoreError) return this.#builtInEntries();
      throw error;
    });
    const key = JSON.stringify([model.manufacturer, model.model]);
    const known = this.#describing.get(key);
    if (known && known.own === this.#own) return known.descriptions;
    const descriptions = new Descriptions(
      forModel(
        entries.flatMap(({ file }) => file ?? []),
        model,
      ),
    );
    if (this.#describing.size >= MODELS) this.#describing.clear();
    this.#describing.set(key, { own: this.#own, descriptions });
    return descriptions;
  }

  /** One of the same name is replaced. @throws EncodingError with the byte for one that cannot be read, StoreError */
  async add(name: string, bytes: Uint8Array): Promise<LibraryEntry> {
    const { failure, ...entry } = entryOf({ name: fileNameOf(name, bytes), bytes }, 'own');
    if (failure) throw failure;
    await this.#shelf.put(entry);
    this.#own = undefined;
    return entry;
  }

  /** @throws RequestError for one that is built in or not known, StoreError */
  async remove(id: string): Promise<void> {
    const entry = await this.entry(id);
    if (entry.origin === 'built-in') {
      throw new RequestError('built-in-ddf', `${entry.name} comes with the workbench and stays`, {
        advice: 'Add a description of your own for the same object: it counts before this one',
      });
    }
    await this.#shelf.remove(entry.name);
    this.#own = undefined;
  }

  /** Files may have come into the folder by hand. */
  refresh(): void {
    this.#own = undefined;
  }
}

export function entryOf(file: ShelvedFile, origin: Origin): LibraryEntry {
  const id = `${origin}/${file.name}`;
  if (file.unread !== undefined) {
    return { ...file, id, origin, notes: [], failure: new EncodingError('ddf-file', file.unread, 0) };
  }
  try {
    const { ddf, notes }: ReadDdf = readDdf(file.bytes);
    return { ...file, id, origin, notes, file: { id, origin, title: file.name.replace(/\.[^.]+$/, ''), ddf } };
  } catch (failure) {
    if (failure instanceof EncodingError) return { ...file, id, origin, notes: [], failure };
    throw failure;
  }
}

/** A name that every file system takes, and that says what is in it. */
function fileNameOf(name: string, bytes: Uint8Array): string {
  const ending = (bytes[0] ?? 0x3c) < 0x09 ? 'wbxml' : 'xml';
  const stem = name
    .replace(/^.*[/\\]/, '')
    .replace(/\.(?:xml|ddf|wbxml)$/i, '')
    .replace(/[^\p{L}\p{N}._ -]/gu, '_')
    .replace(/^[. ]+/, '')
    .slice(0, 80);
  return `${stem || 'description'}.${ending}`;
}
