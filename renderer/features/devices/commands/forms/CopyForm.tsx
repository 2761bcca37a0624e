/** Copies a node with all below it to another place in the tree. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { CommandForm } from '../CommandForm.tsx';
import type { FormProps } from './form.ts';
import { refuseUri } from './uris.ts';

export function CopyForm({ desk, index, uri, asked }: FormProps) {
  const [to, setTo] = useState(uri === '.' ? '' : `${uri}-copy`);
  const refusal = refuseCopy(uri, to);
  return (
    <CommandForm desk={desk} asked={asked} refusal={refusal} draft={{ kind: 'copy', from: uri, to }}>
      <TextInput
        label="Copy it to"
        spellCheck={false}
        classNames={{ input: 'mono' }}
        value={to}
        error={refusal !== undefined}
        onChange={event => setTo(event.currentTarget.value)}
      />
      {index.get(to) && <p className="warn">That node is there already.</p>}
    </CommandForm>
  );
}

function refuseCopy(from: string, to: string): string | undefined {
  if (from === '.') return 'The root cannot be copied.';
  if (to === from) return 'A node is not copied to itself.';
  return to.startsWith(`${from}/`) ? 'A node is not copied to a place below itself.' : refuseUri(to);
}
