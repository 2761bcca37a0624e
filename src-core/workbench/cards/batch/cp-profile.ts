/** A batch of client provisioning documents: one template, filled in for each card from the columns that it names. */
import { Secret } from '../../../base/secret.ts';
import { ADDRESSABLE } from '../../../card/file-access.ts';
import type { BatchCardRecord } from '../../../store/contract.ts';
import type { CpTemplate } from './cp-template.ts';
import { isMarkOf, markOf } from './mark.ts';
import type { BatchProfile, CardContent, ProfileCells, ReadCells, Wanted } from './profile.ts';
import { CONTROLS, hasControls } from './template.ts';
import type { BatchPreview } from './views.ts';

export class DocumentProfile implements BatchProfile {
  readonly #name: string;
  readonly #template: CpTemplate;
  readonly #random: (bytes: number) => Uint8Array;

  constructor(name: string, template: CpTemplate, random: (bytes: number) => Uint8Array) {
    this.#name = name;
    this.#template = template;
    this.#random = random;
  }

  cells(): ProfileCells {
    return new DocumentCells(this.#template);
  }

  async check(): Promise<[]> {
    return [];
  }

  async content(card: Wanted): Promise<CardContent> {
    return {
      profile: 'cp',
      document: this.#template.document(valuesOf(card)),
      keep: async () => undefined,
      written: async () => {
        const secret = this.#secretOf(card);
        return { variables: card.variables, ...(secret && { mark: await markOf(secret, this.#random) }) };
      },
    };
  }

  async preview(card: Wanted): Promise<BatchPreview> {
    const values = valuesOf(card);
    return {
      line: card.line,
      iccid: card.iccid,
      document: this.#name,
      bytes: this.#template.document(values).length,
      diff: this.#template.facts(values).map(({ name, value, secret }) => ({
        kind: 'new',
        text: secret ? `${name} •••` : `${name} ${value}`.trimEnd(),
      })),
    };
  }

  /** Of the same document: another one makes another list of it. */
  async isAsWritten({ variables, mark }: BatchCardRecord, card: Wanted): Promise<boolean> {
    const names = new Set([...Object.keys(variables), ...Object.keys(card.variables)]);
    if ([...names].some(name => variables[name] !== card.variables[name])) return false;
    const secret = this.#secretOf(card);
    return secret && mark !== undefined ? isMarkOf(mark, secret) : secret === undefined && mark === undefined;
  }

  /** All that the card gets and nobody sees again, as one text; undefined where there is none. */
  #secretOf({ secrets }: Wanted): Secret | undefined {
    const columns = [...this.#template.secretColumns].sort();
    if (columns.length === 0) return undefined;
    return Secret.ofText(JSON.stringify(columns.map(column => [column, secrets[column]?.revealText() ?? ''])));
  }
}

class DocumentCells implements ProfileCells {
  readonly columns: ReadonlySet<string>;
  readonly #template: CpTemplate;

  constructor(template: CpTemplate) {
    this.#template = template;
    this.columns = new Set(template.uses.map(({ column }) => column));
  }

  missing(columns: readonly string[]): ReadCells['faults'] {
    const seen = new Set<string>();
    return this.#template.uses.flatMap(use => {
      const { parm, column, secret } = use;
      const key = `${parm} ${column}`;
      if (seen.has(key) || (columns.includes(column) && !NEVER.has(column))) return [];
      seen.add(key);
      if (NEVER.has(column))
        return [{ column, text: `${parm} of the CP document names it, and a key never goes into a profile` }];
      // Between the braces of a password there may be the password.
      if (secret) return [{ text: `${parm} of the CP document names a column that the list does not have` }];
      return [
        { column: column.slice(0, 40), text: `${parm} of the CP document names it, and the list has no such column` },
      ];
    });
  }

  read(line: number, iccid: string, cell: (column: string) => string): ReadCells {
    // A column may have any name, also that of a prototype.
    const variables: Record<string, string> = Object.create(null);
    const secrets: Record<string, Secret> = Object.create(null);
    const faults: { readonly column?: string; readonly text: string }[] = [];
    for (const column of this.columns) {
      const value = cell(column);
      if (value === '') faults.push({ column, text: 'is empty, and the CP document needs it' });
      else if (hasControls(value)) faults.push({ column, text: CONTROLS });
      if (this.#template.secretColumns.has(column)) secrets[column] = Secret.ofText(value);
      else variables[column] = value;
    }
    const { length } = this.#template.document(valuesOf({ line, iccid, variables, secrets }));
    if (length > ADDRESSABLE)
      faults.push({ text: `its CP document would have ${length} bytes: a card takes ${ADDRESSABLE} at most` });
    return { variables, secrets, faults };
  }
}

/** They are columns of the list, and no variables. */
const NEVER: ReadonlySet<string> = new Set(['adm', 'pin']);

function valuesOf({ iccid, variables, secrets }: Wanted): Record<string, string> {
  const hidden = Object.entries(secrets).map(([name, secret]) => [name, secret.revealText()]);
  return { ...variables, ...Object.fromEntries(hidden), iccid };
}
