/** The session as a file that opens again, or as a page to mail; with or without what a password can be guessed from. */
import { ActionIcon, Button, Radio } from '@mantine/core';
import { Download, X } from 'lucide-react';
import { useState } from 'react';
import type { ExportedFile, Secrets } from '../../../src-core/workbench/session-views.ts';
import { useAction } from '../../api/use-action.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { formatBytes } from '../../components/format.ts';
import { download } from './download.ts';

interface ExportPanelProps {
  readonly sessionKey: string;
  /** It came from a file without secrets. */
  readonly masked: boolean;
  readonly onClose: () => void;
}

export function ExportPanel({ sessionKey, masked, onClose }: ExportPanelProps) {
  const [secrets, setSecrets] = useState<Secrets>('masked');
  const [written, setWritten] = useState<ExportedFile>();
  const save = useAction((api, form: 'file' | 'html') => api.sessions.export.query({ key: sessionKey, form, secrets }));
  const write = async (form: 'file' | 'html') => {
    const file = await save.run(form);
    if (!file) return;
    download(file);
    setWritten(file);
  };
  return (
    <section className="panel" aria-label="Export session">
      <h2 className="sec">
        Export session
        <ActionIcon className="right" aria-label="Close export" onClick={onClose}>
          <X size={14} aria-hidden />
        </ActionIcon>
      </h2>
      <div className="scroll side-body">
        <h3>Session file</h3>
        <p className="dim">All messages byte for byte. Open it here again, or replay it.</p>
        {masked ? (
          <p>It came without secrets, and stays without them: stars of the same length stand in their place.</p>
        ) : (
          <Radio.Group
            aria-label="Secrets in the file"
            value={secrets}
            onChange={value => setSecrets(value === 'included' ? 'included' : 'masked')}
          >
            <Radio
              value="masked"
              label="Without secrets"
              description="Passwords, digests and nonces become stars of the same length."
            />
            <Radio
              value="included"
              label="As it was on the wire"
              description="Whoever has the file may learn the passwords. For a colleague you trust with the account."
            />
          </Radio.Group>
        )}
        <Button leftSection={<Download size={13} aria-hidden />} loading={save.busy} onClick={() => write('file')}>
          Save session file
        </Button>
        <h3>Page to mail</h3>
        <p className="dim">One HTML file without scripts: ladder, commands, XML and bytes. Never with secrets.</p>
        <Button
          variant="default"
          leftSection={<Download size={13} aria-hidden />}
          loading={save.busy}
          onClick={() => write('html')}
        >
          Save as HTML
        </Button>
        <FailureNote failure={save.failure} onClose={save.clear} />
        <p role="status" className="dim">
          {written && `Saved ${written.name}, ${formatBytes(new Blob([written.text]).size)}`}
        </p>
      </div>
    </section>
  );
}
