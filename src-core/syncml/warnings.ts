/** Elements of a received message that have no meaning in DM: kept to be shown, each with the reason. */
import type { MarkupElement } from '../encoding/markup.ts';
import { writeXml } from '../encoding/xml/writer.ts';
import type { MessageWarning } from './message.ts';

/** Elements of SyncML that DM leaves out (OMA-TS-DM_RepPro-V1_2_1 §6). */
const NOT_USED = new Set(['Archive', 'Lang', 'MapItem', 'NoResults', 'NumberOfChanges', 'SftDel']);

export class Warnings {
  readonly #list: MessageWarning[] = [];

  get all(): readonly MessageWarning[] {
    return this.#list;
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
    const element = writeXml(node, { pretty: true });
    this.#list.push(node.range ? { text, element, range: node.range } : { text, element });
  }
}
