/** Writes a tree to a file: JSON that opens again with everything, or TNDS of a part with chosen properties. */
import { ActionIcon, Button, Checkbox, SegmentedControl, TextInput } from '@mantine/core';
import { Download, X } from 'lucide-react';
import { useState } from 'react';
import type {
  ExportRequest,
  TndsPropertyName,
  TreeForm,
  TreeSide,
} from '../../../../src-core/workbench/snapshots/views.ts';
import { useAction } from '../../../api/use-action.ts';
import { FailureNote } from '../../../components/FailureNote.tsx';
import { saveFile } from './files.ts';
import { useLeaving } from './use-leaving.ts';

interface ExportPanelProps {
  readonly side: TreeSide;
  readonly name: string;
  /** Node in hand. */
  readonly uri: string;
  readonly onClose: () => void;
}

const FORMS: readonly { value: TreeForm; label: string }[] = [
  { value: 'json', label: 'JSON' },
  { value: 'tnds-xml', label: 'TNDS XML' },
  { value: 'tnds-wbxml', label: 'TNDS WBXML' },
];
const PROPERTIES: readonly TndsPropertyName[] = ['Value', 'Format', 'Type', 'ACL', 'Title', 'TStamp', 'VerNo'];

export function ExportPanel({ side, name, uri: inHand, onClose }: ExportPanelProps) {
  const [form, setForm] = useState<TreeForm>('json');
  const [uri, setUri] = useState('.');
  const [properties, setProperties] = useState<ReadonlySet<TndsPropertyName>>(new Set(PROPERTIES));
  const [secrets, setSecrets] = useState(false);
  const save = useAction((api, request: ExportRequest) => api.snapshots.export.query(request));
  useLeaving(onClose);
  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    const chosen = form !== 'json' && properties.size < PROPERTIES.length && { properties: [...properties] };
    const file = await save.run({ side, form, secrets, ...(uri !== '.' && { uri }), ...chosen });
    if (!file) return;
    saveFile(file);
    onClose();
  };
  const toggle = (property: TndsPropertyName) => {
    const next = new Set(properties);
    if (!next.delete(property)) next.add(property);
    setProperties(next);
  };
  return (
    <section className="panel" aria-label="Export">
      <div className="sec">
        <h2 className="ellipsis" title={name}>
          Export {name}
        </h2>
        <ActionIcon className="right" aria-label="Close" title="Close (Escape)" onClick={onClose}>
          <X size={14} aria-hidden />
        </ActionIcon>
      </div>
      <form className="scroll export-form" onSubmit={submit}>
        <SegmentedControl
          aria-label="Form of the file"
          data={[...FORMS]}
          value={form}
          onChange={value => setForm(FORMS.find(known => known.value === value)?.value ?? 'json')}
        />
        <p className="muted">
          {form === 'json'
            ? 'Everything that is known, and what is not stays unknown. Opens here again.'
            : 'Management objects as DM carries them. Opens here again; devices take it in Add.'}
        </p>
        <TextInput
          label="From this node on"
          classNames={{ input: 'mono' }}
          value={uri}
          onChange={event => setUri(event.currentTarget.value)}
        />
        {inHand !== uri && (
          <Button variant="subtle" onClick={() => setUri(inHand)}>
            Only {inHand}
          </Button>
        )}
        {form !== 'json' && (
          <fieldset className="checks wrap">
            <legend>Properties</legend>
            {PROPERTIES.map(property => (
              <Checkbox
                key={property}
                label={property}
                checked={properties.has(property)}
                onChange={() => toggle(property)}
              />
            ))}
          </fieldset>
        )}
        <Checkbox
          label="With values of passwords and secrets"
          checked={secrets}
          onChange={event => setSecrets(event.currentTarget.checked)}
        />
        <FailureNote failure={save.failure} onClose={save.clear} />
        <div className="actions">
          <Button type="submit" variant="filled" loading={save.busy} leftSection={<Download size={13} aria-hidden />}>
            Save file
          </Button>
        </div>
      </form>
    </section>
  );
}
