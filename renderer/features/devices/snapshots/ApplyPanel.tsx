/** Brings a device from one tree to the other: the exact commands first, then they are sent. */
import { ActionIcon, Button, Checkbox, NativeSelect } from '@mantine/core';
import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { ApplyRequest, CommandsView, SubtreeForm } from '../../../../src-core/workbench/snapshots/views.ts';
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import { useAction } from '../../../api/use-action.ts';
import { useQuery } from '../../../api/use-query.ts';
import { CopyButton } from '../../../components/CopyButton.tsx';
import { FailureNote } from '../../../components/FailureNote.tsx';
import { formatBytes, plural } from '../../../components/format.ts';
import { XmlDocument } from '../message/XmlDocument.tsx';
import { whenSent } from '../sending.ts';
import { deviceOfSides, goesBack, nameOfSide, type Sides } from './sides.ts';
import { useLeaving } from './use-leaving.ts';
import type { Snapshots } from './use-snapshots.ts';

interface ApplyPanelProps {
  readonly snapshots: Snapshots;
  readonly sides: Sides;
  readonly device: DeviceView;
  readonly devices: readonly DeviceView[];
  /** Nodes below which something changed: a part can be applied alone. */
  readonly parts: readonly string[];
  readonly onSent: (deviceId: string) => void;
}

const FORMS: readonly { value: SubtreeForm; label: string }[] = [
  { value: 'nodes', label: 'node by node' },
  { value: 'tnds-wbxml', label: 'as TNDS in WBXML' },
  { value: 'tnds-xml', label: 'as TNDS in XML' },
];

export function ApplyPanel({ snapshots, sides, device, devices, parts, onSent }: ApplyPanelProps) {
  const list = snapshots.list ?? [];
  const [deviceId, setDeviceId] = useState(deviceOfSides(sides, list) ?? device.id);
  const [back, setBack] = useState(() => goesBack(sides, deviceId));
  const [within, setWithin] = useState('.');
  const [subtrees, setSubtrees] = useState<SubtreeForm>('nodes');
  const [atomic, setAtomic] = useState(false);
  const target = devices.find(({ id }) => id === deviceId);
  const [from, to] = back ? [sides.to, sides.from] : [sides.from, sides.to];
  const request: ApplyRequest = { from, to, deviceId, subtrees, atomic, ...(within !== '.' && { within }) };
  const commands = useQuery<CommandsView>({
    key: JSON.stringify([request, snapshots.asked]),
    ask: api => api.snapshots.commands.query(request),
  });
  const shown = commands.stale ? undefined : commands.data;
  const apply = useAction((api, digest: string) => api.snapshots.send.mutate({ request, digest }));
  const send = async () => {
    if (!shown || shown.count === 0 || apply.busy) return;
    if (await apply.run(shown.digest)) onSent(deviceId);
  };
  const close = () => snapshots.setDoing({ what: 'nothing' });
  useLeaving(close);
  const isNow = from.kind === 'device' && from.deviceId === deviceId;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.querySelector('select')?.focus(), []);
  return (
    <section ref={panel} className="panel" aria-label="Apply to device">
      <div className="sec">
        <h2>Apply to device</h2>
        <span className="right buttons">
          {shown && shown.count > 0 && <CopyButton what="commands as XML" text={shown.xml} />}
          <ActionIcon aria-label="Close" title="Close (Escape)" onClick={close}>
            <X size={14} aria-hidden />
          </ActionIcon>
        </span>
      </div>
      <div className="apply-form">
        <NativeSelect
          label="Device"
          data={devices.map(({ id, name }) => ({ value: id, label: `${name} (${id})` }))}
          value={deviceId}
          onChange={event => {
            setDeviceId(event.currentTarget.value);
            setBack(goesBack(sides, event.currentTarget.value));
          }}
        />
        <NativeSelect
          label="Becomes as"
          data={[
            { value: 'to', label: `on the right: ${nameOfSide(sides.to, devices, list)}` },
            { value: 'from', label: `on the left: ${nameOfSide(sides.from, devices, list)}` },
          ]}
          value={back ? 'from' : 'to'}
          onChange={event => setBack(event.currentTarget.value === 'from')}
        />
        <NativeSelect
          label="What"
          data={[{ value: '.', label: 'all differences' }, ...parts.map(uri => ({ value: uri, label: uri }))]}
          value={within}
          onChange={event => setWithin(event.currentTarget.value)}
        />
        <NativeSelect
          label="New subtrees"
          data={FORMS}
          value={subtrees}
          onChange={event =>
            setSubtrees(FORMS.find(({ value }) => value === event.currentTarget.value)?.value ?? 'nodes')
          }
        />
        <Checkbox
          className="check"
          label="All or nothing, as one Atomic"
          checked={atomic}
          onChange={event => setAtomic(event.currentTarget.checked)}
        />
        {!isNow && (
          <p className="warn">
            Not made for this device as it is now, but for {nameOfSide(from, devices, list)}: it may refuse some of
            them.
          </p>
        )}
      </div>
      <FailureNote failure={commands.failure ?? apply.failure} />
      {shown && <Speaking view={shown} />}
      {shown && shown.count > 0 && (
        <>
          <h3 className="sec ruled">
            Commands <span className="muted">{plural(shown.count, 'command')}</span>
            <span className="muted">{formatBytes(shown.wbxmlBytes)} in WBXML</span>
          </h3>
          <XmlDocument xml={shown.xml} />
        </>
      )}
      {shown?.count === 0 && <p className="note first">Nothing to send.</p>}
      <div className="diff-foot">
        <Button variant="filled" loading={apply.busy} disabled={!shown || shown.count === 0 || !target} onClick={send}>
          Send {shown ? plural(shown.count, 'command') : 'commands'}
        </Button>
        {target && <span className="muted ellipsis">{whenSent(target)}</span>}
      </div>
    </section>
  );
}

/** What no command brings about, and what speaks against some of them. */
function Speaking({ view: { skipped, problems } }: { view: CommandsView }) {
  if (skipped.length + problems.length === 0) return null;
  return (
    <details className="remarks" open={problems.some(({ severity }) => severity === 'error')}>
      <summary>
        {[
          skipped.length > 0 && `${plural(skipped.length, 'difference')} left out`,
          problems.length > 0 && plural(problems.length, 'remark'),
        ]
          .filter(Boolean)
          .join(', ')}
      </summary>
      <ul>
        {skipped.map(({ uri, why }) => (
          <li key={`${uri} ${why}`}>
            <span className="mono">{uri}</span>: {why}
          </li>
        ))}
        {problems.map(({ uri, text, advice }) => (
          <li key={`${uri} ${text}`} className="warn">
            {uri !== undefined && <span className="mono">{uri}: </span>}
            {text}
            {advice !== undefined && `. ${advice}`}
          </li>
        ))}
      </ul>
    </details>
  );
}
