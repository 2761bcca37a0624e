/** The device's package 1, which goes out anew where the server asks for credentials or another version (OMA-TS-DM_Protocol-V1_2_1 §8.3 and §9.1). */
import { AlertCode } from '../syncml/codes.ts';
import type { Item, Message } from '../syncml/message.ts';
import type { AlertDraft } from './alert-form.ts';
import type { Outbox } from './outbox.ts';
import { headerStatus } from './statuses.ts';
import type { ProtocolVersion } from './versions.ts';

export interface SetupOptions {
  /** DevInfo leaves. */
  readonly devInfo: readonly Item[];
  /** The server asked for this session (package 0): alert 1200 instead of 1201. */
  readonly serverInitiated?: boolean;
}

export class ClientSetup {
  readonly #options: SetupOptions;
  readonly #outbox: Outbox;
  /** Still to be offered. */
  readonly #versions: ProtocolVersion[];
  readonly #alerts: AlertDraft[] = [];

  constructor(options: SetupOptions, outbox: Outbox, versions: readonly ProtocolVersion[]) {
    this.#options = options;
    this.#outbox = outbox;
    this.#versions = [...versions];
  }

  /** @param alerts go out with it, as often as it does */
  start(alerts: readonly AlertDraft[]): void {
    const { serverInitiated, devInfo } = this.#options;
    const code = serverInitiated ? AlertCode.SERVER_INITIATED : AlertCode.CLIENT_INITIATED;
    this.#alerts.push(...alerts);
    this.#outbox.command({ kind: 'Alert', code, items: [] });
    this.#outbox.command({ kind: 'Replace', items: devInfo });
    for (const alert of this.#alerts) this.#outbox.command(alert);
  }

  /** Once more, with the credentials asked for and a status for the header. */
  again(refusal: Message, alerts: readonly AlertDraft[]): void {
    this.#outbox.clear();
    this.#outbox.acknowledge(headerStatus(refusal, 200));
    this.start(alerts);
  }

  /** Once more in the next version; false where this device speaks none that was not offered yet. */
  inOtherVersion(alerts: readonly AlertDraft[]): boolean {
    const next = this.#versions.shift();
    if (!next) return false;
    this.#outbox.clear();
    this.#outbox.version = next;
    this.start(alerts);
    return true;
  }
}
