/** A date as the device writes it, and beside it as the calendar picks it. */
import { TextInput } from '@mantine/core';
import { type EditorProps, fieldProps } from './editor.ts';

export function DateEditor(props: EditorProps) {
  const { value, onChange } = props;
  const basic = /^\d{8}$/.test(value);
  return (
    <div className="edit-field pair">
      <TextInput
        {...fieldProps(props)}
        placeholder="2026-11-23"
        classNames={{ input: 'mono' }}
        value={value}
        onChange={event => onChange(event.currentTarget.value)}
      />
      <TextInput
        type="date"
        aria-label="Pick the date"
        value={value.replace(/^(\d{4})-?(\d{2})-?(\d{2})$/, '$1-$2-$3')}
        onChange={event => {
          const picked = event.currentTarget.value;
          onChange(basic ? picked.replaceAll('-', '') : picked);
        }}
      />
    </div>
  );
}
