/** A time of day as the device writes it, and beside it as the clock picks it; its zone is kept. */
import { TextInput } from '@mantine/core';
import { type EditorProps, fieldProps } from './editor.ts';

export function TimeEditor(props: EditorProps) {
  const { value, onChange } = props;
  const [, hour, colon = ':', minute, second = '00', rest = ''] =
    /^(\d{2})(:?)(\d{2})(?::?(\d{2}))?(.*)$/.exec(value) ?? [];
  return (
    <div className="edit-field pair">
      <TextInput
        {...fieldProps(props)}
        placeholder="22:14:07"
        classNames={{ input: 'mono' }}
        value={value}
        onChange={event => onChange(event.currentTarget.value)}
      />
      <TextInput
        type="time"
        step={1}
        aria-label="Pick the time"
        value={hour === undefined ? '' : `${hour}:${minute}:${second}`}
        onChange={event => {
          const [h = '', m = '', s = '00'] = event.currentTarget.value.split(':');
          if (h !== '') onChange([h, m, s].join(colon) + rest);
        }}
      />
    </div>
  );
}
