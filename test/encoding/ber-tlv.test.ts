import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { EncodingError } from '../../src-core/base/errors.ts';
import { child, readTlvs, writeTlv } from '../../src-core/encoding/ber-tlv.ts';

const read = (hex: string) => readTlvs(fromHex(hex)).map(tlv => [tlv.tag.toString(16), toHex(tlv.value)]);

describe('BER-TLV', () => {
  it.each([
    ['8301FF', [['83', 'FF']]],
    ['8000', [['80', '']]],
    ['7F490142', [['7f49', '42']]],
    ['5F8101027788', [['5f8101', '7788']]],
    [`048180${'AA'.repeat(128)}`, [['4', 'AA'.repeat(128)]]],
    [`04820100${'AA'.repeat(256)}`, [['4', 'AA'.repeat(256)]]],
    [
      '83016F8A0105',
      [
        ['83', '6F'],
        ['8a', '05'],
      ],
    ],
  ])('reads and writes %s', (hex, decoded) => {
    expect(read(hex)).toEqual(decoded);
    const written = readTlvs(fromHex(hex)).map(tlv => toHex(writeTlv(tlv.tag, tlv.value)));
    expect(written.join('')).toBe(hex);
  });

  it.each([
    ['61', 1, 'unexpected-end'],
    ['8303AABB', 1, 'unexpected-end'],
    ['83016F8405AA', 4, 'unexpected-end'],
    ['8380AA', 1, 'indefinite-length'],
    ['838401020304', 1, 'length-too-long'],
    ['5F81818101', 0, 'tag-too-long'],
    ['5F', 1, 'unexpected-end'],
    ['8382', 2, 'unexpected-end'],
  ])('refuses %s at offset %i', (hex, offset, code) => {
    expect(() => read(hex)).toThrow(expect.objectContaining({ code, offset }));
  });

  it('counts offsets from the outermost document', () => {
    const [outer] = readTlvs(fromHex('620483016F8405'.replace('6204', '6205')));
    expect(outer).toBeDefined();
    if (outer) expect(() => child(outer, 0x84)).toThrow(expect.objectContaining({ offset: 6 }));
  });

  it('stops at padding only where told to', () => {
    expect(readTlvs(fromHex('8301AAFFFFFF'), { padded: true })).toHaveLength(1);
    expect(readTlvs(fromHex('8301AA000000'), { padded: true })).toHaveLength(1);
    expect(() => readTlvs(fromHex('8301AAFFFFFF'))).toThrow(EncodingError);
  });

  it('reads whatever it writes', () => {
    const tag = fc.constantFrom(0x04, 0x30, 0x82, 0x5f2d, 0x7f49);
    fc.assert(
      fc.property(tag, fc.uint8Array({ maxLength: 700 }), (number, value) => {
        const [tlv] = readTlvs(writeTlv(number, value));
        expect(tlv?.tag).toBe(number);
        expect(toHex(tlv?.value ?? new Uint8Array())).toBe(toHex(value));
      }),
      { numRuns: 200 },
    );
  });
});
