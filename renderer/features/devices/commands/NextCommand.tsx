/** The next command for the node in hand: which it is, its fields, and exactly what would be sent. */
import type { ReactNode } from 'react';
import type { TreeIndex } from '../tree-index.ts';
import type { Act, Desk, Intent } from './desk.ts';
import { AclForm } from './forms/AclForm.tsx';
import { AddForm } from './forms/AddForm.tsx';
import { CopyForm } from './forms/CopyForm.tsx';
import { DeleteForm } from './forms/DeleteForm.tsx';
import { ExecForm } from './forms/ExecForm.tsx';
import type { FormProps } from './forms/form.ts';
import { GetForm } from './forms/GetForm.tsx';
import { PropertyForm } from './forms/PropertyForm.tsx';
import { ReplaceForm } from './forms/ReplaceForm.tsx';
import { ACT_KEYS } from './keys.ts';

const FORMS: Readonly<Record<Act, (props: FormProps) => React.ReactNode>> = {
  Get: GetForm,
  Replace: ReplaceForm,
  Add: AddForm,
  Delete: DeleteForm,
  Copy: CopyForm,
  Exec: ExecForm,
  ACL: AclForm,
  Name: props => <PropertyForm {...props} property="Name" />,
  Title: props => <PropertyForm {...props} property="Title" />,
};

const COMMANDS = ['Get', 'Replace', 'Add', 'Delete', 'Copy', 'Exec'] as const;

interface NextCommandProps {
  readonly desk: Desk;
  readonly index: TreeIndex;
  readonly uri: string;
  readonly intent: Intent;
  readonly onIntent: (intent: Intent) => void;
  /** Commands that mean something for this node. */
  readonly offered: ReadonlySet<Act>;
  /** What became of the last one. */
  readonly children: ReactNode;
}

export function NextCommand({ desk, index, uri, intent, onIntent, offered, children }: NextCommandProps) {
  const { act, asked, start } = intent;
  const Form = FORMS[act];
  const shown = act === 'ACL' || act === 'Name' || act === 'Title' ? 'Replace' : act;
  return (
    <section className={asked ? 'next asked' : 'next'} aria-label="Next command">
      <div className="sec ruled next-head">
        <h3 className="sr-only">Next command</h3>
        <div className="acts" role="toolbar" aria-label="Commands">
          {COMMANDS.map(command => (
            <button
              key={command}
              type="button"
              className="act"
              aria-pressed={command === shown}
              disabled={!offered.has(command) && command !== shown}
              title={ACT_KEYS[command]?.title ?? command}
              aria-keyshortcuts={ACT_KEYS[command]?.key}
              onClick={() => onIntent({ act: command, asked: true })}
            >
              {command}
            </button>
          ))}
        </div>
        {shown !== act && <span className="muted right">{act}</span>}
      </div>
      {children}
      <Form
        key={`${act} ${start ?? ''}`}
        desk={desk}
        index={index}
        uri={uri}
        node={index.get(uri)}
        asked={asked}
        start={start}
      />
    </section>
  );
}
