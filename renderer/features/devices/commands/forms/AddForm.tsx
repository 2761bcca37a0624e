/** Adds a node below the one in hand: an interior node, or a leaf with its value. What a DDF allows is offered. */
import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import type { OfferView, RequiredView } from '../../../../../src-core/workbench/ddf/views.ts';
import { plural } from '../../../../components/format.ts';
import { ValueField } from '../../node/editors/ValueField.tsx';
import { useOffers } from '../../node/use-description.ts';
import { LEAF_FORMATS, refuseValue } from '../../node/values.ts';
import { isInterior } from '../../tree-node.ts';
import { CommandForm } from '../CommandForm.tsx';
import type { SingleDraft } from '../draft.ts';
import type { FormProps } from './form.ts';
import { Offers } from './Offers.tsx';
import { refuseName } from './uris.ts';

const FORMATS = [
  { value: 'node', label: 'node (interior)' },
  ...LEAF_FORMATS.map(format => ({ value: format, label: format })),
];
const EMPTY: Readonly<Record<string, string>> = { bool: 'false' };

export function AddForm({ desk, index, uri, node, asked }: FormProps) {
  const { data: offers } = useOffers(desk.device.id, uri);
  const [name, setName] = useState('');
  const [format, setFormat] = useState('chr');
  const [type, setType] = useState('text/plain');
  const [value, setValue] = useState('');
  const [requires, setRequires] = useState<readonly RequiredView[]>([]);
  const [withRequired, setWithRequired] = useState(true);
  const reasonId = useId();
  const interior = format === 'node';
  const target = `${uri}/${name}`;
  const wrongValue = interior ? undefined : refuseValue(format, value);
  const taken = index.get(target) ? 'A node of this name is there already.' : undefined;
  const isLeaf = node !== undefined && !isInterior(node);
  const refusal = isLeaf
    ? 'This is a leaf: nodes are added below interior nodes.'
    : (refuseName(name) ?? taken ?? wrongValue);

  const chooseFormat = (next: string) => {
    setFormat(next);
    setRequires([]);
    setValue(EMPTY[next] ?? '');
    if (interior !== (next === 'node')) setType(next === 'node' ? '' : 'text/plain');
  };
  const take = (offer: OfferView) => {
    setName(offer.name);
    setFormat(offer.format);
    setType(offer.format === 'node' ? (offer.identifier ?? '') : (offer.mimeTypes[0] ?? 'text/plain'));
    setValue(offer.defaultValue ?? EMPTY[offer.format] ?? '');
    setRequires(offer.requires);
    setWithRequired(true);
  };
  return (
    <CommandForm
      desk={desk}
      asked={asked}
      refusal={refusal}
      early={name === ''}
      reasonId={reasonId}
      draft={{ kind: 'add', uri: target, format, ...(type && { type }), ...(!interior && { value }) }}
      further={withRequired ? requires.map(node => addBelow(target, node)) : undefined}
    >
      {offers && <Offers offers={offers} onTake={take} />}
      <TextInput
        label="Name"
        spellCheck={false}
        classNames={{ input: 'mono' }}
        aria-describedby={reasonId}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
      />
      <div className="edit-field pair">
        <NativeSelect
          label="Format"
          data={FORMATS}
          value={format}
          onChange={event => chooseFormat(event.currentTarget.value)}
        />
        <TextInput
          label={interior ? 'Type (DDF, optional)' : 'Type (MIME)'}
          spellCheck={false}
          classNames={{ input: 'mono' }}
          value={type}
          onChange={event => setType(event.currentTarget.value)}
        />
      </div>
      {!interior && (
        <ValueField
          uri={target}
          format={format}
          value={value}
          onChange={setValue}
          label="Value"
          describedBy={reasonId}
          bad={wrongValue !== undefined && value !== ''}
        />
      )}
      {requires.length > 0 && (
        <Checkbox
          label={`with ${plural(requires.length, 'node')} that it requires`}
          title={requires.map(({ path }) => path).join('\n')}
          checked={withRequired}
          onChange={event => setWithRequired(event.currentTarget.checked)}
        />
      )}
    </CommandForm>
  );
}

const addBelow = (uri: string, { path, ...node }: RequiredView): SingleDraft => ({
  kind: 'add',
  uri: `${uri}/${path}`,
  ...node,
});
