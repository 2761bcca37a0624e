/** The account that a listed card gets: as the list says, the rest made up as for any card. */
import { RequestError } from '../../../base/errors.ts';
import { Secret } from '../../../base/secret.ts';
import { buildDmBootstrap } from '../../../bootstrap/dm-profile.ts';
import type { AccountRecord, BatchCardRecord } from '../../../store/contract.ts';
import { type AccountPorts, deviceAccount, newAccount } from '../../accounts.ts';
import type { ListedCard } from './list.ts';
import { SECRET_VARIABLES } from './template.ts';

type Wanted = Pick<BatchCardRecord, 'iccid' | 'variables' | 'secrets'>;

/** A card of the list as it is kept. */
export function cardRecord({ line, iccid, adm, variables }: ListedCard): BatchCardRecord {
  const entries = Object.entries(variables);
  const isSecret = ([name]: [string, string]) => (SECRET_VARIABLES as ReadonlySet<string>).has(name);
  return {
    line,
    iccid,
    adm,
    variables: Object.fromEntries(entries.filter(entry => !isSecret(entry))),
    secrets: Object.fromEntries(entries.filter(isSecret).map(([name, text]) => [name, Secret.ofText(text)])),
    state: 'waiting',
    detail: '',
  };
}

export function userOf({ iccid, variables }: Pick<Wanted, 'iccid' | 'variables'>): string {
  return variables.user ?? `card-${iccid}`;
}

/** Known or new; not kept yet. @throws RequestError `user-taken`. */
export async function accountFor(
  ports: AccountPorts,
  wanted: Wanted,
): Promise<{ readonly account: AccountRecord; readonly changed: boolean }> {
  const user = userOf(wanted);
  const origin = `card ${wanted.iccid}`;
  const known = await ports.store.findAccount(user);
  if (known && known.origin !== origin) throw userTaken(user, known.origin);
  const account = known ?? newAccount(ports, user, origin);
  const { password = account.password, server_password: serverPassword = account.serverPassword } = wanted.secrets;
  const serverId = wanted.variables.server_id ?? account.serverId;
  const same =
    account.password.equals(password) && account.serverPassword.equals(serverPassword) && account.serverId === serverId;
  return { account: { ...account, password, serverPassword, serverId }, changed: !known || !same };
}

export function userTaken(user: string, origin: string): RequestError {
  return new RequestError('user-taken', `user ${JSON.stringify(user)} is the account of ${origin} already`, {
    advice: 'Give this card another user',
  });
}

export function addressOf({ variables }: Pick<Wanted, 'variables'>, serverUrl: string): string {
  return variables.address ?? serverUrl;
}

export function bootstrapOf(account: AccountRecord, address: string): Uint8Array {
  return buildDmBootstrap(deviceAccount(account, address));
}
