/** Executes a node, as FUMO's Update is: a correlator ties the generic alert that tells how it went to this command. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { CommandForm } from '../CommandForm.tsx';
import type { FormProps } from './form.ts';

export function ExecForm({ desk, uri, asked }: FormProps) {
  const [correlator, setCorrelator] = useState('');
  const [data, setData] = useState('');
  return (
    <CommandForm
      desk={desk}
      asked={asked}
      draft={{ kind: 'exec', uri, ...(correlator && { correlator }), ...(data && { data }) }}
    >
      <TextInput
        label="Correlator (optional)"
        spellCheck={false}
        classNames={{ input: 'mono' }}
        value={correlator}
        onChange={event => setCorrelator(event.currentTarget.value)}
      />
      <TextInput
        label="Data (optional)"
        spellCheck={false}
        classNames={{ input: 'mono' }}
        value={data}
        onChange={event => setData(event.currentTarget.value)}
      />
    </CommandForm>
  );
}
