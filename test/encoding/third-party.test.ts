/** Generated documents of every type, judged by libwbxml in both directions; `npm run fuzz` does the same with thousands. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { DOCUMENTS } from '../fuzz/documents/documents.ts';
import { judge, trialsOf } from '../fuzz/documents/judge.ts';
import { type Libwbxml, openLibwbxml } from '../fuzz/documents/libwbxml.ts';

let libwbxml: Libwbxml;
beforeAll(() => {
  libwbxml = openLibwbxml();
});
afterAll(() => libwbxml.close());

describe('wbxml2xml reads what we write, we read what xml2wbxml writes, and we what we write ourselves', () => {
  it.each(Object.entries(DOCUMENTS))(
    '%s: always the same document',
    async (_name, documents) => {
      const property = fc.asyncProperty(trialsOf(documents), trial => judge(trial, libwbxml));
      await fc.assert(property, { numRuns: 40, seed: 6 });
    },
    60_000,
  );
});
