/** Replaces the value of a leaf, with the editor that its format takes. */
import { useId, useState } from 'react';
import { ValueField } from '../../node/editors/ValueField.tsx';
import { refuseValue } from '../../node/values.ts';
import { CommandForm } from '../CommandForm.tsx';
import type { FormProps } from './form.ts';

export function ReplaceForm({ desk, uri, node, asked, start }: FormProps) {
  const view = node?.view;
  const format = view?.format ?? 'chr';
  const before = view?.value;
  const [value, setValue] = useState(start ?? before ?? '');
  const reasonId = useId();
  const refusal = refuseValue(format, value);
  const unchanged = before !== undefined && value === before;
  return (
    <CommandForm
      desk={desk}
      asked={asked}
      refusal={refusal}
      hint={unchanged ? 'The value is the one that was read last.' : undefined}
      reasonId={reasonId}
      draft={{ kind: 'replace', uri, format, ...(view?.type && { type: view.type }), value }}
    >
      <ValueField
        uri={uri}
        format={format}
        value={value}
        onChange={setValue}
        label="New value"
        describedBy={reasonId}
        bad={refusal !== undefined}
      />
    </CommandForm>
  );
}
