/** Entries of EF(DODF) changed byte by byte: none of their lengths may change. */
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { outOfUse, putIntoUse, putOutOfUse, switchesOf, withPath } from '../../src-core/encoding/pkcs15-edit.ts';

const OID = '2.23.43.7.1';
const OPAQUE = '301A30040C02444D30060604672B0701A10A300804063F007F506431';
/** The OID in the class attributes and as the identifier of the object. */
const OID_DO = 'A12230040C02444D30060604672B0701A11230100604672B0701300804063F007F506431';
/** The path stands in its label too. */
const NAMED = '302030080C063F007F50643130060604672B0701A10C300A04063F007F506431A500';

describe('an entry', () => {
  it('goes out of use by the last arc of its OID, and comes into use again', () => {
    expect(outOfUse(OID)).toBe('2.23.43.7.0');
    for (const [hex, at] of [
      [OPAQUE, [15]],
      [OID_DO, [15, 25]],
    ] as const) {
      expect(switchesOf(fromHex(hex), OID)).toEqual(at);
      const unused = putOutOfUse(fromHex(hex), OID);
      expect(toHex(unused)).toBe(hex.replaceAll('2B0701', '2B0700'));
      expect(toHex(putIntoUse(unused, OID))).toBe(hex);
    }
  });

  it('has no such byte where it belongs to another application', () => {
    const raw = fromHex(OPAQUE);
    expect(switchesOf(raw, '2.23.43.5.1')).toEqual([]);
    expect(putOutOfUse(raw, '2.23.43.5.1')).toEqual(raw);
  });

  it('gets another path of the same length, also where the old one stands in it twice', () => {
    expect(toHex(withPath(fromHex(NAMED), '3F007F506432') ?? new Uint8Array())).toBe(
      NAMED.replace(/506431A500$/, '506432A500'),
    );
    expect(withPath(fromHex(OPAQUE), '6432')).toBeUndefined();
  });
});
