/** A secret is typed behind bullets, which a person may lift. */
import { PasswordInput } from '@mantine/core';
import { lengthInWords } from '../values.ts';
import { type EditorProps, fieldProps } from './editor.ts';

export function SecretEditor(props: EditorProps) {
  const { value, onChange } = props;
  return (
    <div className="edit-field">
      <PasswordInput
        {...fieldProps(props)}
        autoComplete="off"
        classNames={{ innerInput: 'mono' }}
        visibilityToggleButtonProps={{ 'aria-label': 'Reveal the secret' }}
        value={value}
        onChange={event => onChange(event.currentTarget.value)}
      />
      <small>{lengthInWords(value)}</small>
    </div>
  );
}
