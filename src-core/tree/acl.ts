/** Access control lists: which server may do what to a node (OMA-TS-DM_TND-V1_2_1 §7.7.1). */
import { ProtocolError } from '../base/errors.ts';

/** Commands that an ACL grants. Alert and Copy have no right of their own (TND §7.7.1.5). */
export type Right = 'Add' | 'Delete' | 'Exec' | 'Get' | 'Replace';

const RIGHTS: readonly Right[] = ['Add', 'Delete', 'Exec', 'Get', 'Replace'];
const ANYONE = '*';

/** A value of the ACL property; a node without one inherits. */
export interface Acl {
  /** As it was set. */
  readonly text: string;
  readonly servers: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Reads a value that a device keeps; what is no entry of the grammar grants nothing. Undefined for an empty one. */
export function readAcl(text: string): Acl | undefined {
  if (text === '') return undefined;
  const servers = new Map<string, Set<string>>();
  for (const entry of text.split('&')) {
    const equals = entry.indexOf('=');
    if (equals < 0) continue;
    const command = entry.slice(0, equals);
    const granted = servers.get(command) ?? new Set<string>();
    for (const server of entry.slice(equals + 1).split('+')) granted.add(server);
    servers.set(command, granted);
  }
  return { text, servers };
}

/** Reads a value that a server wants to set, by the grammar of TND §7.7.1.5. @throws ProtocolError 400 */
export function parseAcl(text: string): Acl | undefined {
  if (text === '') return undefined;
  for (const entry of text.split('&')) {
    const [, command, servers] = /^([^=]*)=([^=]*)$/.exec(entry) ?? [];
    if (command === undefined || servers === undefined)
      throw malformed(`expected command=servers, found ${quoted(entry)}`);
    if (!RIGHTS.some(right => right === command)) {
      throw malformed(`expected one of ${RIGHTS.join(', ')}, found ${quoted(command)}`);
    }
    const wrong = servers.split('+').find(server => server !== ANYONE && !isServerId(server));
    if (wrong !== undefined) throw malformed(`expected a server identifier or *, found ${quoted(wrong)}`);
  }
  return readAcl(text);
}

export function grants(acl: Acl | undefined, right: Right, serverId: string): boolean {
  const servers = acl?.servers.get(right);
  return servers !== undefined && (servers.has(ANYONE) || servers.has(serverId));
}

/** True where the value grants the command to every server. */
export function grantsToAnyone(acl: Acl | undefined, right: Right): boolean {
  return acl?.servers.get(right)?.has(ANYONE) === true;
}

/** What the creator of an interior node gets who could not replace its parent (TND §7.7.1.3). */
export function creatorAcl(serverId: string): Acl | undefined {
  return readAcl(`Add=${serverId}&Delete=${serverId}&Replace=${serverId}`);
}

/**
 * The value without a server that is deleted from the device; a command whose only server it was goes with it, or of the
 * root becomes everybody's (TND §7.7.1.4).
 */
export function withoutServer(acl: Acl, serverId: string, root: boolean): Acl | undefined {
  if (![...acl.servers.values()].some(servers => servers.has(serverId))) return acl;
  const entries = [...acl.servers].flatMap(([command, servers]) => {
    const left = [...servers].filter(server => server !== serverId);
    if (left.length > 0) return [`${command}=${left.join('+')}`];
    return root ? [`${command}=${ANYONE}`] : [];
  });
  return readAcl(entries.join('&'));
}

/** All printable characters except `=`, `&`, `*`, `+` and white space. */
function isServerId(text: string): boolean {
  return /^[^\p{C}\p{Z}=&*+]+$/u.test(text);
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 64));
}

function malformed(what: string): ProtocolError {
  return new ProtocolError('malformed-acl', `ACL: ${what}`, 400, {
    advice: 'Write it as Get=*&Replace=server1+server2',
  });
}
