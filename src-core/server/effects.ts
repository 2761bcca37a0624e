/** What one step of the server does outside of it: writes to wait for, and events to tell when they are done. */
import type { Alert } from '../syncml/message.ts';
import type { TreeChange } from './device.ts';

/** Told when it is recorded. */
export type ServerEvent =
  | { readonly kind: 'device'; readonly deviceId: string }
  | { readonly kind: 'tree'; readonly deviceId: string; readonly change: TreeChange }
  | { readonly kind: 'session'; readonly deviceId: string; readonly sessionKey: string }
  /** Work of the device is at another point than before. */
  | { readonly kind: 'work'; readonly deviceId: string }
  /** A client event or a generic alert (OMA-TS-DM_Protocol-V1_2_1 §8.7): Correlator, Type and Mark are in it. */
  | { readonly kind: 'alert'; readonly deviceId: string; readonly sessionKey: string; readonly alert: Alert };

export class Effects {
  readonly events: ServerEvent[] = [];
  readonly #writes: Promise<void>[] = [];

  /** Writes that share a transaction have one promise: it is waited for once. */
  write(written: Promise<void>): void {
    if (this.#writes.at(-1) !== written) this.#writes.push(written);
  }

  /** Resolves when all is on the disk. */
  async written(): Promise<void> {
    await (this.#writes.length === 1 ? this.#writes[0] : Promise.all(this.#writes));
  }
}
