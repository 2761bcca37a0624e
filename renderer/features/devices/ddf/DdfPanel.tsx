/** Device descriptions: the person's own and those built in, adding files, and one out of the tree in hand. */
import { ActionIcon, Button } from '@mantine/core';
import { FileDown, FilePlus2, X } from 'lucide-react';
import { useRef, useState } from 'react';
import type { DdfFileView } from '../../../../src-core/workbench/ddf/views.ts';
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import { useAction } from '../../../api/use-action.ts';
import { FailureNote } from '../../../components/FailureNote.tsx';
import { FileInput } from '../../../components/FileInput.tsx';
import { Pill } from '../../../components/Marks.tsx';
import { type FilesTaken, useFileDrop } from '../../../components/use-file-drop.ts';
import { saveFile } from '../snapshots/files.ts';
import { DdfItem } from './DdfItem.tsx';
import { fileContent } from './file-content.ts';
import type { Ddfs } from './use-ddfs.ts';
import './ddf.css';

interface DdfPanelProps {
  readonly ddfs: Ddfs;
  readonly device: DeviceView;
  /** Node in hand. */
  readonly uri: string;
}

export function DdfPanel({ ddfs, device, uri }: DdfPanelProps) {
  const { files, setOpen } = ddfs;
  const [added, setAdded] = useState<readonly string[]>([]);
  const [refused, setRefused] = useState('');
  const add = useAction(async (api, file: File) =>
    api.ddf.add.mutate({ name: file.name, content: await fileContent(file) }),
  );
  /** One after another; the first that is refused ends it. */
  const addFiles: FilesTaken = async (_, chosen) => {
    const ids: string[] = [];
    for (const file of chosen) {
      setRefused(file.name);
      const view = await add.run(file);
      if (!view) return;
      ids.push(view.id);
      setAdded(ids);
    }
  };
  const drop = useFileDrop(addFiles);
  const failure = add.failure && { ...add.failure, message: `${refused}: ${add.failure.message}` };
  const own = files?.filter(({ origin }) => origin === 'own');
  const builtIn = files?.filter(({ origin }) => origin === 'built-in');
  return (
    <section
      className={drop.over ? 'panel ddfs over' : 'panel ddfs'}
      aria-label="Device descriptions"
      onKeyDown={event => {
        if (event.key === 'Escape') setOpen(false);
      }}
      {...drop.handlers}
    >
      <div className="sec">
        <h2>Device descriptions</h2>
        {files && <Pill>{files.length}</Pill>}
        <ActionIcon className="right" aria-label="Close" title="Close (Escape)" onClick={() => setOpen(false)}>
          <X size={14} aria-hidden />
        </ActionIcon>
      </div>
      <div className="ddf-acts">
        <AddButton busy={add.busy} onFiles={addFiles} />
        <SkeletonButton device={device} uri={uri} />
      </div>
      <FailureNote failure={failure} onClose={add.clear} />
      <div className="scroll">
        <h3 className="sec">Your own</h3>
        {own?.length === 0 && (
          <p className="note first">
            None yet. Drop the DDF of a device here, in XML or WBXML: it counts before those built in.
          </p>
        )}
        <DdfList files={own} device={device} added={added} label="Your own descriptions" />
        <h3 className="sec ruled">Built in</h3>
        <DdfList files={builtIn} device={device} added={[]} label="Built-in descriptions" />
      </div>
    </section>
  );
}

function DdfList(props: {
  readonly files: readonly DdfFileView[] | undefined;
  readonly device: DeviceView;
  readonly added: readonly string[];
  readonly label: string;
}) {
  const { files = [], device, added, label } = props;
  if (files.length === 0) return null;
  return (
    <ul aria-label={label}>
      {files.map(file => (
        <DdfItem key={file.id} file={file} device={device} fresh={added.includes(file.id)} />
      ))}
    </ul>
  );
}

function AddButton({ busy, onFiles }: { busy: boolean; onFiles: FilesTaken }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        leftSection={<FilePlus2 size={13} aria-hidden />}
        loading={busy}
        title="A DDF in XML or WBXML, at most 1 MiB; one of the same name is replaced"
        onClick={() => input.current?.click()}
      >
        Add files
      </Button>
      <FileInput ref={input} label="Files of descriptions" accept=".xml,.ddf,.wbxml" multiple onFiles={onFiles} />
    </>
  );
}

/** What the device turned out to hold, as a beginning for its description. */
function SkeletonButton({ device, uri }: { device: DeviceView; uri: string }) {
  const save = useAction(api => api.devices.ddfSkeleton.query({ deviceId: device.id, uri }));
  const write = async () => {
    const file = await save.run();
    if (file) saveFile(file);
  };
  return (
    <>
      <Button
        variant="subtle"
        leftSection={<FileDown size={13} aria-hidden />}
        loading={save.busy}
        disabled={device.nodeCount === 0}
        title={`A DDF of ${uri === '.' ? 'the whole tree' : uri} as it was read, to be completed by hand`}
        onClick={write}
      >
        Write one of {uri === '.' ? 'this tree' : uri.slice(uri.lastIndexOf('/') + 1)}
      </Button>
      <FailureNote failure={save.failure} onClose={save.clear} />
    </>
  );
}
