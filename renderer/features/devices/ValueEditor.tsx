/** Edits one leaf by Replace: the field fits the format, and the exact command stands there before it is sent. */
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useEffect, useId, useRef, useState } from 'react';
import type { DeviceView, NodeView } from '../../../src-core/workbench/views.ts';
import { useAction } from '../../api/use-action.ts';
import { COMMAND_KEY, isCommand } from '../../app/hotkeys.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { isBinary, refuseValue } from './node-values.ts';
import { whenSent } from './sending.ts';

interface ValueEditorProps {
  readonly device: DeviceView;
  readonly view: NodeView;
  /** Whether the Replace waits in the queue; undefined where the person gave up. */
  readonly onDone: (queued: boolean | undefined) => void;
}

export function ValueEditor({ device, view, onDone }: ValueEditorProps) {
  const [value, setValue] = useState(view.value ?? '');
  const form = useRef<HTMLFormElement>(null);
  const reasonId = useId();
  const refusal = refuseValue(view.format, value);
  const unchanged = value === view.value;
  const replace = useAction(api =>
    api.devices.replace.mutate({ deviceId: device.id, uri: view.uri, format: view.format, value }),
  );
  useEffect(() => form.current?.querySelector<HTMLElement>('input, textarea, select')?.focus(), []);

  const send = async (event: React.FormEvent) => {
    event.preventDefault();
    if (refusal || unchanged || replace.busy) return;
    const answer = await replace.run();
    if (answer) onDone(answer.queued);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape') onDone(undefined);
    else if (event.key === 'Enter' && isCommand(event)) form.current?.requestSubmit();
    else return;
    event.preventDefault();
  };
  return (
    <form ref={form} className="editor" aria-label="Edit value" onSubmit={send} onKeyDown={onKeyDown}>
      <h3 className="sec ruled">New value</h3>
      <ValueField format={view.format} value={value} onChange={setValue} describedBy={reasonId} bad={!!refusal} />
      <p id={reasonId} className="refusal" role="status">
        {refusal}
      </p>
      <h3 className="sec ruled">Next command</h3>
      <div className="cmd">
        <b>Replace</b> {view.uri}
        {'\n'}Format {view.format}
        {view.type && ` · Type ${view.type}`}
        {'\n'}Data {JSON.stringify(value)}
        {'\n'}
        {whenSent(device)}
      </div>
      <FailureNote failure={replace.failure} />
      <div className="actions">
        <Button type="submit" variant="filled" loading={replace.busy} disabled={!!refusal || unchanged}>
          Send Replace
        </Button>
        <Button variant="subtle" onClick={() => onDone(undefined)}>
          Cancel
        </Button>
        <span className="muted">{COMMAND_KEY}Enter sends</span>
      </div>
    </form>
  );
}

interface ValueFieldProps {
  readonly format: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly describedBy: string;
  readonly bad: boolean;
}

function ValueField({ format, value, onChange, describedBy, bad }: ValueFieldProps) {
  const shared = {
    'aria-label': 'New value',
    'aria-describedby': describedBy,
    error: bad,
    value,
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>) =>
      onChange(event.currentTarget.value),
  };
  if (format === 'bool') {
    return (
      <NativeSelect
        {...shared}
        data={value === 'true' || value === 'false' ? ['true', 'false'] : [value, 'true', 'false']}
      />
    );
  }
  if (format === 'xml' || isBinary(format) || value.length > 60 || value.includes('\n')) {
    return <Textarea {...shared} rows={6} classNames={{ input: 'mono' }} />;
  }
  return <TextInput {...shared} inputMode={format === 'int' ? 'numeric' : 'text'} classNames={{ input: 'mono' }} />;
}
