import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { decodeIccid, encodeIccid, luhnDigit } from '../../src-core/encoding/iccid.ts';

describe('ICCID', () => {
  it.each([
    ['8988211000000304172', '988812010000304071F2'],
    ['89441000301234567896', '98440100032143658769'],
  ])('%s both ways', (digits, hex) => {
    expect(toHex(encodeIccid(digits))).toBe(hex);
    expect(decodeIccid(fromHex(hex))).toBe(digits);
  });

  it('refuses what is no ICCID', () => {
    expect(() => encodeIccid('89x4')).toThrow(expect.objectContaining({ code: 'not-a-digit', offset: 2 }));
    expect(() => encodeIccid('1'.repeat(21))).toThrow(expect.objectContaining({ code: 'wrong-length' }));
    expect(() => encodeIccid('')).toThrow(expect.objectContaining({ code: 'wrong-length' }));
    expect(() => decodeIccid(fromHex('FFFF'))).toThrow(expect.objectContaining({ code: 'empty' }));
    expect(() => decodeIccid(fromHex('98A4'))).toThrow(expect.objectContaining({ code: 'not-a-digit', offset: 1 }));
    expect(() => decodeIccid(fromHex('98F401'))).toThrow(expect.objectContaining({ code: 'not-a-digit', offset: 2 }));
  });

  it('computes the Luhn digit', () => {
    expect(luhnDigit('7992739871')).toBe('3');
    expect(luhnDigit('453201511283036')).toBe('6');
  });
});
