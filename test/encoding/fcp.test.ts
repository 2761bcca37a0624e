import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { decodeFcp, encodeFcp, type Fcp, shortIdentifierOf } from '../../src-core/encoding/fcp.ts';

describe('FCP', () => {
  it.each<[string, Fcp]>([
    [
      '62118202412183026431' + '8A0105' + '80021000',
      { structure: 'transparent', fid: 0x6431, size: 4096, lifeCycle: 5 },
    ],
    [
      '621482054221002602' + '83022F00' + '8A0105' + '8002004C',
      { structure: 'linear-fixed', fid: 0x2f00, size: 76, recordLength: 38, recordCount: 2, lifeCycle: 5 },
    ],
    ['620D82027821' + '83027F50' + '8A0105', { structure: 'df', fid: 0x7f50, lifeCycle: 5 }],
    [
      '6216' + '82024121' + '83026431' + '8A0101' + '8B032F0603' + '80021000',
      { structure: 'transparent', fid: 0x6431, size: 4096, lifeCycle: 1, rule: { fid: 0x2f06, record: 3 } },
    ],
  ])('%s both ways', (hex, fcp) => {
    const bytes = encodeFcp(fcp);
    expect(toHex(bytes).slice(4)).toBe(hex.slice(4));
    expect(decodeFcp(bytes)).toEqual(fcp);
  });

  it.each<[string, number | undefined]>([
    ['620882024121' + '83026431', 0x11],
    ['620A82024121' + '83026431' + '8800', undefined],
    ['620B82024121' + '83026431' + '880110', 2],
    ['620882024121' + '83026F20', undefined],
    ['620882027821' + '83027F51', undefined],
  ])('%s: its short identifier', (hex, sfi) => {
    expect(shortIdentifierOf(decodeFcp(fromHex(hex)))).toBe(sfi);
  });

  it('of a directory says which PINs are asked for, a bit for each key reference (tag C6)', () => {
    const pins = (bits: string) =>
      decodeFcp(fromHex(`621B82027821C615${`9001${bits}`}${'950108830101'}8301119501088301818301${'0A'}`)).pins;
    expect(pins('90')).toEqual([
      { reference: 0x01, enabled: true },
      { reference: 0x11, enabled: false },
      { reference: 0x81, enabled: false },
      { reference: 0x0a, enabled: true },
    ]);
    expect(decodeFcp(fromHex('620482027821')).pins).toBeUndefined();
  });

  it.each([
    ['6F048202412', 'odd-hex'],
    ['6F0482024121', 'not-fcp'],
    ['620483026431', 'no-file-descriptor'],
    ['620482024021', 'unknown-structure'],
    ['6209', 'unexpected-end'],
  ])('refuses %s', (hex, code) => {
    expect(() => decodeFcp(fromHex(hex))).toThrow(expect.objectContaining({ code }));
  });
});
