/**
 * What a device answers when it is asked for more than the value of one node: lists of a subtree (OMA-TS-DM_TND-V1_2_1 §8),
 * properties (§7.2). All of it is optional; what was refused once is not asked for again by a session of the same encoding,
 * until the device has other software.
 */
import type { Encoding } from '../syncml/codec.ts';
import { isSuccess } from '../syncml/codes.ts';

export type TreeList = 'StructData' | 'TNDS';
export type ReadProperty = 'ACL' | 'Title' | 'TStamp' | 'Type' | 'VerNo';
type Asked = TreeList | ReadProperty;

/** Plain JSON, kept with the device. */
export interface AbilitiesRecord {
  /** Versions of its software and firmware when it answered so. */
  readonly software: string;
  readonly answered: Readonly<Partial<Record<Encoding, readonly string[]>>>;
  readonly refused: Readonly<Partial<Record<Encoding, readonly string[]>>>;
}

/** The device does not know what it was asked for; other codes are about this node and this moment. */
const UNSUPPORTED: ReadonlySet<number> = new Set([400, 404, 405, 406, 501]);

type Sets = Readonly<Record<Encoding, Set<string>>>;

export class ReadingAbilities {
  #software: string;
  readonly #answered: Sets;
  readonly #refused: Sets;
  #encoding: Encoding = 'wbxml';
  #changed = false;

  constructor({ software = '', answered = {}, refused = {} }: Partial<AbilitiesRecord> = {}) {
    this.#software = software;
    this.#answered = setsOf(answered);
    this.#refused = setsOf(refused);
  }

  /** A session of this encoding begins. */
  begin(encoding: Encoding): void {
    this.#encoding = encoding;
  }

  /** The device says which software it has: with another one it may know more. */
  software(versions: string): void {
    const known = this.#software;
    if (versions === known) return;
    this.#software = versions;
    if (known === '') return;
    for (const sets of [this.#answered, this.#refused]) for (const set of Object.values(sets)) set.clear();
    this.#changed = true;
  }

  mayAsk(what: Asked): boolean {
    return !this.#refused[this.#encoding].has(what);
  }

  /** The status for a node that is there; what was answered once is never taken for unknown. */
  learn(what: Asked, code: number): void {
    const answered = this.#answered[this.#encoding];
    if (isSuccess(code)) this.#add(answered, what);
    else if (UNSUPPORTED.has(code) && !answered.has(what)) this.#add(this.#refused[this.#encoding], what);
  }

  /** Where it changed since the last call. */
  take(): AbilitiesRecord | undefined {
    if (!this.#changed) return undefined;
    this.#changed = false;
    return { software: this.#software, answered: listsOf(this.#answered), refused: listsOf(this.#refused) };
  }

  #add(set: Set<string>, what: Asked): void {
    if (set.has(what)) return;
    set.add(what);
    this.#changed = true;
  }
}

function setsOf({ wbxml, xml }: AbilitiesRecord['refused']): Sets {
  return { wbxml: new Set(wbxml), xml: new Set(xml) };
}

function listsOf({ wbxml, xml }: Sets): AbilitiesRecord['refused'] {
  return { wbxml: [...wbxml], xml: [...xml] };
}
