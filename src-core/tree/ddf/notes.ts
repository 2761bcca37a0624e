/** What a description has against the specification, or what has no meaning in it: it is told, and reading goes on. */
import type { MarkupElement } from '../../encoding/markup.ts';

export interface DdfNote {
  readonly text: string;
  /** Byte in the document. */
  readonly offset: number;
}

/** Notes of one document; more say the same again and again. */
const MOST = 100;

export class DdfNotes {
  readonly #list: DdfNote[] = [];
  #count = 0;

  /** Where there are too many, the last says how many more. */
  get all(): readonly DdfNote[] {
    const more = this.#count - this.#list.length;
    return more === 0
      ? this.#list
      : [...this.#list, { text: `and ${more} more`, offset: this.#list.at(-1)?.offset ?? 0 }];
  }

  add(at: MarkupElement, text: string): void {
    this.#count++;
    if (this.#list.length < MOST) this.#list.push({ text, offset: at.range?.start ?? 0 });
  }
}
