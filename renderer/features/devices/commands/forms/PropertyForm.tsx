/** Renames a node, or gives it a title: Replace of its property. */
import { TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { CommandForm } from '../CommandForm.tsx';
import type { FormProps } from './form.ts';
import { refuseName } from './uris.ts';

const TITLE_BYTES = 255;

export function PropertyForm({ property, desk, index, uri, node, asked }: FormProps & { property: 'Name' | 'Title' }) {
  const before = property === 'Name' ? (node?.name ?? '') : (node?.view?.title ?? '');
  const [value, setValue] = useState(before);
  const reasonId = useId();
  const taken = property === 'Name' && value !== before && index.get(uri.slice(0, uri.lastIndexOf('/') + 1) + value);
  const refusal = refuse(property, value) ?? (taken ? 'A sibling has this name.' : undefined);
  const unchanged = value === before;
  return (
    <CommandForm
      desk={desk}
      asked={asked}
      refusal={refusal}
      hint={unchanged ? `This is the ${property} that was read last.` : undefined}
      reasonId={reasonId}
      draft={{ kind: 'replaceProperty', uri, prop: property, value }}
    >
      <TextInput
        label={property === 'Name' ? 'New name' : 'New title'}
        spellCheck={false}
        classNames={property === 'Name' ? { input: 'mono' } : {}}
        aria-describedby={reasonId}
        error={refusal !== undefined}
        value={value}
        onChange={event => setValue(event.currentTarget.value)}
      />
    </CommandForm>
  );
}

/** TND §7.7.3 and §7.7.5. */
function refuse(property: 'Name' | 'Title', value: string): string | undefined {
  if (property === 'Name') return refuseName(value);
  const bytes = new TextEncoder().encode(value).length;
  return bytes > TITLE_BYTES ? `A title has ${TITLE_BYTES} bytes at most, this has ${bytes}.` : undefined;
}
