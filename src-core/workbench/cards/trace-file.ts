/** What was said to the cards in a reader, as a file: JSON for programs, lines for people. Keys and passwords are not in it. */
import type { ExportedFile } from '../session-views.ts';
import type { ApduView } from '../views.ts';

export function traceFile(reader: string, entries: readonly ApduView[], form: 'json' | 'text'): ExportedFile {
  const base = `apdus-${reader.replace(/[^\w.-]+/g, '-')}`;
  return form === 'json'
    ? {
        name: `${base}.json`,
        type: 'application/json',
        text: `${JSON.stringify({ reader, apdus: entries }, null, 2)}\n`,
      }
    : { name: `${base}.txt`, type: 'text/plain', text: traceText(reader, entries) };
}

export function traceText(title: string, entries: readonly ApduView[]): string {
  const lines = entries.flatMap(({ at, iccid, text, command, response, statusWord, meaning, ms }, i) => [
    ...(iccid !== entries[i - 1]?.iccid && iccid !== undefined ? [`# card ${iccid}`] : []),
    `${new Date(at).toISOString()}  ${String(ms).padStart(4)} ms  ${text ?? ''}`,
    `  > ${command}`,
    `  < ${response}${response && ' '}${statusWord}  ${meaning}`,
  ]);
  return [`# ${title}: ${entries.length} commands`, ...lines, ''].join('\n');
}
