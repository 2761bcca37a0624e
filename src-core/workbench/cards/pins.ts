/** PIN1 of the cards in the readers: held in memory while the card stays in, presented again at the start of every connection. */
import { WorkbenchError } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import { PIN1_REFERENCE, type UnlockedCard, unlockCard } from '../../card/pin.ts';
import type { CardConnection } from '../../card/reader.ts';
import type { PresentConsent, RefusedKeys } from './refused-keys.ts';

interface Held {
  readonly iccid: string;
  readonly pin: Secret;
}

interface Place {
  /** Once the card took it. */
  held?: Held;
}

export class HeldPins {
  readonly #refused: RefusedKeys;
  readonly #places = new Map<string, Place>();

  constructor(refused: RefusedKeys) {
    this.#refused = refused;
  }

  /** The card in this reader took its PIN1. */
  holds(reader: string): boolean {
    return this.#places.get(reader)?.held !== undefined;
  }

  /** The card has left the reader. */
  forget(reader: string): void {
    this.#places.delete(reader);
  }

  /**
   * A person, or a list, gives the PIN of this card: it is presented, and held where the card takes it.
   * @throws RequestError `adm-known-wrong`, `adm-unanswered`, and as `unlockCard`.
   */
  async take(
    reader: string,
    connection: CardConnection,
    pin: Secret,
    { iccid, consent }: { readonly iccid?: string; readonly consent?: PresentConsent | undefined } = {},
  ): Promise<UnlockedCard> {
    const place: Place = {};
    this.#places.set(reader, place);
    const unlocked = await this.#present(connection, pin, iccid, consent);
    // A card that left meanwhile took its place with it.
    if (unlocked.presented) place.held = { iccid: unlocked.iccid, pin };
    return unlocked;
  }

  /** At the start of a connection, which knows of no PIN yet. What the card refuses now is forgotten. */
  async open(reader: string, connection: CardConnection): Promise<void> {
    const held = this.#places.get(reader)?.held;
    if (!held) return;
    try {
      await this.#present(connection, held.pin, held.iccid);
    } catch (error) {
      if (!(error instanceof WorkbenchError) || error.code !== 'card-removed') this.forget(reader);
      throw error;
    }
  }

  async #present(
    connection: CardConnection,
    pin: Secret,
    expected: string | undefined,
    consent?: PresentConsent,
  ): Promise<UnlockedCard> {
    let guard: ReturnType<RefusedKeys['guard']> | undefined;
    try {
      const unlocked = await unlockCard(connection, pin, {
        iccid: expected,
        consented: iccid => consent?.iccid === iccid,
        beforePin: async (iccid, triesLeft) => {
          guard = this.#refused.guard(iccid, pin, { reference: PIN1_REFERENCE, consent });
          await guard.beforeKey(triesLeft);
        },
      });
      await guard?.accepted();
      return unlocked;
    } catch (error) {
      await guard?.failed(error);
      throw error;
    }
  }
}
