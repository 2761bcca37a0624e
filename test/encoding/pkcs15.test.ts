/** The bytes are those that an independent PKCS#15 reader accepted, with the application at 3F007F50. */
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import {
  decodeApplicationTemplate,
  decodeDodf,
  decodeOdf,
  encodeApplicationTemplate,
  encodeDataObject,
  encodeOdfEntry,
} from '../../src-core/encoding/pkcs15.ts';

const DIR = '611D4F0CA000000063504B43532D31355007504B43532D313551043F007F50';
const ODF = 'A70A300804063F007F506430';
const DODF = '301A30040C02444D30060604672B0701A10A300804063F007F506431';
const OBJECT = { label: 'DM', applicationOid: '2.23.43.7.1', path: '3F007F506431' };

describe('EF.DIR', () => {
  const application = { aid: 'A000000063504B43532D3135', label: 'PKCS-15', path: '3F007F50' };

  it('both ways, also padded', () => {
    expect(toHex(encodeApplicationTemplate(application))).toBe(DIR);
    expect(decodeApplicationTemplate(fromHex(DIR))).toEqual(application);
    expect(decodeApplicationTemplate(fromHex(`${DIR}FFFFFF`))).toEqual(application);
  });

  it('knows an empty record, and one without label and path', () => {
    expect(decodeApplicationTemplate(fromHex('FFFFFFFF'))).toBeUndefined();
    expect(decodeApplicationTemplate(fromHex('61074F05A000000063'))).toEqual({ aid: 'A000000063' });
  });

  it('refuses other templates', () => {
    expect(() => decodeApplicationTemplate(fromHex('6203820141'))).toThrow(
      expect.objectContaining({ code: 'unexpected-tag', offset: 0 }),
    );
    expect(() => decodeApplicationTemplate(fromHex('61035001AA'))).toThrow(
      expect.objectContaining({ code: 'unexpected-tag' }),
    );
  });
});

describe('EF(ODF)', () => {
  it('both ways, also padded', () => {
    expect(toHex(encodeOdfEntry({ tag: 0xa7, path: '3F007F506430' }))).toBe(ODF);
    const expected = [{ value: { tag: 0xa7, path: '3F007F506430' }, raw: fromHex(ODF) }];
    expect(decodeOdf(fromHex(ODF))).toEqual(expected);
    expect(decodeOdf(fromHex(`${ODF}FFFF`))).toEqual(expected);
    expect(decodeOdf(fromHex('FFFF'))).toEqual([]);
  });

  it('reads a part of the file that it leads to', () => {
    expect(decodeOdf(fromHex('A710300E04063F007F506430020100800140')).map(entry => entry.value)).toEqual([
      { tag: 0xa7, path: '3F007F506430', part: { index: 0, length: 64 } },
    ]);
  });

  it('keeps an entry without a path', () => {
    expect(decodeOdf(fromHex(`A802A000${ODF}`))).toMatchObject([
      { value: undefined, raw: fromHex('A802A000') },
      { value: { tag: 0xa7 } },
    ]);
  });

  it('refuses half a file identifier', () => {
    expect(() => decodeOdf(fromHex('A707300504033F007F'))).toThrow(
      expect.objectContaining({ code: 'wrong-path', offset: 6 }),
    );
  });
});

describe('EF(DODF)', () => {
  it('opaque form both ways, also padded', () => {
    expect(toHex(encodeDataObject(OBJECT))).toBe(DODF);
    expect(decodeDodf(fromHex(DODF))).toEqual([{ value: OBJECT, raw: fromHex(DODF) }]);
    expect(decodeDodf(fromHex(`${DODF}FFFFFF`)).map(entry => entry.value)).toEqual([OBJECT]);
  });

  it.each([
    ['oidDO', 'A11C30040C02444D3000A1123010' + '0604672B0701' + '300804063F007F506431'],
    ['oidDO without the inner SEQUENCE', 'A11A30040C02444D3000A110' + '0604672B0701' + '300804063F007F506431'],
    [
      'opaque with flags and authId',
      '3021300B0C02444D030206400401013006' + '0604672B0701' + 'A10A300804063F007F506431',
    ],
  ])('reads %s', (_, hex) => {
    expect(decodeDodf(fromHex(hex)).map(entry => entry.value)).toEqual([OBJECT]);
  });

  it.each([
    [
      'index and length',
      '302030040C02444D30060604672B0701A110300E04063F007F506431020102800118',
      { index: 2, length: 24 },
    ],
    ['an index', '301D30040C02444D30060604672B0701A10D300B04063F007F506431020105', { index: 5 }],
    ['a length', '301E30040C02444D30060604672B0701A10E300C04063F007F50643180020200', { index: 0, length: 512 }],
  ])('reads the part of a file that %s give', (_, hex, part) => {
    expect(decodeDodf(fromHex(hex)).map(entry => entry.value)).toEqual([{ ...OBJECT, part }]);
  });

  it('keeps what it does not understand beside the bootstrap', () => {
    const external = 'A00630043002A000';
    const entries = decodeDodf(fromHex(external + DODF));
    expect(entries.map(entry => entry.value)).toEqual([undefined, OBJECT]);
    expect(toHex(entries[0]?.raw ?? new Uint8Array())).toBe(external);
  });

  it.each([
    ['3003300001', 'unexpected-end'],
    ['30043000300A', 'unexpected-end'],
    ['300430003000', 'unexpected-tag'],
    ['3006300030020601', 'unexpected-tag'],
    // An index of -1.
    ['301D30040C02444D30060604672B0701A10D300B04063F007F5064310201FF', 'wrong-path'],
  ])('refuses %s', (hex, code) => {
    expect(() => decodeDodf(fromHex(hex))).toThrow(expect.objectContaining({ code }));
  });
});
