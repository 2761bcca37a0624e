/** Takes lists of cards in: checked as a whole, a batch of their own or the one of before that goes on. */
import { bytesEqual } from '../../../base/bytes.ts';
import type { BatchCardRecord, BatchRecord } from '../../../store/contract.ts';
import { AccountProfile, type AccountProfilePorts } from './account.ts';
import { DocumentProfile } from './cp-profile.ts';
import { CpTemplate } from './cp-template.ts';
import { type CardList, cardRecord, type ListedCard, readCardList } from './list.ts';
import type { BatchProfile } from './profile.ts';
import { renewed } from './renew.ts';
import type { Batch, BatchShelf } from './shelf.ts';
import type { ListDefaults } from './template.ts';
import type { ListProblem } from './views.ts';

/** What goes with a list. */
export interface ListOptions {
  /** For cells of the account that are empty or not there. */
  readonly defaults?: ListDefaults;
  /** What each card gets instead of the account: a client provisioning document, XML or WBXML, with placeholders. */
  readonly cp?: { readonly name: string; readonly bytes: Uint8Array };
  /** Cards that do not tell the tries of their key get it presented, each once. */
  readonly unknownTries?: boolean;
}

export class ListIntake {
  readonly #ports: AccountProfilePorts;
  readonly #shelf: BatchShelf;

  constructor(ports: AccountProfilePorts, shelf: BatchShelf) {
    this.#ports = ports;
    this.#shelf = shelf;
  }

  /** All that is wrong with a list, also with regard to the accounts that exist. @throws EncodingError for a document that is none. */
  async check(text: string, options: ListOptions): Promise<CardList> {
    const profile = this.profile(options);
    const { cards, problems } = readCardList(text, profile.cells());
    const more: ListProblem[] = [];
    for (const card of cards) more.push(...(await profile.check(card)));
    return { cards, problems: [...problems, ...more].sort((a, b) => a.line - b.line) };
  }

  /** What the cards of a list get. @throws EncodingError */
  profile({ cp, defaults }: ListOptions): BatchProfile {
    if (cp) return new DocumentProfile(cp.name, new CpTemplate(cp.bytes), this.#ports.random);
    return new AccountProfile(this.#ports, defaults);
  }

  profileOf({ record: { profile } }: Batch): BatchProfile {
    return this.profile(profile ? { cp: { name: profile.name, bytes: profile.document } } : {});
  }

  /** The batch of before where its cards, and the name of what they get, are the same. */
  async known(cards: readonly ListedCard[], { cp }: ListOptions): Promise<Batch | undefined> {
    const all = await this.#shelf.all();
    return all.find(batch => batch.record.profile?.name === cp?.name && isSameTray(batch, cards));
  }

  add(name: string, cards: readonly ListedCard[], options: ListOptions): Promise<string> {
    return this.#shelf.add({ name, createdAt: this.#ports.now(), ...kept(options) }, cards.map(cardRecord));
  }

  /** What is done stays done, where it is what the list says now. */
  async renew({ record, rows: before }: Batch, cards: readonly ListedCard[], options: ListOptions): Promise<string> {
    const { key, name, createdAt } = record;
    const profile = this.profile(options);
    const isSame = isSameDocument(record.profile?.document, options.cp?.bytes);
    const isAsWritten = async (verified: BatchCardRecord, card: BatchCardRecord) =>
      isSame && (await profile.isAsWritten(verified, card));
    const rows: BatchCardRecord[] = [];
    for (let at = 0; at < cards.length; at += AT_ONCE) {
      const part = cards.slice(at, at + AT_ONCE).map(cardRecord);
      rows.push(...(await Promise.all(part.map(card => renewed(isAsWritten, before.get(card.iccid), card)))));
    }
    await this.#shelf.renew({ key, name, createdAt, ...kept(options) }, rows);
    return key;
  }
}

/** Rows that are compared side by side: a secret takes some milliseconds of another thread. */
const AT_ONCE = 32;

function kept({ cp, unknownTries = false }: ListOptions): Omit<BatchRecord, 'key' | 'name' | 'createdAt'> {
  return { unknownTries, ...(cp && { profile: { name: cp.name, document: cp.bytes } }) };
}

function isSameDocument(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : bytesEqual(a, b);
}

function isSameTray({ rows }: Batch, cards: readonly ListedCard[]): boolean {
  return rows.size === cards.length && cards.every(({ iccid }) => rows.has(iccid));
}
