/** The snapshots there are: take one, open a file, name, export and delete them, and choose one to compare. */
import { ActionIcon, Button, TextInput } from '@mantine/core';
import { Camera, Download, FolderOpen, Pencil, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import type { SnapshotView } from '../../../../src-core/workbench/snapshots/views.ts';
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import { useAction } from '../../../api/use-action.ts';
import { FailureNote } from '../../../components/FailureNote.tsx';
import { FileInput } from '../../../components/FileInput.tsx';
import { formatBytes, formatStamp, formatWhen, plural } from '../../../components/format.ts';
import { Pill } from '../../../components/Marks.tsx';
import { moveInList } from '../../../components/move-in-list.ts';
import { useNow } from '../../../components/use-now.ts';
import { packFile } from './files.ts';
import type { Snapshots } from './use-snapshots.ts';

interface SnapshotListProps {
  readonly snapshots: Snapshots;
  readonly device: DeviceView;
  readonly devices: readonly DeviceView[];
}

export function SnapshotList({ snapshots, device, devices }: SnapshotListProps) {
  const { list = [], take } = snapshots;
  const file = useRef<HTMLInputElement>(null);
  const open = useAction(async (api, chosen: File) =>
    api.snapshots.import.mutate({ fileName: chosen.name, gzip: await packFile(chosen) }),
  );
  const openFile = async (chosen: File) => {
    const snapshot = await open.run(chosen);
    if (snapshot && device.nodeCount > 0) compareWith(snapshot);
  };
  const compareWith = ({ key }: SnapshotView) =>
    snapshots.compare({ from: { kind: 'snapshot', key }, to: { kind: 'device', deviceId: device.id } });
  const failure = take.failure ?? open.failure;
  return (
    <section className="panel snapshot-list" aria-label="Snapshots">
      <div className="sec">
        <h2>Snapshots</h2>
        <Pill>{list.length}</Pill>
        <span className="right buttons">
          <ActionIcon
            aria-label="Export the tree as it is now"
            title="Export the tree as it is now"
            disabled={device.nodeCount === 0}
            onClick={() => snapshots.setDoing({ what: 'export', side: { kind: 'device', deviceId: device.id } })}
          >
            <Download size={13} aria-hidden />
          </ActionIcon>
        </span>
      </div>
      <div className="snapshot-acts">
        <Button
          leftSection={<Camera size={13} aria-hidden />}
          loading={take.busy}
          disabled={device.nodeCount === 0}
          title="What is known of this device now (Shift+F7)"
          onClick={() => take.run()}
        >
          Take snapshot
        </Button>
        <Button
          variant="subtle"
          leftSection={<FolderOpen size={13} aria-hidden />}
          loading={open.busy}
          title="TNDS in XML or WBXML, or a tree as JSON"
          onClick={() => file.current?.click()}
        >
          Open file
        </Button>
        <FileInput ref={file} label="File of a tree" accept=".json,.xml,.wbxml,.tnds" onFiles={openFile} />
      </div>
      <FailureNote
        failure={failure}
        onClose={() => {
          take.clear();
          open.clear();
        }}
      />
      <ul className="scroll" aria-label="Snapshots" onKeyDown={moveInList}>
        {list.map(snapshot => (
          <SnapshotItem
            key={snapshot.key}
            snapshot={snapshot}
            snapshots={snapshots}
            deviceName={devices.find(({ id }) => id === snapshot.origin)?.name}
            onCompare={() => compareWith(snapshot)}
          />
        ))}
        {snapshots.list?.length === 0 && <li className="muted none">None yet.</li>}
      </ul>
    </section>
  );
}

interface SnapshotItemProps {
  readonly snapshot: SnapshotView;
  readonly snapshots: Snapshots;
  readonly deviceName: string | undefined;
  readonly onCompare: () => void;
}

function SnapshotItem({ snapshot, snapshots, deviceName, onCompare }: SnapshotItemProps) {
  const [mode, setMode] = useState<'shown' | 'naming' | 'deleting'>('shown');
  const now = useNow(60_000);
  const { key, name, takenAt, nodes, bytes, source, origin } = snapshot;
  const { sides } = snapshots;
  const isSide = (side: 'from' | 'to') => sides?.[side].kind === 'snapshot' && sides[side].key === key;
  const remove = useAction(api => api.snapshots.remove.mutate({ key }));
  if (mode === 'naming') return <NameField snapshot={snapshot} onDone={() => setMode('shown')} />;
  return (
    <li className="snapshot" aria-current={isSide('from') || isSide('to') ? 'true' : undefined}>
      <button type="button" className="pick" title="What changed at this device since" onClick={onCompare}>
        <span className="ellipsis list-name" title={name}>
          {name}
        </span>
        <small title={`${formatStamp(takenAt)} · ${formatBytes(bytes)} stored`}>
          {formatWhen(takenAt, now)} · {plural(nodes, 'node')}
        </small>
        <small className="ellipsis" title={origin}>
          {source === 'file' ? `file ${origin}` : (deviceName ?? origin)}
        </small>
      </button>
      {isSide('from') && <Pill tone="info">from</Pill>}
      {isSide('to') && <Pill tone="info">to</Pill>}
      {mode === 'deleting' ? (
        <span className="buttons">
          <Button className="danger" loading={remove.busy} onClick={() => remove.run()}>
            Delete
          </Button>
          <Button variant="subtle" onClick={() => setMode('shown')}>
            Keep
          </Button>
        </span>
      ) : (
        <span className="buttons">
          <ActionIcon aria-label={`Rename ${name}`} title="Rename" onClick={() => setMode('naming')}>
            <Pencil size={12} aria-hidden />
          </ActionIcon>
          <ActionIcon
            aria-label={`Export ${name}`}
            title="Export"
            onClick={() => snapshots.setDoing({ what: 'export', side: { kind: 'snapshot', key } })}
          >
            <Download size={12} aria-hidden />
          </ActionIcon>
          <ActionIcon aria-label={`Delete ${name}`} title="Delete" onClick={() => setMode('deleting')}>
            <Trash2 size={12} aria-hidden />
          </ActionIcon>
        </span>
      )}
      <FailureNote failure={remove.failure} onClose={remove.clear} />
    </li>
  );
}

function NameField({ snapshot, onDone }: { snapshot: SnapshotView; onDone: () => void }) {
  const [name, setName] = useState(snapshot.name);
  const rename = useAction(api => api.snapshots.rename.mutate({ key: snapshot.key, name }));
  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    await rename.run();
    onDone();
  };
  return (
    <li className="snapshot">
      <form className="naming" onSubmit={submit}>
        <TextInput
          aria-label="Name of the snapshot"
          autoFocus
          maxLength={200}
          required
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          onKeyDown={event => {
            if (event.key === 'Escape') onDone();
          }}
        />
        <Button type="submit" loading={rename.busy}>
          Name it
        </Button>
      </form>
    </li>
  );
}
