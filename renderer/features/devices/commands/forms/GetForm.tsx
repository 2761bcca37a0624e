/** Reads a node: with all below it, by itself, in the lists that a device may offer, or one property. */
import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { isInterior } from '../../tree-node.ts';
import { CommandForm } from '../CommandForm.tsx';
import type { SingleDraft } from '../draft.ts';
import type { FormProps } from './form.ts';

/** OMA-TS-DM_TND-V1_2_1 §6.2.1 and §7.4: what stands behind the URI. */
const INTERIOR = [
  { value: 'subtree', label: 'with all below it' },
  { value: '', label: 'by itself: names of its children' },
  { value: '?list=Struct', label: '?list=Struct: all URIs below it' },
  { value: '?list=StructData', label: '?list=StructData: all URIs with values' },
  { value: '?list=TNDS', label: '?list=TNDS: all as one document' },
];
const LEAF = [{ value: '', label: 'its value' }];
const PROPERTIES = ['ACL', 'Format', 'Name', 'Size', 'Title', 'TStamp', 'Type', 'VerNo'].map(property => ({
  value: `?prop=${property}`,
  label: `?prop=${property}`,
}));

export function GetForm({ desk, uri, node, asked }: FormProps) {
  const interior = node === undefined || isInterior(node);
  const choices = interior ? INTERIOR : LEAF;
  const [what, setWhat] = useState(interior ? 'subtree' : '');
  const known = [...choices, ...PROPERTIES].some(choice => choice.value === what) ? what : (choices[0]?.value ?? '');
  const subtree = known === 'subtree';
  const draft: SingleDraft = { kind: 'get', uri, ...askedOf(known) };
  return (
    <CommandForm
      desk={desk}
      asked={asked}
      draft={draft}
      subtree={subtree ? uri : undefined}
      beside={
        <NativeSelect
          aria-label="What to read"
          data={[
            { group: 'Read', items: choices },
            { group: 'One property', items: PROPERTIES },
          ]}
          value={known}
          onChange={event => setWhat(event.currentTarget.value)}
        />
      }
    />
  );
}

function askedOf(choice: string): { list?: string; prop?: string } {
  const [, list] = /^\?list=(.+)$/.exec(choice) ?? [];
  const [, prop] = /^\?prop=(.+)$/.exec(choice) ?? [];
  return { ...(list && { list }), ...(prop && { prop }) };
}
