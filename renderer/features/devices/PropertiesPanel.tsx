/** The node in hand: its properties, value in full, earlier values, and the exact command that would be sent next. */
import { Button } from '@mantine/core';
import { Pencil } from 'lucide-react';
import { Fragment, useState } from 'react';
import type { DeviceView, NodeView } from '../../../src-core/workbench/views.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { HexView, XmlView } from '../../components/Documents.tsx';
import { base64ToHex, formatBytes, formatStamp, formatWhen } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';
import { useNow } from '../../components/use-now.ts';
import { commandsOf, isBinary } from './node-values.ts';
import { whenSent } from './sending.ts';
import { isInterior, type TreeIndex } from './tree-index.ts';
import { ValueEditor } from './ValueEditor.tsx';

interface PropertiesPanelProps {
  readonly index: TreeIndex;
  readonly uri: string;
  readonly device: DeviceView | undefined;
  /** What became of the last command. */
  readonly sent: string | undefined;
  readonly onSent: (command: string, queued: boolean) => void;
}

export function PropertiesPanel({ index, uri, device, sent, onSent }: PropertiesPanelProps) {
  const [editing, setEditing] = useState(false);
  const node = index.get(uri);
  const view = node?.view;
  const leaf = node !== undefined && !isInterior(node);
  return (
    <section className="panel" aria-label="Properties">
      <h2 className="sec">
        <span className="ellipsis mono" title={uri}>
          {uri}
        </span>
        <span className="right buttons">
          {view && <CopyButton what="node as JSON" text={() => JSON.stringify(view, null, 2)} />}
          <CopyButton what="URI" text={uri} />
        </span>
      </h2>
      <div className="scroll">
        {view ? (
          <Facts index={index} view={view} />
        ) : (
          <p className="note first">
            {node ? 'Known by its descendants only: not read itself.' : 'Not read yet, or no longer in the tree.'}
          </p>
        )}
        {editing && view && leaf && device ? (
          <ValueEditor
            device={device}
            view={view}
            onDone={queued => {
              setEditing(false);
              if (queued !== undefined) onSent(`Replace ${uri}`, queued);
            }}
          />
        ) : (
          view && leaf && <Value view={view} onEdit={() => setEditing(true)} busy={device === undefined} />
        )}
        {view && view.history.length > 0 && <History view={view} />}
        {!editing && (
          <>
            <h3 className="sec ruled">Next command</h3>
            <div className="cmd">
              <b>Get</b> {uri}
              {'\n'}
              {leaf ? 'reads this leaf' : 'reads this node and all below it'}
              {device && `; ${whenSent(device)}`}
            </div>
          </>
        )}
        <p className="note" role="status">
          {sent}
        </p>
      </div>
    </section>
  );
}

function Facts({ index, view }: { index: TreeIndex; view: NodeView }) {
  const acl = index.aclOf(view.uri);
  const extent = [
    view.size === undefined ? undefined : `${view.size.toLocaleString('en-US')} bytes`,
    view.verNo === undefined ? undefined : String(view.verNo),
  ];
  return (
    <dl className="kv">
      <dt>Format</dt>
      <dd>{view.type ? `${view.format} · ${view.type}` : view.format}</dd>
      {view.name !== undefined && <Fact name="Name" value={view.name} />}
      {view.title !== undefined && <Fact name="Title" value={view.title} />}
      <dt>ACL</dt>
      <dd className="mono">
        {acl ? <Acl text={acl.acl} /> : <span className="muted">not read</span>}
        {acl && acl.from !== view.uri && <span className="muted"> (inherited from {acl.from})</span>}
      </dd>
      <dt>Size · VerNo</dt>
      <dd>{extent.map(part => part ?? '–').join(' · ')}</dd>
      <dt>TStamp</dt>
      <dd>{view.tstamp ?? '–'}</dd>
      <dt>Access</dt>
      <dd className="pills">
        {acl
          ? commandsOf(acl.acl).map(({ command, who }) => (
              <Pill key={command} title={who === '*' ? `${command}: every server` : `${command}: ${who}`}>
                {command}
              </Pill>
            ))
          : '–'}
      </dd>
      <dt>Read</dt>
      <dd>
        {formatStamp(view.readAt)} <span className="muted">session {view.session}</span>
      </dd>
    </dl>
  );
}

/** Broken at its joints, not in the middle of a name. */
function Acl({ text }: { text: string }) {
  return text.split(/(?<=[&+])/).map(part => (
    <Fragment key={part}>
      {part}
      <wbr />
    </Fragment>
  ));
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function Value({ view, onEdit, busy }: { view: NodeView; onEdit: () => void; busy: boolean }) {
  const value = view.value;
  const hex = value !== undefined && isBinary(view.format) ? base64ToHex(value) : undefined;
  return (
    <>
      <h3 className="sec ruled">
        Value
        {hex !== undefined && <span className="muted">{formatBytes(hex.length / 2)}</span>}
        <span className="right buttons">
          <Button variant="subtle" leftSection={<Pencil size={12} aria-hidden />} disabled={busy} onClick={onEdit}>
            Edit value
          </Button>
          {hex !== undefined && <CopyButton what="value as hex" text={hex} />}
          {value !== undefined && <CopyButton what={hex === undefined ? 'value' : 'value as base64'} text={value} />}
        </span>
      </h3>
      <div className="value-full">
        {value === undefined && <p className="muted">not read</p>}
        {hex !== undefined && <HexView hex={hex} small />}
        {value !== undefined && hex === undefined && view.format === 'xml' && <XmlView xml={value} />}
        {value !== undefined && hex === undefined && view.format !== 'xml' && (
          <pre>{value === '' ? <span className="muted">empty</span> : value}</pre>
        )}
      </div>
    </>
  );
}

function History({ view }: { view: NodeView }) {
  const now = useNow(60_000);
  const values = [
    ...(view.value === undefined ? [] : [{ value: view.value, readAt: view.readAt, session: view.session }]),
    ...view.history,
  ];
  return (
    <>
      <h3 className="sec ruled">
        History <Pill>{values.length}</Pill>
      </h3>
      <dl className="kv history">
        {values.map(entry => (
          <div key={`${entry.readAt} ${entry.session} ${entry.value}`}>
            <dt title={formatStamp(entry.readAt)}>{formatWhen(entry.readAt, now)}</dt>
            <dd className="mono">
              {entry.value} <span className="muted">session {entry.session}</span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
