/** The ACL of a node: as it is written, and in words (OMA-TS-DM_TND-V1_2_1 §7.7.1). */
import { Fragment } from 'react';
import type { TreeIndex } from '../tree-index.ts';
import { isInterior, type TreeNode } from '../tree-node.ts';
import { explainAcl, mayChangeAcl, readAcl, strayEntries } from './acl.ts';

export function AclValue({ index, uri }: { index: TreeIndex; uri: string }) {
  const acl = index.aclOf(uri);
  if (!acl) return <span className="muted">not read</span>;
  return (
    <>
      <span className="mono">
        <AclText text={acl.acl} />
      </span>
      {acl.from !== uri && <span className="muted"> (inherited from {acl.from})</span>}
    </>
  );
}

/** Broken at its joints, not in the middle of a name. */
function AclText({ text }: { text: string }) {
  return text.split(/(?<=[&+])/).map(part => (
    <Fragment key={part}>
      {part}
      <wbr />
    </Fragment>
  ));
}

/** Every right in a sentence, and who may change the ACL itself. */
export function AclInWords({ index, node }: { index: TreeIndex; node: TreeNode }) {
  const acl = index.aclOf(node.uri);
  if (!acl) return null;
  const parent = node.parent && index.aclOf(node.parent.uri);
  return <AclWords text={acl.acl} parent={parent?.acl} interior={isInterior(node)} />;
}

interface AclWordsProps {
  readonly text: string;
  readonly parent: string | undefined;
  readonly interior: boolean;
}

export function AclWords({ text, parent, interior }: AclWordsProps) {
  const acl = readAcl(text);
  const changers = mayChangeAcl(acl, parent === undefined ? undefined : readAcl(parent), interior);
  const stray = strayEntries(text);
  return (
    <ul className="acl-words" aria-label="ACL in words">
      {explainAcl(acl, interior).map(({ right, who, may, granted }) => (
        <li key={right} className={granted ? undefined : 'muted'}>
          <b>{who}</b> may {may} <span className="mono muted">{right}</span>
        </li>
      ))}
      <li className={changers === 'Nobody' ? 'muted' : undefined}>
        <b>{changers}</b> may change this ACL{' '}
        <span className="muted">{interior ? 'Replace here or on its parent' : 'Replace on its parent'}</span>
      </li>
      {stray.map(entry => (
        <li key={entry} className="warn">
          <span className="mono">{entry}</span> is no entry of an ACL and grants nothing
        </li>
      ))}
    </ul>
  );
}
