/** One DM account with fixed secrets and nonces, as a device has it. */
import { fromHex } from '../../src-core/base/bytes.ts';
import { Secret } from '../../src-core/base/secret.ts';
import type { DmAccount } from '../../src-core/objects/dmacc.ts';

export const ACCOUNT: DmAccount = {
  name: 'Workbench',
  serverId: 'dm.example',
  displayName: 'Example',
  serverUrl: 'http://dm.example/dm',
  client: { scheme: 'md5', name: 'device', secret: Secret.ofText('client-pässword'), nonce: fromHex('000102') },
  server: { scheme: 'md5', name: 'dm.example', secret: Secret.ofText('server-password'), nonce: fromHex('FF') },
};
