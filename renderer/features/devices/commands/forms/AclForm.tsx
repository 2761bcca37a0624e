/** Sets the ACL of a node: who may do what, in words while it is edited (OMA-TS-DM_TND-V1_2_1 §7.7.1). */
import { NativeSelect, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { AclWords } from '../../node/Acl.tsx';
import { type Acl, ANYONE, formatAcl, RIGHTS, type Right, readAcl, refuseServer } from '../../node/acl.ts';
import { isInterior } from '../../tree-node.ts';
import { CommandForm } from '../CommandForm.tsx';
import type { FormProps } from './form.ts';

type Who = 'nobody' | 'everyone' | 'these';

interface Row {
  readonly who: Who;
  /** As typed: names between commas or spaces. */
  readonly names: string;
}

type Rows = Readonly<Record<Right, Row>>;

export function AclForm({ desk, index, uri, node, asked }: FormProps) {
  const before = node?.view?.acl ?? '';
  // An inherited ACL is where people begin: what they set replaces all of it.
  const [rows, setRows] = useState<Rows>(() => rowsOf(readAcl(before || (index.aclOf(uri)?.acl ?? ''))));
  const reasonId = useId();
  const interior = node === undefined || isInterior(node);
  const acl = aclOf(rows);
  const text = formatAcl(acl);
  const refusal = refuse(rows, text, uri);
  const parent = node?.parent && index.aclOf(node.parent.uri)?.acl;
  return (
    <CommandForm
      desk={desk}
      asked={asked}
      refusal={refusal}
      hint={text === before ? 'This is the ACL that was read last.' : undefined}
      reasonId={reasonId}
      draft={{ kind: 'replaceProperty', uri, prop: 'ACL', value: text }}
    >
      <fieldset className="acl-rows">
        <legend className="sr-only">Who may do what</legend>
        {RIGHTS.map(right => (
          <AclRow key={right} right={right} row={rows[right]} onChange={row => setRows({ ...rows, [right]: row })} />
        ))}
      </fieldset>
      {text === '' ? (
        <p className="muted">Without any right it has no ACL of its own: it inherits its parent's.</p>
      ) : (
        <AclWords text={text} parent={parent} interior={interior} />
      )}
    </CommandForm>
  );
}

function AclRow({ right, row, onChange }: { right: Right; row: Row; onChange: (row: Row) => void }) {
  return (
    <div className="acl-row">
      <span className="mono">{right}</span>
      <NativeSelect
        aria-label={`Who may ${right}`}
        data={[
          { value: 'nobody', label: 'nobody' },
          { value: 'everyone', label: 'every server' },
          { value: 'these', label: 'only these' },
        ]}
        value={row.who}
        onChange={event => onChange({ ...row, who: event.currentTarget.value as Who })}
      />
      {row.who === 'these' && (
        <TextInput
          aria-label={`Servers that may ${right}`}
          placeholder="server, server"
          spellCheck={false}
          classNames={{ input: 'mono' }}
          value={row.names}
          onChange={event => onChange({ ...row, names: event.currentTarget.value })}
        />
      )}
    </div>
  );
}

function rowsOf(acl: Acl): Rows {
  const row = (right: Right): Row => {
    const servers = acl.get(right) ?? [];
    const who = servers.length === 0 ? 'nobody' : servers.includes(ANYONE) ? 'everyone' : 'these';
    return { who, names: servers.filter(server => server !== ANYONE).join(', ') };
  };
  return { Get: row('Get'), Replace: row('Replace'), Add: row('Add'), Delete: row('Delete'), Exec: row('Exec') };
}

const namesOf = (text: string): string[] => text.split(/[\s,+]+/).filter(Boolean);

function aclOf(rows: Rows): Acl {
  return new Map(
    RIGHTS.map(right => {
      const { who, names } = rows[right];
      return [right, who === 'everyone' ? [ANYONE] : who === 'these' ? namesOf(names) : []] as const;
    }),
  );
}

function refuse(rows: Rows, text: string, uri: string): string | undefined {
  for (const right of RIGHTS) {
    const { who, names } = rows[right];
    if (who !== 'these') continue;
    if (namesOf(names).length === 0) return `Name the servers that may ${right}, or choose nobody.`;
    const wrong = namesOf(names).map(refuseServer).find(Boolean);
    if (wrong) return wrong;
  }
  return uri === '.' && text === '' ? 'The root has nobody to inherit from: it needs an ACL.' : undefined;
}
