/** Text: one line or many, with its length, and a word on white space that does not show. */
import { Textarea } from '@mantine/core';
import { lengthInWords } from '../values.ts';
import { type EditorProps, fieldProps } from './editor.ts';

export function ChrEditor(props: EditorProps) {
  const { value, onChange } = props;
  const lines = value.split('\n').length;
  const short = lines === 1 && value.length <= 60;
  return (
    <div className="edit-field">
      <Textarea
        {...fieldProps(props)}
        rows={Math.min(12, Math.max(short ? 1 : 4, lines))}
        classNames={{ input: 'mono' }}
        value={value}
        onChange={event => onChange(event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.metaKey || !short) return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
      />
      <small>
        {lengthInWords(value)}
        {lines > 1 && `, ${lines} lines`}
        {short && ' · Shift Enter makes a second line'}
        {/\r/.test(value) && <b className="warn"> · editing makes its CR LF line ends LF</b>}
        {/^\s|\s$/.test(value) && <b className="warn"> · white space at its ends is sent</b>}
      </small>
    </div>
  );
}
