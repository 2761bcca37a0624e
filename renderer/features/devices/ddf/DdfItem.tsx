/** One document of descriptions: what it describes, for which devices, and what is against it. */
import { ActionIcon, Button } from '@mantine/core';
import { Download, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { DdfFileView } from '../../../../src-core/workbench/ddf/views.ts';
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import { useAction } from '../../../api/use-action.ts';
import { FailureNote } from '../../../components/FailureNote.tsx';
import { formatBytes, plural } from '../../../components/format.ts';
import { Pill } from '../../../components/Marks.tsx';
import { saveFile } from '../snapshots/files.ts';
import { isForOther } from './for-device.ts';

interface DdfItemProps {
  readonly file: DdfFileView;
  readonly device: DeviceView;
  /** It was added just now. */
  readonly fresh: boolean;
}

export function DdfItem({ file, device, fresh }: DdfItemProps) {
  const { fileName, nodes, bytes, objects, notes, failure, manufacturer, model } = file;
  const maker = [manufacturer, model].filter(Boolean).join(' ');
  return (
    <li className={fresh ? 'ddf-item fresh' : 'ddf-item'} aria-label={fileName}>
      <div className="ddf-head">
        <span className="ellipsis list-name" title={fileName}>
          {fileName}
        </span>
        <Buttons file={file} />
      </div>
      {failure ? (
        <p className="bad" role="alert">
          Not used: {failure.text}
        </p>
      ) : (
        <>
          <ul className="ddf-objects" aria-label={`What ${fileName} describes`}>
            {objects.map(({ title, identifier, uri }) => (
              <li key={`${identifier} ${uri} ${title}`}>
                {title && <span>{title} </span>}
                <span className="mono muted">{identifier ?? uri}</span>
                {identifier !== undefined && uri !== undefined && <span className="mono muted"> {uri}</span>}
              </li>
            ))}
          </ul>
          <p className="ddf-facts">
            {plural(nodes, 'node')} · {formatBytes(bytes)}
            {maker && ` · ${maker}`}
            {isForOther(file, device) && (
              <Pill tone="warn" title={`${device.name} is another model: this description does not count for it`}>
                another model
              </Pill>
            )}
          </p>
        </>
      )}
      {notes.length > 0 && (
        <details className="ddf-notes">
          <summary>{plural(notes.length, 'remark')}</summary>
          <ul>
            {notes.map(({ text, offset }) => (
              <li key={`${offset} ${text}`}>
                {text} <span className="muted">at byte {offset.toLocaleString('en-US')}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

function Buttons({ file: { id, fileName, origin } }: { file: DdfFileView }) {
  const [asking, setAsking] = useState(false);
  const remove = useAction(api => api.ddf.remove.mutate({ id }));
  const copy = useAction(api => api.ddf.file.query({ id }));
  const save = async () => {
    const file = await copy.run();
    if (file) saveFile(file);
  };
  const failure = remove.failure ?? copy.failure;
  if (asking) {
    return (
      <span className="buttons">
        <Button className="danger" loading={remove.busy} onClick={() => remove.run()}>
          Remove
        </Button>
        <Button variant="subtle" onClick={() => setAsking(false)}>
          Keep
        </Button>
        <FailureNote failure={failure} onClose={remove.clear} />
      </span>
    );
  }
  return (
    <span className="buttons">
      <ActionIcon aria-label={`Save a copy of ${fileName}`} title="Save a copy" loading={copy.busy} onClick={save}>
        <Download size={12} aria-hidden />
      </ActionIcon>
      {origin === 'own' && (
        <ActionIcon aria-label={`Remove ${fileName}`} title="Remove" onClick={() => setAsking(true)}>
          <Trash2 size={12} aria-hidden />
        </ActionIcon>
      )}
      <FailureNote failure={failure} onClose={copy.clear} />
    </span>
  );
}
