import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { decodeAtr, describeAtr, takesExtended } from '../../src-core/encoding/atr.ts';

const UICC = '3B9F96801FC78031A073BE21136743200718000001A5';

describe('ATR', () => {
  it('reads a UICC', () => {
    const atr = decodeAtr(fromHex(UICC));
    expect(atr.convention).toBe('direct');
    expect(atr.interfaceBytes).toEqual([
      { name: 'TA1', value: 0x96 },
      { name: 'TD1', value: 0x80 },
      { name: 'TD2', value: 0x1f },
      { name: 'TA3', value: 0xc7 },
    ]);
    expect(atr.protocols).toEqual([0]);
    expect(toHex(atr.historical)).toBe('8031A073BE21136743200718000001');
    expect(atr.checksum).toBe('right');
    expect(describeAtr(fromHex(UICC))).toEqual([
      'direct convention',
      'protocols T=0',
      'TA1 96: F 512, D 32',
      'historical bytes 8031A073BE21136743200718000001',
      'checksum right',
    ]);
  });

  it.each([
    ['T=1 and the bit of extended lengths', '3B9F9681B1FE451FC78031A073BE2157674320071800000101', true],
    ['T=0 with the same capabilities', '3B9F96801FC78031A073BE21576743200718000001', false],
    ['T=1 without the bit', '3B9F9681B1FE451FC78031A073BE2113674320071800000101', false],
    ['T=1 with historical bytes of its maker', '3BF21300008131FE45534D', false],
    ['no historical bytes', '3B00', false],
    ['an ATR that is cut', '3BFF', false],
    ['historical bytes that are cut', '3B9F96801FC7', false],
    ['nothing', '', false],
  ])('says whether a card takes extended lengths: %s', (_, hex, expected) => {
    expect(takesExtended(fromHex(hex))).toBe(expected);
  });

  it('reads T=0 without checksum, inverse convention, T=1 and a wrong checksum', () => {
    expect(decodeAtr(fromHex('3B021450'))).toMatchObject({ protocols: [0], checksum: 'absent' });
    expect(decodeAtr(fromHex('3F00'))).toMatchObject({ convention: 'inverse', historical: new Uint8Array() });
    expect(decodeAtr(fromHex('3B80800101'))).toMatchObject({ protocols: [0, 1], checksum: 'right' });
    expect(decodeAtr(fromHex(UICC.replace(/A5$/, 'A6'))).checksum).toBe('wrong');
    expect(describeAtr(fromHex('3B00'))).toEqual([
      'direct convention',
      'protocols T=0',
      'no historical bytes',
      'checksum absent',
    ]);
  });

  it.each([
    ['3C00', 'wrong-ts', 0],
    ['3B', 'unexpected-end', 1],
    ['3B9F96', 'unexpected-end', 3],
    ['3B0214', 'unexpected-end', 3],
    ['3B02145000FF', 'trailing-bytes', 5],
  ])('refuses %s', (hex, code, offset) => {
    expect(() => decodeAtr(fromHex(hex))).toThrow(expect.objectContaining({ code, offset }));
  });
});
