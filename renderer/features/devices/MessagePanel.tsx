/** One message in full: what it carries, then the document as XML or as the bytes on the wire. */
import { ActionIcon, SegmentedControl } from '@mantine/core';
import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { MessageBody, MessageView } from '../../../src-core/workbench/views.ts';
import { useApi } from '../../api/context.ts';
import { describeFailure, type Failure } from '../../api/failure.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { HexView, XmlView } from '../../components/Documents.tsx';
import { FailureNote } from '../../components/FailureNote.tsx';
import { formatBytes } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';
import { layoutXml } from '../../components/xml.ts';
import { Arrow } from './LadderRow.tsx';

const FORMS = [
  { value: 'xml', label: 'XML' },
  { value: 'hex', label: 'Hex' },
  { value: 'statuses', label: 'Statuses' },
];

export function MessagePanel({ message, onClose }: { message: MessageView; onClose: () => void }) {
  const { body, failure } = useMessageBody(message.key);
  const [form, setForm] = useState('xml');
  const panel = useRef<HTMLElement>(null);
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onClose();
  };
  return (
    <section className="panel" aria-label="Message" ref={panel} onKeyDown={onKeyDown}>
      <h2 className="sec">
        <Arrow direction={message.direction} />
        <span className="ellipsis">
          Package {message.package} · msg {message.msgId}
        </span>
        <span className="muted">
          {formatBytes(message.bytes)} {message.encoding.toUpperCase()}
        </span>
        <span className="right buttons">
          <ActionIcon aria-label="Close message" title="Close message (Escape)" onClick={onClose}>
            <X size={14} aria-hidden />
          </ActionIcon>
        </span>
      </h2>
      <div className="form-bar">
        <SegmentedControl aria-label="Show as" data={FORMS} value={form} onChange={setForm} />
        <span className="right buttons">
          {body && form === 'xml' && <CopyButton what="XML" text={() => layoutXml(body.xml)} />}
          {body && form === 'hex' && <CopyButton what="hex" text={body.hex} />}
          <CopyButton what="summary as JSON" text={() => JSON.stringify(message, null, 2)} />
        </span>
      </div>
      <FailureNote failure={failure} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long document is scrolled with the keyboard */}
      <section className="scroll" tabIndex={0} aria-label="Document">
        {form === 'statuses' && <Statuses message={message} />}
        {body && form === 'xml' && <XmlView xml={body.xml} />}
        {body && form === 'hex' && <HexView hex={body.hex} />}
      </section>
    </section>
  );
}

function Statuses({ message }: { message: MessageView }) {
  if (message.statuses.length === 0) return <p className="note first">This message carries no Status.</p>;
  return (
    <ul className="status-list">
      {message.statuses.map((status, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the statuses of one message never move
        <li key={i}>
          <Pill tone={status.ok ? 'ok' : 'bad'}>
            {status.code} {status.text}
          </Pill>
          <span className="mono">{status.cmd}</span>
          <span className="muted">cmd {status.cmdRef}</span>
        </li>
      ))}
    </ul>
  );
}

/** The document of a message; the one before stays on screen until the next has come. */
function useMessageBody(key: string): { body: MessageBody | undefined; failure: Failure | undefined } {
  const api = useApi();
  const [body, setBody] = useState<MessageBody>();
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    const abort = new AbortController();
    setFailure(undefined);
    api.devices.message.query({ key }, { signal: abort.signal }).then(setBody, error => {
      if (abort.signal.aborted) return;
      setBody(undefined);
      setFailure(describeFailure(error));
    });
    return () => abort.abort();
  }, [api, key]);
  return { body, failure };
}
