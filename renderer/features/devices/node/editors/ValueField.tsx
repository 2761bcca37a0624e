/** The editor that fits a format. */
import { isSecretNode } from '../values.ts';
import { BoolEditor } from './BoolEditor.tsx';
import { BytesEditor } from './BytesEditor.tsx';
import { ChrEditor } from './ChrEditor.tsx';
import { DateEditor } from './DateEditor.tsx';
import type { EditorProps } from './editor.ts';
import { NumberEditor } from './NumberEditor.tsx';
import { SecretEditor } from './SecretEditor.tsx';
import { TimeEditor } from './TimeEditor.tsx';
import { XmlEditor } from './XmlEditor.tsx';

const EDITORS: Readonly<Record<string, (props: EditorProps) => React.ReactNode>> = {
  int: NumberEditor,
  float: NumberEditor,
  bool: BoolEditor,
  date: DateEditor,
  time: TimeEditor,
  b64: BytesEditor,
  bin: BytesEditor,
  xml: XmlEditor,
};

export function ValueField({ uri, ...props }: EditorProps & { readonly uri: string }) {
  if (props.format === 'null' || props.format === 'node') return <p className="muted">This format has no value.</p>;
  const Editor = EDITORS[props.format] ?? (isSecretNode(uri) ? SecretEditor : ChrEditor);
  return <Editor {...props} />;
}
