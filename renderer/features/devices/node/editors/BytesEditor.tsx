/** Bytes (b64, bin) as hexadecimal and as text: either is typed, the other follows. A file can be taken whole. */
import { Button, Textarea } from '@mantine/core';
import { FileUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { FileInput } from '../../../../components/FileInput.tsx';
import { plural } from '../../../../components/format.ts';
import { fromBase64, fromHex, fromText, toBase64, toHex, toText } from '../bytes.ts';
import { refuseValue } from '../values.ts';
import { type EditorProps, fieldProps } from './editor.ts';

/** What no base64 is. */
const NO_BYTES = '?';

export function BytesEditor(props: EditorProps) {
  const { format, value, onChange } = props;
  const bytes = refuseValue(format, value) === undefined ? fromBase64(value) : undefined;
  /** What is being typed, while it is not whole bytes. */
  const [typed, setTyped] = useState<string>();
  const text = bytes && toText(bytes);
  const wrong = typed !== undefined;
  const file = useRef<HTMLInputElement>(null);

  const take = (next: Uint8Array) => {
    setTyped(undefined);
    onChange(toBase64(next));
  };
  const typeHex = (hex: string) => {
    const next = fromHex(hex);
    // The bytes before do not stand for half a byte: nothing that fits is sent until it is whole.
    if (next) take(next);
    else {
      setTyped(hex);
      onChange(NO_BYTES);
    }
  };
  return (
    <div className="edit-field">
      <Textarea
        {...fieldProps(props)}
        aria-label={`${props.label} as hexadecimal`}
        label="Hexadecimal"
        rows={4}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        error={wrong}
        value={typed ?? (bytes ? toHex(bytes) : value)}
        onChange={event => typeHex(event.currentTarget.value)}
      />
      <Textarea
        aria-label={`${props.label} as text`}
        label="Text (UTF-8)"
        rows={2}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        disabled={text === undefined}
        placeholder={text === undefined ? 'These bytes are no text: type them above' : undefined}
        value={text ?? ''}
        onChange={event => take(fromText(event.currentTarget.value))}
      />
      <div className="edit-line">
        <small>{wrong ? 'Pairs of hexadecimal digits, please' : plural(bytes?.length ?? 0, 'byte')}</small>
        <Button
          className="right"
          variant="subtle"
          leftSection={<FileUp size={12} aria-hidden />}
          onClick={() => file.current?.click()}
        >
          Take a file
        </Button>
        <FileInput
          ref={file}
          label="File with the bytes"
          onFiles={async chosen => take(new Uint8Array(await chosen.arrayBuffer()))}
        />
      </div>
    </div>
  );
}
