/**
 * Which account belongs to which device: bound by the first session that proves it, and from then on credentials of one
 * device are nothing for another. Only a person unbinds them, for a card that moves to another handset.
 */
import type { AccountRecord, DeviceRecord, Store } from '../store/contract.ts';
import type { Effects } from './effects.ts';

export class Bindings {
  readonly #store: Store;
  /** On their way to the store: what was read from there may be older. */
  readonly #writing = new Map<string, { readonly deviceId: string | undefined }>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Why this device cannot use the account, just read from the store, in words for people; undefined where it can. */
  refusal(account: AccountRecord, device: DeviceRecord): string | undefined {
    const { user } = account;
    const bound = this.#boundTo(account);
    if (bound !== undefined && bound !== device.id)
      return `the account ${user} belongs to device ${bound}; bind it to ${device.id} first`;
    if (device.user !== undefined && device.user !== user)
      return `the device ${device.id} belongs to account ${device.user}; bind it to ${user} first`;
    return undefined;
  }

  /** Where it is not bound to the device already. */
  bind(account: AccountRecord, deviceId: string, effects: Effects): void {
    if (this.#boundTo(account) !== deviceId) this.#write(account.user, deviceId, effects);
  }

  unbind(user: string, effects: Effects): void {
    this.#write(user, undefined, effects);
  }

  #boundTo({ user, deviceId }: AccountRecord): string | undefined {
    const writing = this.#writing.get(user);
    return writing ? writing.deviceId : deviceId;
  }

  #write(user: string, deviceId: string | undefined, effects: Effects): void {
    const state = { deviceId };
    this.#writing.set(user, state);
    const done = () => {
      if (this.#writing.get(user) === state) this.#writing.delete(user);
    };
    const written = this.#store.bindAccount(user, deviceId);
    written.then(done, done);
    effects.write(written);
  }
}
