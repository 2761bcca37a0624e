/** The table of requirements is whole: each row has one test or a reason, and each test a row. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Requirement } from './requirement.ts';
import { REQUIREMENTS } from './table.ts';

/** Ids of all tests in this folder: their files are loaded with a `requirement` that only notes them down. */
async function testedIds(): Promise<string[]> {
  const ids: string[] = [];
  vi.doMock('./require.ts', () => ({ requirement: (id: string) => ids.push(id) }));
  vi.doMock('vitest', async original => ({
    ...(await original<object>()),
    describe: (_name: string, body: () => void) => body(),
  }));
  const files = readdirSync(import.meta.dirname).filter(file => file.endsWith('.test.ts') && file !== 'table.test.ts');
  for (const file of files) await import(/* @vite-ignore */ join(import.meta.dirname, file));
  return ids;
}

/** `PRO-8.5-2`: document, section, number. Appendixes have a letter. */
const ID = /^([A-Z]+)-((?:\d+|[A-Z])(?:\.\d+)*)-(\d+)$/;

function sections(rows: readonly Requirement[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { id } of rows) {
    const [, document, section, number] = ID.exec(id) ?? [];
    const key = `${document}-${section}`;
    found.set(key, [...(found.get(key) ?? []), Number(number)]);
  }
  return found;
}

const duplicates = (ids: readonly string[]): string[] => ids.filter((id, i) => ids.indexOf(id) !== i);
/** Compares section numbers part by part; letters come after numbers. */
const byText = new Intl.Collator('en', { numeric: true });

const tested = await testedIds();

describe('table of requirements', () => {
  const ids = REQUIREMENTS.map(row => row.id);

  it('names each row by document, section and number, once', () => {
    expect(ids.filter(id => !ID.test(id))).toEqual([]);
    expect(duplicates(ids)).toEqual([]);
  });

  it('numbers the sentences of a section from 1, without a gap', () => {
    for (const [section, numbers] of sections(REQUIREMENTS)) {
      expect({ section, numbers }).toEqual({ section, numbers: numbers.map((_, i) => i + 1) });
    }
  });

  it('keeps the order of each text', () => {
    const keys = [...sections(REQUIREMENTS).keys()];
    const documents = [...new Set(keys.map(key => key.split('-')[0]))];
    for (const document of documents) {
      const own = keys.filter(key => key.startsWith(`${document}-`));
      expect(own).toEqual([...own].sort(byText.compare));
    }
  });

  it('says each requirement, and each reason, in a line', () => {
    for (const { id, requirement, notApplicable = 'a test' } of REQUIREMENTS) {
      expect({ id, words: requirement.length }).toEqual({ id, words: Math.min(requirement.length, 110) });
      expect(requirement.trim(), id).not.toBe('');
      expect(notApplicable.trim(), id).not.toBe('');
    }
  });

  it('has one test for every row that applies, and none for others', () => {
    const applying = REQUIREMENTS.filter(row => row.notApplicable === undefined).map(row => row.id);
    expect({
      withoutTest: applying.filter(id => !tested.includes(id)),
      withoutRow: tested.filter(id => !applying.includes(id)),
      twice: duplicates(tested),
    }).toEqual({ withoutTest: [], withoutRow: [], twice: [] });
  });
});
