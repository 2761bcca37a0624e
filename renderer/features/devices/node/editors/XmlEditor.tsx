/** XML: typed as it is sent, checked for being well-formed, laid out on request. */
import { Button, Textarea } from '@mantine/core';
import { WrapText } from 'lucide-react';
import { layoutXml } from '../../../../components/xml.ts';
import { lengthInWords } from '../values.ts';
import { type EditorProps, fieldProps } from './editor.ts';

export function XmlEditor(props: EditorProps) {
  const { value, onChange } = props;
  const fault = xmlFault(value);
  const laidOut = fault === undefined ? layoutXml(value) : value;
  return (
    <div className="edit-field">
      <Textarea
        {...fieldProps(props)}
        rows={Math.min(14, Math.max(4, value.split('\n').length + Math.floor(value.length / 60)))}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        value={value}
        onChange={event => onChange(event.currentTarget.value)}
      />
      <div className="edit-line">
        <small>
          {lengthInWords(value)}
          {fault ? <b className="warn"> · {fault}</b> : ' · well-formed'}
        </small>
        <Button
          className="right"
          variant="subtle"
          leftSection={<WrapText size={12} aria-hidden />}
          disabled={laidOut === value}
          onClick={() => onChange(laidOut)}
        >
          Lay out
        </Button>
      </div>
    </div>
  );
}

/** Why the text is not well-formed, in the parser's words; a device may want it all the same. */
function xmlFault(text: string): string | undefined {
  if (text.trim() === '') return 'empty';
  const problem = new DOMParser().parseFromString(text, 'application/xml').querySelector('parsererror');
  if (!problem) return undefined;
  const [, place] = /(error on line \d+ at column \d+: .*)/.exec(problem.textContent ?? '') ?? [];
  return place ?? 'not well-formed';
}
