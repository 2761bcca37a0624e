/** The list of a batch: one card a line, its ADM key and what is different in its profile. Read as a whole or not at all. */
import { CsvError, parse } from 'csv-parse/sync';
import { RequestError } from '../../../base/errors.ts';
import type { Secret } from '../../../base/secret.ts';
import { parseAdm } from '../../../card/adm.ts';
import { luhnDigit } from '../../../encoding/iccid.ts';
import { fill, PROFILE_VARIABLES, type ProfileVariable } from './template.ts';

export interface ListedCard {
  /** In the file, from 1; the line of the column names counts. */
  readonly line: number;
  readonly iccid: string;
  readonly adm: Secret;
  readonly variables: Readonly<Partial<Record<ProfileVariable, string>>>;
}

/** What is wrong with a line, or may be. */
export interface ListProblem {
  readonly line: number;
  readonly column?: string;
  readonly text: string;
  /** A warning does not keep the list from being taken. */
  readonly severity: 'error' | 'warning';
}

export interface CardList {
  readonly cards: readonly ListedCard[];
  readonly problems: readonly ListProblem[];
}

export const MOST_CARDS = 10_000;
const MOST_BYTES = 4 * 1024 * 1024;

/** What cells that are empty or not there stand for, placeholders and all. */
export type ListDefaults = ListedCard['variables'];

/** Never throws for what a line says: all problems come at once. @throws RequestError `list-unreadable`, `list-too-large`. */
export function readCardList(text: string, defaults: ListDefaults = {}): CardList {
  if (Buffer.byteLength(text) > MOST_BYTES) throw tooLarge(`more than ${MOST_BYTES} bytes`);
  const [names = [], ...lines] = recordsOf(text);
  const columns = names.map(({ text: name }) => name.trim().toLowerCase());
  const problems = columnProblems(columns);
  if (problems.some(({ severity }) => severity === 'error')) return { cards: [], problems };
  if (lines.length > MOST_CARDS) throw tooLarge(`more than ${MOST_CARDS} cards`);
  const reader = new LineReader(columns, defaults, problems);
  const cards = lines.flatMap(cells => reader.read(cells) ?? []);
  if (lines.length === 0) problems.push({ line: 1, text: 'the list has no card', severity: 'error' });
  return { cards, problems };
}

interface Cell {
  readonly text: string;
  readonly line: number;
}

function recordsOf(text: string): Cell[][] {
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

function columnProblems(columns: readonly string[]): ListProblem[] {
  const problem = (text: string, severity: ListProblem['severity'] = 'error'): ListProblem => ({
    line: 1,
    text,
    severity,
  });
  const known = new Set<string>(['iccid', 'adm', ...PROFILE_VARIABLES]);
  const missing = ['iccid', 'adm'].filter(name => !columns.includes(name));
  // Without names the first line is a card, and quoting it would quote its key.
  if (missing.length > 0) return missing.map(name => problem(`there is no column ${name}`));
  return [
    ...columns
      .filter((name, i) => known.has(name) && columns.indexOf(name) !== i)
      .map(name => problem(`column ${name} is there twice`)),
    ...columns
      .filter(name => !known.has(name))
      .map(name => problem(`column ${name || '(empty)'} means nothing here and is left out`, 'warning')),
  ];
}

class LineReader {
  readonly #columns: readonly string[];
  readonly #defaults: ListDefaults;
  readonly #problems: ListProblem[];
  readonly #lineOf = new Map<string, number>();
  readonly #lineOfUser = new Map<string, number>();

  constructor(columns: readonly string[], defaults: ListDefaults, problems: ListProblem[]) {
    this.#columns = columns;
    this.#defaults = defaults;
    this.#problems = problems;
  }

  read(cells: readonly Cell[]): ListedCard | undefined {
    const line = cells[0]?.line ?? 0;
    const before = this.#errors();
    if (cells.length !== this.#columns.length)
      this.#tell(line, undefined, `expected ${this.#columns.length} cells, found ${cells.length}`);
    const cell = (name: string) => cells[this.#columns.indexOf(name)]?.text ?? '';
    const iccid = this.#iccid(line, cell('iccid'));
    const adm = this.#adm(line, cell('adm'));
    const variables = this.#variables(line, iccid, cell);
    return this.#errors() === before && adm ? { line, iccid, adm, variables } : undefined;
  }

  #iccid(line: number, text: string): string {
    const iccid = text.replace(/[\s-]/g, '').replace(/F$/i, '');
    if (!/^\d{18,20}$/.test(iccid)) {
      this.#tell(
        line,
        'iccid',
        text === '' ? 'is empty' : `${quoted(text)} is no ICCID: 18 to 20 digits${hintOf(text)}`,
      );
      return iccid;
    }
    const first = this.#lineOf.get(iccid);
    if (first !== undefined) this.#tell(line, 'iccid', `${iccid} is in line ${first} already`);
    this.#lineOf.set(iccid, first ?? line);
    if (luhnDigit(iccid.slice(0, -1)) !== iccid.slice(-1))
      this.#tell(line, 'iccid', `the check digit of ${iccid} is not as usual: is it right?`, 'warning');
    return iccid;
  }

  /** What is wrong is told without the key. */
  #adm(line: number, text: string): Secret | undefined {
    try {
      return parseAdm(text);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.#tell(line, 'adm', text === '' ? 'is empty' : error.message);
      return undefined;
    }
  }

  #variables(line: number, iccid: string, cell: (name: string) => string): ListedCard['variables'] {
    const variables: Partial<Record<ProfileVariable, string>> = {};
    for (const name of PROFILE_VARIABLES) {
      const text = cell(name) || (this.#defaults[name] ?? '');
      if (text === '') continue;
      const { value, fault } = fill(name, text, { iccid });
      if (fault !== undefined) this.#tell(line, name, fault);
      else if (name === 'user') this.#user(line, value);
      variables[name] = value;
    }
    return variables;
  }

  /** Two cards of one user would take each other's place at the server. */
  #user(line: number, user: string): void {
    const first = this.#lineOfUser.get(user);
    if (first !== undefined) this.#tell(line, 'user', `${JSON.stringify(user)} is the user of line ${first} already`);
    this.#lineOfUser.set(user, first ?? line);
  }

  #tell(line: number, column: string | undefined, text: string, severity: ListProblem['severity'] = 'error'): void {
    this.#problems.push({ line, ...(column !== undefined && { column }), text, severity });
  }

  #errors(): number {
    return this.#problems.filter(({ severity }) => severity === 'error').length;
  }
}

/** Columns that changed places put a key there. */
function quoted(text: string): string {
  return /^(.{8}|[\da-f]{16})$/i.test(text) ? 'what looks like a key' : JSON.stringify(text.slice(0, 40));
}

function hintOf(text: string): string {
  return /^\d[.,]\d+E\+\d+$/i.test(text) ? '; a spreadsheet has rounded it: make the column text' : '';
}

function tooLarge(what: string): RequestError {
  return new RequestError('list-too-large', `the list has ${what}`, { advice: 'Split it into several batches' });
}
