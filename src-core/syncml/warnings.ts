/** Elements of a received message that have no meaning in DM: kept to be shown, each with the reason. */
import type { MarkupElement } from '../encoding/markup.ts';
import { writeXml } from '../encoding/xml/writer.ts';
import type { MessageWarning } from './message.ts';

/** Elements of SyncML that DM leaves out (OMA-TS-DM_RepPro-V1_2_1 §6). */
const NOT_USED = new Set(['Archive', 'Lang', 'MapItem', 'NoResults', 'NumberOfChanges', 'SftDel']);

/** Warnings of one message; more are counted. Whoever sends nothing else costs no more memory than that. */
const MOST = 100;
/** Characters of an element that are kept. */
const ELEMENT = 4096;

export class Warnings {
  readonly #list: MessageWarning[] = [];
  #count = 0;

  /** Where there are too many, the last says how many more. */
  get all(): readonly MessageWarning[] {
    if (this.#count <= MOST) return this.#list;
    const shown = this.#list.slice(0, MOST - 1);
    return [...shown, { text: `and ${this.#count - shown.length} more`, element: '' }];
  }

  unknown(node: MarkupElement, parent: MarkupElement): void {
    if (node.name === 'Cred') this.add(node, `Cred in ${parent.name}: credentials count in SyncHdr alone`);
    else if (NOT_USED.has(node.name)) this.add(node, `${node.name} in ${parent.name} is not used in DM`);
    else this.add(node, `${node.name} in ${parent.name} is not known`);
  }

  /** Of elements that may be there once the first counts: what is known already goes on, and this one is noted. */
  first<T>(known: T | undefined, node: MarkupElement, parent: MarkupElement): T | undefined {
    if (known !== undefined) this.add(node, `${node.name} is in ${parent.name} already`);
    return known;
  }

  add(node: MarkupElement, text: string): void {
    this.#count++;
    if (this.#count > MOST) return;
    const whole = writeXml(node, { pretty: true });
    const element = whole.length > ELEMENT ? `${whole.slice(0, ELEMENT)}…` : whole;
    this.#list.push(node.range ? { text, element, range: node.range } : { text, element });
  }
}
