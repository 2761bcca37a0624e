/** Standard objects of a device, read out of its tree; of firmware also what its generic alerts told in recorded sessions. */
import { viewDevDetail } from '../objects/devdetail-view.ts';
import { viewDevInfo } from '../objects/devinfo-view.ts';
import { viewDmAccount } from '../objects/dmacc-view.ts';
import { findObject } from '../objects/find.ts';
import { type FumoAlert, viewFumo } from '../objects/fumo-view.ts';
import { viewInbox } from '../objects/inbox-view.ts';
import type { Store } from '../store/contract.ts';
import type { SeenTree } from '../tree/ddf/seen-tree.ts';
import { firmwareAlerts } from './firmware-alerts.ts';
import type { ObjectView } from './object-views.ts';

/** So many of the last sessions are looked through for alerts. */
const SESSIONS = 50;

export class ObjectsRoom {
  readonly #store: Pick<Store, 'sessions' | 'messages'>;
  readonly #device: (deviceId: string) => { readonly tree: SeenTree } | undefined;

  constructor(options: {
    readonly store: Pick<Store, 'sessions' | 'messages'>;
    readonly device: (deviceId: string) => { readonly tree: SeenTree } | undefined;
  }) {
    this.#store = options.store;
    this.#device = options.device;
  }

  async at(deviceId: string, uri: string): Promise<ObjectView | null> {
    const tree = this.#device(deviceId)?.tree;
    const found = tree && findObject(tree, uri);
    if (!tree || !found) return null;
    switch (found.kind) {
      case 'dmacc':
        return viewDmAccount(tree, found.uri);
      case 'devinfo':
        return viewDevInfo(tree, found.uri);
      case 'devdetail':
        return viewDevDetail(tree, found.uri);
      case 'inbox':
        return viewInbox(tree, found.uri);
      case 'fumo':
        return viewFumo(tree, found.uri, await this.#alerts(deviceId));
    }
  }

  async #alerts(deviceId: string): Promise<FumoAlert[]> {
    const sessions = await this.#store.sessions(deviceId, SESSIONS);
    const alerts = await Promise.all(
      sessions.map(async session => firmwareAlerts(session, await this.#store.messages(session.key))),
    );
    return alerts.flat();
  }
}
