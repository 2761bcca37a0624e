/** true or false; a value that is neither stays until one is chosen. */
import { SegmentedControl } from '@mantine/core';
import type { EditorProps } from './editor.ts';

export function BoolEditor({ label, value, onChange, describedBy }: EditorProps) {
  return (
    <div className="edit-field">
      <SegmentedControl
        aria-label={label}
        aria-describedby={describedBy}
        data={['true', 'false']}
        value={value}
        onChange={onChange}
      />
      {value !== 'true' && value !== 'false' && value !== '' && <small>now {JSON.stringify(value)}</small>}
    </div>
  );
}
