/** Keeps the account that a card is about to carry; what the server learnt of it since the plan was made stays. */
import type { AccountRecord, Store } from '../../store/contract.ts';

export async function keepAccount(
  store: Pick<Store, 'findAccount' | 'putAccount'>,
  account: AccountRecord,
): Promise<void> {
  const known = await store.findAccount(account.user);
  if (!known || !hasSameCredentials(known, account)) await store.putAccount(account);
}

function hasSameCredentials(a: AccountRecord, b: AccountRecord): boolean {
  return (
    a.password.equals(b.password) &&
    a.serverPassword.equals(b.serverPassword) &&
    a.serverId === b.serverId &&
    a.clientScheme === b.clientScheme &&
    a.serverScheme === b.serverScheme
  );
}
