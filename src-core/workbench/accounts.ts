/** DM accounts that this server hands out: one for each card, made when the card is planned and kept when it is written. */
import { Secret } from '../base/secret.ts';
import type { DmAccount } from '../objects/dmacc.ts';
import type { AccountRecord, Store } from '../store/contract.ts';

export const SERVER_ID = 'dm-workbench';

export interface AccountPorts {
  readonly store: Store;
  readonly now: () => number;
  /** `bytes` random bytes. */
  readonly random: (bytes: number) => Uint8Array;
}

/** The account of a card, or a new one with fresh passwords and nonces; a new one is not kept yet. */
export async function accountForCard(ports: AccountPorts, iccid: string): Promise<AccountRecord> {
  const user = `card-${iccid}`;
  const known = await ports.store.findAccount(user);
  if (known) return known;
  return newAccount(ports, user, `card ${iccid}`);
}

/** A new account with fresh passwords and nonces, not kept yet. */
export function newAccount(ports: AccountPorts, user: string, origin: string): AccountRecord {
  const password = () => Secret.ofText(Buffer.from(ports.random(18)).toString('base64url'));
  return {
    user,
    password: password(),
    clientNonce: ports.random(16),
    clientScheme: 'md5',
    serverId: SERVER_ID,
    serverPassword: password(),
    serverNonce: ports.random(16),
    serverScheme: 'md5',
    origin,
    createdAt: ports.now(),
    failures: 0,
  };
}

/** The account as the device will hold it. */
export function deviceAccount(record: AccountRecord, serverUrl: string): DmAccount {
  return {
    name: 'Workbench',
    serverId: record.serverId,
    displayName: 'DM Workbench',
    serverUrl,
    client: {
      scheme: record.clientScheme,
      name: record.user,
      secret: record.password,
      nonce: record.clientNonce,
    },
    server: {
      scheme: record.serverScheme,
      name: record.serverId,
      secret: record.serverPassword,
      nonce: record.serverNonce,
    },
  };
}
