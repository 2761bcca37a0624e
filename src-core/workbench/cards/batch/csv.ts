/** A list as CSV: its lines and cells, each with the number of its line. What cannot be read is told without what it says. */
import { CsvError, parse } from 'csv-parse/sync';
import { RequestError } from '../../../base/errors.ts';

export interface Cell {
  readonly text: string;
  readonly line: number;
}

/** @throws RequestError `list-unreadable`. */
export function recordsOf(text: string): Cell[][] {
  try {
    const options = {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      delimiter: delimiterOf(text),
    };
    const records = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
    return records.map(({ record, info }) => record.map(cell => ({ text: cell, line: info.lines })));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // What the parser says quotes cells, and those may be keys.
    throw new RequestError('list-unreadable', `the list cannot be read as CSV: ${unreadable(error)}`, {
      advice: 'Save it as CSV with one card a line, and quote cells that hold commas or quotes',
    });
  }
}

function unreadable({ code, lines }: CsvError): string {
  const line = typeof lines === 'number' ? `line ${lines}: ` : '';
  return `${line}${REASONS[code] ?? 'it is not well-formed'}`;
}

const REASONS: Readonly<Partial<Record<CsvError['code'], string>>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is not closed',
  CSV_INVALID_CLOSING_QUOTE: 'something follows a closing quote',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'something follows a closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands inside a cell',
};

/** Spreadsheets of some languages write semicolons. */
function delimiterOf(text: string): string {
  const [first = ''] = text.split('\n', 1);
  return first.includes(';') && !first.includes(',') ? ';' : first.includes('\t') && !first.includes(',') ? '\t' : ',';
}
