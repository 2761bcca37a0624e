/** A card sheet as the page and the command line show it: the bootstraps decoded, secrets as bullets. */
import { describeError } from '../../base/errors.ts';
import { readDmBootstrap } from '../../bootstrap/dm-profile.ts';
import type { CardSheet } from '../../card/sheet.ts';
import type { CardSheetView } from '../views.ts';
import { bootstrapFacts } from './plan-view.ts';

export function sheetView(reader: string, sheet: CardSheet): CardSheetView {
  const { bootstraps, applications, ...rest } = sheet;
  const [dm, cp] = [
    bootstraps.find(({ profile }) => profile === 'dm'),
    bootstraps.find(({ profile }) => profile === 'cp'),
  ];
  return {
    ...rest,
    reader,
    applications: applications.map(({ label = '', ...application }) => ({ ...application, label })),
    ...(dm && { bootstrap: bootstrapView(dm.bytes) }),
    ...(cp && { provisioning: { path: cp.path, bytes: cp.bytes.length, facts: bootstrapFacts(cp.bytes, 'cp') } }),
  };
}

function bootstrapView(bytes: Uint8Array): NonNullable<CardSheetView['bootstrap']> {
  try {
    const [account] = readDmBootstrap(bytes).accounts;
    return {
      bytes: bytes.length,
      serverId: account?.serverId ?? '',
      serverUrl: account?.serverUrl ?? '',
      detail: account ? `user ${account.client.name}` : '',
      facts: bootstrapFacts(bytes),
    };
  } catch (error) {
    return {
      bytes: bytes.length,
      serverId: '',
      serverUrl: '',
      detail: `cannot be read: ${describeError(error)}`,
      facts: [],
    };
  }
}
