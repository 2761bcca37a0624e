/** The hidden field behind a button that asks for files. */
import type { RefObject } from 'react';
import type { FilesTaken } from './use-file-drop.ts';

interface FileInputProps {
  readonly ref: RefObject<HTMLInputElement | null>;
  readonly label: string;
  readonly accept?: string;
  readonly multiple?: boolean;
  readonly onFiles: FilesTaken;
}

export function FileInput({ ref, label, accept, multiple, onFiles }: FileInputProps) {
  return (
    <input
      ref={ref}
      type="file"
      hidden
      multiple={multiple}
      aria-label={label}
      accept={accept}
      onChange={event => {
        const files = [...(event.currentTarget.files ?? [])];
        // The same file can be chosen again.
        event.currentTarget.value = '';
        if (files[0]) onFiles(files[0], files);
      }}
    />
  );
}
