/** The list of a batch: one card a line, its ADM key, its PIN1 where it needs one, and what is different in its profile. Read as a whole or not at all. */
import { RequestError } from '../../../base/errors.ts';
import { Secret } from '../../../base/secret.ts';
import { parseAdm } from '../../../card/adm.ts';
import { parsePin } from '../../../card/pin.ts';
import { luhnDigit } from '../../../encoding/iccid.ts';
import type { BatchCardRecord } from '../../../store/contract.ts';
import { type Cell, recordsOf } from './csv.ts';
import type { ProfileCells } from './profile.ts';
import type { ListProblem } from './views.ts';

export interface ListedCard {
  /** In the file, from 1; the line of the column names counts. */
  readonly line: number;
  readonly iccid: string;
  readonly adm: Secret;
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, Secret>>;
}

export interface CardList {
  readonly cards: readonly ListedCard[];
  readonly problems: readonly ListProblem[];
}

export const MOST_CARDS = 10_000;
const MOST_BYTES = 4 * 1024 * 1024;

/** Never throws for what a line says: all problems come at once. @throws RequestError `list-unreadable`, `list-too-large`. */
export function readCardList(text: string, profile: ProfileCells): CardList {
  if (Buffer.byteLength(text) > MOST_BYTES) throw tooLarge(`more than ${MOST_BYTES} bytes`);
  const [names = [], ...lines] = recordsOf(text);
  const columns = names.map(({ text: name }) => name.trim().toLowerCase());
  const problems = columnProblems(columns, profile);
  if (problems.some(({ severity }) => severity === 'error')) return { cards: [], problems };
  if (lines.length > MOST_CARDS) throw tooLarge(`more than ${MOST_CARDS} cards`);
  const reader = new LineReader(columns, profile, problems);
  const cards = lines.flatMap(cells => reader.read(cells) ?? []);
  if (lines.length === 0) problems.push({ line: 1, text: 'the list has no card', severity: 'error' });
  return { cards, problems };
}

/** A card of the list as it is kept. */
export function cardRecord(card: ListedCard): BatchCardRecord {
  return { ...card, state: 'waiting', detail: '' };
}

function columnProblems(columns: readonly string[], profile: ProfileCells): ListProblem[] {
  const problem = (text: string, severity: ListProblem['severity'] = 'error'): ListProblem => ({
    line: 1,
    text,
    severity,
  });
  const known = new Set<string>(['iccid', 'adm', 'pin', ...profile.columns]);
  const missing = ['iccid', 'adm'].filter(name => !columns.includes(name));
  // Without names the first line is a card, and quoting it would quote its key.
  if (missing.length > 0) return missing.map(name => problem(`there is no column ${name}`));
  return [
    ...columns
      .filter((name, i) => known.has(name) && columns.indexOf(name) !== i)
      .map(name => problem(`column ${name} is there twice`)),
    ...profile.missing(columns).map(fault => ({ ...problem(fault.text), ...fault })),
    ...columns
      .filter(name => !known.has(name))
      .map(name => problem(`column ${name || '(empty)'} means nothing here and is left out`, 'warning')),
  ];
}

class LineReader {
  readonly #columns: readonly string[];
  readonly #profile: ProfileCells;
  readonly #problems: ListProblem[];
  readonly #lineOf = new Map<string, number>();
  #errors = 0;

  constructor(columns: readonly string[], profile: ProfileCells, problems: ListProblem[]) {
    this.#columns = columns;
    this.#profile = profile;
    this.#problems = problems;
  }

  read(cells: readonly Cell[]): ListedCard | undefined {
    const line = cells[0]?.line ?? 0;
    const before = this.#errors;
    if (cells.length !== this.#columns.length)
      this.#tell(line, undefined, `expected ${this.#columns.length} cells, found ${cells.length}`);
    const cell = (name: string) => cells[this.#columns.indexOf(name)]?.text ?? '';
    const iccid = this.#iccid(line, cell('iccid'));
    const adm = this.#adm(line, cell('adm'));
    const pin = this.#pin(line, cell('pin'));
    const { variables, secrets, faults } = this.#profile.read(line, iccid, cell);
    for (const { column, text } of faults) this.#tell(line, column, text);
    return this.#errors === before && adm
      ? { line, iccid, adm, variables, secrets: { ...secrets, ...pin } }
      : undefined;
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

  /** Of a card that is read after its PIN1 only; empty for others. */
  #pin(line: number, text: string): { readonly pin?: Secret } {
    if (text === '') return {};
    try {
      parsePin(text);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.#tell(line, 'pin', error.message);
    }
    return { pin: Secret.ofText(text.trim()) };
  }

  #tell(line: number, column: string | undefined, text: string, severity: ListProblem['severity'] = 'error'): void {
    this.#problems.push({ line, ...(column !== undefined && { column }), text, severity });
    if (severity === 'error') this.#errors += 1;
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
