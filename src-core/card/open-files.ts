/** Files of a card that a trace may show: no more than those that are known to lead to a bootstrap instead of being one. */
import { concatBytes } from '../base/bytes.ts';
import { EncodingError } from '../base/errors.ts';
import { decodeDodf, decodeOdf, ODF_DATA_OBJECTS } from '../encoding/pkcs15.ts';

/** Identifiers: EF.ICCID, EF.DIR, EF.ARR, EF.PL, EF(ODF), EF(TokenInfo). */
const OPEN: ReadonlySet<string> = new Set(['2FE2', '2F00', '2F06', '6F06', '2F05', '5031', '5032']);
const ODF = '5031';
/** EF(DODF) of a card whose EF(ODF) leads to none yet. */
const USUAL_DODF = '6430';

/** Learns from what is read of the directory files. */
export class OpenFiles {
  /** Undefined until EF(ODF) was read. */
  #dodfs: ReadonlySet<string> | undefined;
  /** What a DODF leads to is content, whatever its identifier. */
  readonly #content = new Set<string>();
  /** Of a directory file, from its beginning. */
  readonly #read = new Map<string, Uint8Array>();
  #looksLikeDodf = false;

  has(fid: string): boolean {
    if (this.#content.has(fid)) return false;
    return OPEN.has(fid) || this.#isDodf(fid);
  }

  /** These bytes were read there. */
  learn(fid: string, offset: number, bytes: Uint8Array): void {
    if (fid !== ODF && fid !== USUAL_DODF && !this.#isDodf(fid)) return;
    const before = offset === 0 ? new Uint8Array() : this.#read.get(fid);
    if (before?.length !== offset) return;
    const file = concatBytes([before, bytes]);
    this.#read.set(fid, file);
    if (fid === ODF) this.#learnOdf(file);
    else this.#learnDodf(fid, file);
  }

  #isDodf(fid: string): boolean {
    return this.#dodfs ? this.#dodfs.has(fid) : fid === USUAL_DODF && this.#looksLikeDodf;
  }

  #learnOdf(file: Uint8Array): void {
    const pointers = entriesOf(decodeOdf, file)?.filter(({ value }) => value?.tag === ODF_DATA_OBJECTS);
    const fids = pointers?.flatMap(({ value }) => (value ? [value.path.slice(-4)] : []));
    if (fids) this.#dodfs = new Set(fids.length > 0 ? fids : [USUAL_DODF]);
  }

  #learnDodf(fid: string, file: Uint8Array): void {
    const entries = entriesOf(decodeDodf, file);
    if (!entries) return;
    // Before EF(ODF) said so: nothing but objects is in it.
    this.#looksLikeDodf ||= fid === USUAL_DODF && entries.length > 0 && entries.every(({ value }) => value);
    if (!this.#isDodf(fid)) return;
    for (const { value } of entries) if (value) this.#content.add(value.path.slice(-4));
  }
}

/** Undefined for a part of the file: what it leads to is taken for content. */
function entriesOf<T>(decode: (bytes: Uint8Array) => T[], file: Uint8Array): T[] | undefined {
  try {
    return decode(file);
  } catch (error) {
    if (error instanceof EncodingError) return undefined;
    throw error;
  }
}
