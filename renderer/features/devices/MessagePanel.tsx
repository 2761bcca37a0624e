/** One message in full: its elements linked with its bytes, and the same as XML, as hex and as commands with their answers. */
import { ActionIcon, SegmentedControl } from '@mantine/core';
import { ListTree, X } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { MessageBody, MessageView } from '../../../src-core/workbench/message-views.ts';
import { useApi } from '../../api/context.ts';
import { describeFailure, type Failure } from '../../api/failure.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { FailureNote } from '../../components/FailureNote.tsx';
import { formatBytes } from '../../components/format.ts';
import { Arrow } from '../../components/ladder/LadderRow.tsx';
import { layoutXml } from '../../components/xml.ts';
import { HexDump } from './message/HexDump.tsx';
import { Chosen, LinkedMessage, Named } from './message/LinkedMessage.tsx';
import { MessageCommands } from './message/MessageCommands.tsx';
import { MessageNotes } from './message/MessageNotes.tsx';
import { MessageIndex } from './message/message-index.ts';
import { useSelection } from './message/use-selection.ts';
import { XmlDocument } from './message/XmlDocument.tsx';
import './message/message.css';

const FORMS = [
  { value: 'linked', label: 'Elements' },
  { value: 'xml', label: 'XML' },
  { value: 'hex', label: 'Hex' },
  { value: 'commands', label: 'Commands' },
];

interface MessagePanelProps {
  readonly message: MessageView;
  /** The tree stays on screen beside the message; absent in a room without a tree. */
  readonly treeBeside?: boolean;
  readonly onTreeBeside?: (beside: boolean) => void;
  readonly onClose: () => void;
}

export function MessagePanel({ message: wanted, treeBeside, onTreeBeside, onClose }: MessagePanelProps) {
  const { message, body, failure } = useDocument(wanted);
  const reading = body?.key !== wanted.key && !failure;
  const [form, setForm] = useState('linked');
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onClose();
  };
  return (
    <section className="panel" aria-label="Message" aria-busy={reading} onKeyDown={onKeyDown}>
      <h2 className="sec">
        <Arrow direction={message.direction} />
        <span className="ellipsis">
          Package {message.package} · {message.error === undefined ? `msg ${message.msgId}` : 'malformed'}
        </span>
        <span className="muted">
          {formatBytes(message.bytes)} {message.encoding.toUpperCase()}
        </span>
        <span className="right buttons">
          {onTreeBeside && (
            <ActionIcon
              aria-label="Tree beside the message"
              aria-pressed={treeBeside}
              title={treeBeside ? 'Hide the tree' : 'Show the tree beside the message'}
              onClick={() => onTreeBeside(!treeBeside)}
            >
              <ListTree size={14} aria-hidden />
            </ActionIcon>
          )}
          <ActionIcon aria-label="Close message" title="Close message (Escape)" onClick={onClose}>
            <X size={14} aria-hidden />
          </ActionIcon>
        </span>
      </h2>
      <div className="form-bar">
        <SegmentedControl aria-label="Show as" data={FORMS} value={form} onChange={setForm} />
        <span className="right buttons">
          {body && body.xml !== '' && (
            <Named name="copy XML">
              <CopyButton what="XML" text={() => layoutXml(body.xml)} />
            </Named>
          )}
          {body && (
            <Named name="copy hex">
              <CopyButton what="hex" text={body.hex} />
            </Named>
          )}
          <CopyButton what="summary as JSON" text={() => JSON.stringify(message, null, 2)} />
        </span>
      </div>
      <FailureNote failure={failure} />
      {body && <Document key={body.key} body={body} message={message} form={form} onForm={setForm} />}
    </section>
  );
}

interface DocumentProps {
  readonly body: MessageBody;
  readonly message: MessageView;
  readonly form: string;
  readonly onForm: (form: string) => void;
}

function Document({ body, message, form, onForm }: DocumentProps) {
  const index = useMemo(() => new MessageIndex(body), [body]);
  const selection = useSelection(index, body.error?.offset);
  const showByte = (byte: number) => {
    selection.chooseByte(byte);
    if (form !== 'hex') onForm('linked');
  };
  const showCommand = (cmdId: string) => {
    const row = index.command(cmdId);
    if (row === undefined) return;
    selection.chooseRow(row);
    onForm('linked');
  };
  return (
    <>
      <MessageNotes body={body} onShow={showByte} />
      {form === 'linked' && <LinkedMessage body={body} message={message} selection={selection} />}
      {form === 'xml' && <XmlDocument xml={body.xml} />}
      {form === 'hex' && (
        <>
          <HexDump body={body} selection={selection} />
          <Chosen body={body} message={message} selection={selection} />
        </>
      )}
      {form === 'commands' && <MessageCommands message={message} onShow={showCommand} />}
    </>
  );
}

interface Shown {
  readonly message: MessageView;
  readonly body?: MessageBody;
}

/** A message with its document; the one before stays on screen, head and document, until the next has come. */
function useDocument(wanted: MessageView): Shown & { failure: Failure | undefined } {
  const api = useApi();
  const [shown, setShown] = useState<Shown>({ message: wanted });
  const [failure, setFailure] = useState<Failure>();
  const { key } = wanted;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a document is read once, whatever becomes of its summary
  useEffect(() => {
    const abort = new AbortController();
    setFailure(undefined);
    api.devices.message.query({ key }, { signal: abort.signal }).then(
      body => setShown({ message: wanted, body }),
      error => {
        if (abort.signal.aborted) return;
        setShown({ message: wanted });
        setFailure(describeFailure(error));
      },
    );
    return () => abort.abort();
  }, [api, key]);
  return { ...shown, message: shown.message.key === key ? wanted : shown.message, failure };
}
