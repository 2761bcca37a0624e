/** Text: one line or many, with its length, and a word on white space that does not show. */
import { Textarea } from '@mantine/core';
import { lengthInWords } from '../values.ts';
import { type EditorProps, fieldProps } from './editor.ts';

export function ChrEditor(props: EditorProps) {
  const { value, onChange } = props;
  const lines = value.split('\n').length;
  return (
    <div className="edit-field">
      <Textarea
        {...fieldProps(props)}
        rows={Math.min(12, Math.max(value.length > 60 ? 4 : 1, lines))}
        classNames={{ input: 'mono' }}
        value={value}
        onChange={event => onChange(event.currentTarget.value)}
      />
      <small>
        {lengthInWords(value)}
        {lines > 1 && `, ${lines} lines`}
        {/\r/.test(value) && <b className="warn"> · editing makes its CR LF line ends LF</b>}
        {/^\s|\s$/.test(value) && <b className="warn"> · white space at its ends is sent</b>}
      </small>
    </div>
  );
}
