/** All properties of a node (OMA-TS-DM_TND-V1_2_1 §7.2), each said even where it was not read. */
import { ActionIcon } from '@mantine/core';
import { Pencil } from 'lucide-react';
import { formatStamp } from '../../../components/format.ts';
import { Pill } from '../../../components/Marks.tsx';
import { SessionLink } from '../../sessions/SessionLink.tsx';
import type { TreeIndex } from '../tree-index.ts';
import type { TreeNode } from '../tree-node.ts';
import { AclInWords, AclValue } from './Acl.tsx';
import { RIGHTS, readAcl } from './acl.ts';
import { formatTStamp } from './tstamp.ts';

/** Properties that Replace is for (TND §7.5). */
export type EditableProperty = 'ACL' | 'Name' | 'Title';

interface FactsProps {
  readonly index: TreeIndex;
  readonly node: TreeNode;
  readonly onEdit: (property: EditableProperty) => void;
}

export function Facts({ index, node, onEdit }: FactsProps) {
  const view = node.view;
  if (!view) return null;
  const acl = index.aclOf(node.uri);
  const edit = (property: EditableProperty) => <EditButton property={property} onEdit={onEdit} />;
  return (
    <dl className="kv facts">
      <dt>Format · Type</dt>
      <dd>
        {view.format} · {view.type ?? <None />}
      </dd>
      <dt>Name</dt>
      <dd>
        {view.name ?? node.name}
        {node.parent && edit('Name')}
      </dd>
      <dt>Title</dt>
      <dd>
        {view.title ?? <None />}
        {edit('Title')}
      </dd>
      <dt>ACL</dt>
      <dd>
        <AclValue index={index} uri={node.uri} />
        {edit('ACL')}
        {acl && (
          <details>
            <summary>in words</summary>
            <AclInWords index={index} node={node} />
          </details>
        )}
      </dd>
      <dt>Access</dt>
      <dd className="pills">
        {acl ? (
          RIGHTS.filter(right => readAcl(acl.acl).has(right)).map(right => <Pill key={right}>{right}</Pill>)
        ) : (
          <None />
        )}
      </dd>
      <dt>Size · VerNo</dt>
      <dd>
        {view.size === undefined ? <None /> : `${view.size.toLocaleString('en-US')} bytes`} · {view.verNo ?? <None />}
      </dd>
      <dt>TStamp</dt>
      <dd title={view.tstamp}>{view.tstamp === undefined ? <None /> : formatTStamp(view.tstamp)}</dd>
      {view.unread !== undefined && (
        <>
          <dt>Not read</dt>
          <dd className="warn">{view.partial ? `some of its children: ${view.unread}` : view.unread}</dd>
        </>
      )}
      <dt>Read</dt>
      <dd>
        {formatStamp(view.readAt)} <SessionLink deviceId={index.deviceId} sessionId={view.session} at={view.readAt} />
      </dd>
    </dl>
  );
}

function None() {
  return <span className="muted">–</span>;
}

function EditButton({
  property,
  onEdit,
}: {
  property: EditableProperty;
  onEdit: (property: EditableProperty) => void;
}) {
  const label = property === 'Name' ? 'Rename' : `Edit ${property}`;
  return (
    <ActionIcon className="edit-fact" size="xs" aria-label={label} title={label} onClick={() => onEdit(property)}>
      <Pencil size={11} aria-hidden />
    </ActionIcon>
  );
}
