/** Registers the test of a normative sentence: the row of the table names it, and its id leads its title. */
import { it } from 'vitest';
import { REQUIREMENTS } from './table.ts';

const rows = new Map(REQUIREMENTS.map(row => [row.id, row]));

export function requirement(id: string, test: () => void | Promise<void>): void {
  const row = rows.get(id);
  if (!row) throw new Error(`${id} is not in the table of requirements`);
  if (row.notApplicable !== undefined)
    throw new Error(`${id} does not apply (${row.notApplicable}), yet it has a test`);
  it(`${id} ${row.side}: ${row.requirement}`, test);
}
