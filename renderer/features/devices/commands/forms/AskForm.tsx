/** Puts a question to the person at the device into the batch (OMA-TS-DM_Protocol-V1_2_1 §10): in a Sequence a no ends it. */
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useEffect, useId, useRef, useState } from 'react';
import type { SingleDraft } from '../draft.ts';

type AskKind = Extract<SingleDraft, { kind: 'alert' }>['ask']['kind'];

const KINDS: readonly { readonly value: AskKind; readonly label: string }[] = [
  { value: 'display', label: 'Display (1100)' },
  { value: 'confirm', label: 'Confirm or reject (1101)' },
  { value: 'input', label: 'Text input (1102)' },
  { value: 'choice', label: 'One choice (1103)' },
  { value: 'choices', label: 'Several choices (1104)' },
];

interface AskFormProps {
  readonly onAdd: (draft: SingleDraft) => void;
  readonly onCancel: () => void;
}

export function AskForm({ onAdd, onCancel }: AskFormProps) {
  const [kind, setKind] = useState<AskKind>('confirm');
  const [text, setText] = useState('');
  const [lines, setLines] = useState('');
  const [seconds, setSeconds] = useState('');
  const form = useRef<HTMLFormElement>(null);
  const reasonId = useId();
  const choosing = kind === 'choice' || kind === 'choices';
  const choices = lines.split('\n').filter(Boolean);
  const refusal = refuse(text, choosing ? choices.length : 2, seconds);
  useEffect(() => form.current?.querySelector<HTMLElement>('textarea')?.focus(), []);

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (refusal !== undefined) return;
    const maxSeconds = seconds === '' ? {} : { maxSeconds: Number(seconds) };
    onAdd({ kind: 'alert', ask: { kind, text, ...(choosing && { choices }), ...maxSeconds } });
  };
  return (
    <form
      ref={form}
      className="command-form"
      aria-label="Ask the person"
      onSubmit={submit}
      onKeyDown={event => event.key === 'Escape' && onCancel()}
    >
      <div className="edit-field pair">
        <NativeSelect
          label="Ask"
          data={[...KINDS]}
          value={kind}
          onChange={event => setKind(event.currentTarget.value as AskKind)}
        />
        <TextInput
          label="Answer within (seconds, optional)"
          inputMode="numeric"
          value={seconds}
          onChange={event => setSeconds(event.currentTarget.value)}
        />
      </div>
      <Textarea
        label="Text"
        rows={2}
        aria-describedby={reasonId}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
      {choosing && (
        <Textarea
          label="Choices, one a line"
          rows={3}
          value={lines}
          onChange={event => setLines(event.currentTarget.value)}
        />
      )}
      <p id={reasonId} className="refusal" role="status">
        {refusal}
      </p>
      <div className="actions">
        <Button type="submit" disabled={refusal !== undefined}>
          Add the question
        </Button>
        <Button variant="subtle" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function refuse(text: string, choices: number, seconds: string): string | undefined {
  if (text === '') return 'Say what the person reads.';
  if (choices < 2) return 'Give two choices or more.';
  return /^\d*$/.test(seconds) && seconds !== '0' ? undefined : 'Seconds are a whole number.';
}
