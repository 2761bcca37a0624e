/** An ACL taken apart, put together, and told in words (OMA-TS-DM_TND-V1_2_1 §7.7.1). Pure. */

export const RIGHTS = ['Get', 'Replace', 'Add', 'Delete', 'Exec'] as const;
export type Right = (typeof RIGHTS)[number];

export const ANYONE = '*';

/** Who may do what; a right that nobody has is absent. */
export type Acl = ReadonlyMap<Right, readonly string[]>;

export function readAcl(text: string): Acl {
  const acl = new Map<Right, readonly string[]>();
  for (const entry of text.split('&')) {
    const [command = '', servers = ''] = entry.split('=');
    const right = RIGHTS.find(known => known === command);
    if (!right) continue;
    acl.set(right, [...new Set([...(acl.get(right) ?? []), ...servers.split('+').filter(Boolean)])]);
  }
  return acl;
}

/** Empty where nobody has any right: such an ACL is inherited. */
export function formatAcl(acl: Acl): string {
  return RIGHTS.flatMap(right => {
    const servers = acl.get(right) ?? [];
    return servers.length === 0 ? [] : [`${right}=${servers.includes(ANYONE) ? ANYONE : servers.join('+')}`];
  }).join('&');
}

/** Entries of the text that grant nothing, because they are no entries. */
export function strayEntries(text: string): string[] {
  const fits = (entry: string) => RIGHTS.some(right => entry.startsWith(`${right}=`)) && entry.split('=').length === 2;
  return text.split('&').filter(entry => entry !== '' && !fits(entry));
}

/** Why a name is no server identifier; undefined where it is one. */
export function refuseServer(name: string): string | undefined {
  if (name === ANYONE || /^[^\p{C}\p{Z}=&*+]+$/u.test(name)) return undefined;
  return `${JSON.stringify(name)} is no server identifier: no space, =, &, * or + in it`;
}

const DEEDS: Readonly<Record<Right, { readonly interior: string; readonly leaf: string }>> = {
  Get: { interior: 'list what is below it and read its properties', leaf: 'read its value and properties' },
  Replace: { interior: 'change its properties', leaf: 'change its value and properties' },
  Add: { interior: 'add nodes below it', leaf: 'add nodes below it' },
  Delete: { interior: 'delete it with all below it', leaf: 'delete it' },
  Exec: { interior: 'execute it', leaf: 'execute it' },
};

export interface AclSentence {
  readonly right: Right;
  readonly who: string;
  readonly may: string;
  readonly granted: boolean;
}

/** One sentence for each right; nothing is left out, a right that nobody has is said too. */
export function explainAcl(acl: Acl, interior: boolean): AclSentence[] {
  return RIGHTS.filter(right => interior || right !== 'Add').map(right => {
    const servers = acl.get(right) ?? [];
    const may = DEEDS[right][interior ? 'interior' : 'leaf'];
    return { right, who: whoOf(servers), may, granted: servers.length > 0 };
  });
}

function whoOf(servers: readonly string[]): string {
  if (servers.length === 0) return 'Nobody';
  if (servers.includes(ANYONE)) return 'Every server';
  return servers.length === 1 ? `Only ${servers[0]}` : `${servers.slice(0, -1).join(', ')} and ${servers.at(-1)}`;
}

/** Who may change the ACL itself: the parent's Replace always counts, the node's own only for interior nodes (§7.7.1.3). */
export function mayChangeAcl(own: Acl, parent: Acl | undefined, interior: boolean): string {
  const names = [...(parent?.get('Replace') ?? []), ...(interior ? (own.get('Replace') ?? []) : [])];
  return whoOf([...new Set(names)]);
}
