/** libwbxml in one process for many documents: the same bytes as from wbxml2xml and xml2wbxml, and it bears what is damaged. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fromHex } from '../../../src-core/base/bytes.ts';
import { writeWbxml } from '../../../src-core/encoding/wbxml/writer.ts';
import { trials } from './judge.ts';
import { type Libwbxml, openLibwbxml } from './libwbxml.ts';
import { forWbxml2xml, forXml2wbxml, optionsForXml2wbxml } from './quirks.ts';
import { spell } from './spelling.ts';
import { LibwbxmlUtilities } from './utilities.ts';

let libwbxml: Libwbxml;
let utilities: Libwbxml;
beforeAll(() => {
  libwbxml = openLibwbxml();
  utilities = new LibwbxmlUtilities();
});
afterAll(() => Promise.all([libwbxml.close(), utilities.close()]));

it('converts both ways to the same bytes as the programs', async () => {
  const property = fc.asyncProperty(trials, async ({ root, type, spelling, ...how }) => {
    const wbxml = writeWbxml(forWbxml2xml(root).write, type, how);
    expect(await libwbxml.toXml(wbxml)).toEqual(await utilities.toXml(wbxml));
    const xml = spell(forXml2wbxml(root, spelling).write, type.publicId);
    const options = optionsForXml2wbxml(xml, how);
    expect(await libwbxml.toWbxml(xml, options)).toEqual(await utilities.toWbxml(xml, options));
  });
  await fc.assert(property, { numRuns: 40, seed: 8 });
});

it('goes on after what it refuses', async () => {
  await expect(libwbxml.toXml(fromHex('02 A401 6A 00 6D'))).rejects.toThrow(/refused it/);
  const xml = await libwbxml.toXml(fromHex('02 A401 6A 00 2D'));
  expect(Buffer.from(xml).toString()).toContain('<SyncML');
});
