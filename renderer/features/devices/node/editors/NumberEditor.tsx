/** Whole numbers and real ones: typed, or stepped with the arrow keys. */
import { TextInput } from '@mantine/core';
import { type EditorProps, fieldProps } from './editor.ts';

export function NumberEditor(props: EditorProps) {
  const { format, value, onChange } = props;
  const onKeyDown = (event: React.KeyboardEvent) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const next = by === undefined ? undefined : step(format, value, by);
    if (next === undefined) return;
    event.preventDefault();
    onChange(next);
  };
  return (
    <div className="edit-field">
      <TextInput
        {...fieldProps(props)}
        inputMode={format === 'int' ? 'numeric' : 'decimal'}
        classNames={{ input: 'mono' }}
        value={value}
        onChange={event => onChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <small>{format === 'int' ? '↑ and ↓ count' : 'decimal point, exponent, INF or NaN'}</small>
    </div>
  );
}

/** Whole numbers of any length; others are typed. */
function step(format: string, value: string, by: number): string | undefined {
  return format === 'int' && /^[+-]?\d+$/.test(value) ? String(BigInt(value) + BigInt(by)) : undefined;
}
