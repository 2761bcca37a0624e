/** A batch of DM accounts: each card gets one of this server, as its line says, the rest made up as for any card. */
import { RequestError } from '../../../base/errors.ts';
import { Secret } from '../../../base/secret.ts';
import { buildDmBootstrap } from '../../../bootstrap/dm-profile.ts';
import type { AccountRecord, BatchCardRecord } from '../../../store/contract.ts';
import { type AccountPorts, deviceAccount, newAccount } from '../../accounts.ts';
import { keepAccount } from '../keep-account.ts';
import { bootstrapFacts } from '../plan-view.ts';
import type { BatchProfile, CardContent, ProfileCells, ReadCells, Wanted } from './profile.ts';
import { fill, type ListDefaults, PROFILE_VARIABLES, SECRET_VARIABLES } from './template.ts';
import type { BatchPreview, ListProblem } from './views.ts';

export interface AccountProfilePorts extends AccountPorts {
  readonly serverUrl: string;
}

export class AccountProfile implements BatchProfile {
  readonly #ports: AccountProfilePorts;
  readonly #defaults: ListDefaults;

  constructor(ports: AccountProfilePorts, defaults: ListDefaults = {}) {
    this.#ports = ports;
    this.#defaults = defaults;
  }

  cells(): ProfileCells {
    return new AccountCells(this.#defaults);
  }

  async check({ line, iccid, variables: { user } }: Wanted): Promise<ListProblem[]> {
    const known = user === undefined ? undefined : await this.#ports.store.findAccount(user);
    if (!known || known.origin === originOf(iccid)) return [];
    return [{ line, column: 'user', text: userTaken(known).message, severity: 'error' }];
  }

  async content(card: Wanted): Promise<CardContent> {
    const { account, changed } = await this.#account(card);
    const address = addressOf(card, this.#ports.serverUrl);
    return {
      profile: 'dm',
      document: buildDmBootstrap(deviceAccount(account, address)),
      keep: async () => {
        if (changed) await keepAccount(this.#ports.store, account);
      },
      // What the card has now, whatever the address of the server is later.
      written: async () => ({ variables: { ...card.variables, address } }),
    };
  }

  async preview(card: Wanted): Promise<BatchPreview> {
    const { account } = await this.#account(card);
    const { document } = await this.content(card);
    return {
      line: card.line,
      iccid: card.iccid,
      user: account.user,
      serverId: account.serverId,
      address: addressOf(card, this.#ports.serverUrl),
      bytes: document.length,
      diff: bootstrapFacts(document).map(text => ({ kind: 'new', text })),
    };
  }

  /** The secrets of a verified card are in its account only. */
  async isAsWritten(verified: BatchCardRecord, card: Wanted): Promise<boolean> {
    const isSame =
      userOf(verified) === userOf(card) && verified.variables.address === addressOf(card, this.#ports.serverUrl);
    return isSame && !(await this.#account(card)).changed;
  }

  /** Known or new; not kept yet. @throws RequestError `user-taken`. */
  async #account(card: Wanted): Promise<{ readonly account: AccountRecord; readonly changed: boolean }> {
    const user = userOf(card);
    const origin = originOf(card.iccid);
    const known = await this.#ports.store.findAccount(user);
    if (known && known.origin !== origin) throw userTaken(known);
    const account = known ?? newAccount(this.#ports, user, origin);
    const { password = account.password, server_password: serverPassword = account.serverPassword } = card.secrets;
    const serverId = card.variables.server_id ?? account.serverId;
    const same =
      account.password.equals(password) &&
      account.serverPassword.equals(serverPassword) &&
      account.serverId === serverId;
    return { account: { ...account, password, serverPassword, serverId }, changed: !known || !same };
  }
}

class AccountCells implements ProfileCells {
  readonly columns = new Set<string>(PROFILE_VARIABLES);
  readonly #defaults: ListDefaults;
  readonly #lineOfUser = new Map<string, number>();

  constructor(defaults: ListDefaults) {
    this.#defaults = defaults;
  }

  missing(): [] {
    return [];
  }

  read(line: number, iccid: string, cell: (column: string) => string): ReadCells {
    const variables: Record<string, string> = {};
    const secrets: Record<string, Secret> = {};
    const faults: { readonly column: string; readonly text: string }[] = [];
    for (const name of PROFILE_VARIABLES) {
      const text = cell(name) || (this.#defaults[name] ?? '');
      if (text === '') continue;
      const { value, fault = name === 'user' ? this.#taken(line, value) : undefined } = fill(name, text, { iccid });
      if (fault !== undefined) faults.push({ column: name, text: fault });
      if (SECRET_VARIABLES.has(name)) secrets[name] = Secret.ofText(value);
      else variables[name] = value;
    }
    return { variables, secrets, faults };
  }

  /** Two cards of one user would take each other's place at the server. */
  #taken(line: number, user: string): string | undefined {
    const first = this.#lineOfUser.get(user);
    if (first !== undefined) return `${JSON.stringify(user)} is the user of line ${first} already`;
    this.#lineOfUser.set(user, line);
    return undefined;
  }
}

export function userOf({ iccid, variables }: Pick<Wanted, 'iccid' | 'variables'>): string {
  return variables.user ?? `card-${iccid}`;
}

export function addressOf({ variables }: Pick<Wanted, 'variables'>, serverUrl: string): string {
  return variables.address ?? serverUrl;
}

function originOf(iccid: string): string {
  return `card ${iccid}`;
}

function userTaken({ user, origin }: AccountRecord): RequestError {
  return new RequestError('user-taken', `user ${JSON.stringify(user)} is the account of ${origin} already`, {
    advice: 'Give this card another user',
  });
}
