/** Keys that a card refused: they are not presented to it again. */
import { RequestError } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';

export class RefusedKeys {
  readonly #keys = new Map<string, Secret[]>();

  /** @throws RequestError `adm-known-wrong`. */
  check(iccid: string, adm: Secret): void {
    if (!this.#keys.get(iccid)?.some(key => key.equals(adm))) return;
    throw new RequestError('adm-known-wrong', `card ${iccid} has refused this key already; it is not presented again`, {
      advice: 'Ask the card issuer for the right key of this ICCID',
    });
  }

  remember(iccid: string, adm: Secret): void {
    this.#keys.set(iccid, [...(this.#keys.get(iccid) ?? []), adm]);
  }
}
