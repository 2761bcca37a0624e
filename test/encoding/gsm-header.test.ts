/** What a SIM tells of a file in class A0, in the terms of a UICC. */
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../src-core/base/bytes.ts';
import { decodeAccessRules, describeAccessRules } from '../../src-core/encoding/access-rules.ts';
import { decodeGsmHeader } from '../../src-core/encoding/gsm-header.ts';

/** Conditions of READ and UPDATE, of INCREASE, of REHABILITATE and INVALIDATE. */
const header = (conditions: string) => decodeGsmHeader(fromHex(`0000000A2FE20400${conditions}01020000`));

describe('the header of a SIM file', () => {
  it('has its size, its identifier and its structure', () => {
    expect(header('0FFF44')).toMatchObject({ structure: 'transparent', fid: 0x2fe2, size: 10 });
  });

  it.each([
    ['01', 5],
    ['00', 4],
  ])('of status %s has the life cycle %i of a UICC', (status, lifeCycle) => {
    expect(decodeGsmHeader(fromHex(`0000000A2FE204000FFF44${status}0200`))).toMatchObject({ lifeCycle });
  });

  it.each([
    ['0A', '0101020000', '83', [{ reference: 1, enabled: true, triesLeft: 3 }]],
    ['0A', '8101020000', '80', [{ reference: 1, enabled: false, triesLeft: 0 }]],
    ['0A', '0101020000', '03', [{ reference: 1, enabled: true }]],
    ['05', '0101020000', '', [{ reference: 1, enabled: true }]],
    ['', '', '', []],
  ])(
    'of a directory says whether CHV1 is asked for, and its tries: %s%s%s',
    (length, characteristics, status, pins) => {
      const hex = `000080003F0001${length && '0000000000'}${length}${characteristics}${status}`;
      expect(decodeGsmHeader(fromHex(hex))).toEqual({ structure: 'df', fid: 0x3f00, pins });
    },
  );

  it.each([
    ['0FFF44', 'READ: always; UPDATE: never; ACTIVATE: ADM1; DEACTIVATE: ADM1'],
    ['14FF14', 'READ: PIN1; UPDATE: ADM1; ACTIVATE: PIN1; DEACTIVATE: ADM1'],
    ['1EFFFF', 'READ: PIN1; UPDATE: ADM1'],
    ['12FFFF', 'READ: PIN1; UPDATE: PIN2'],
    ['03FFFF', "READ: always; UPDATE: a condition of the card's own (9E0103)"],
    ['000000', 'READ: always; UPDATE: always; ACTIVATE: always; DEACTIVATE: always'],
  ])('has the access conditions %s as rules', (conditions, words) => {
    expect(describeAccessRules(decodeAccessRules(header(conditions).security ?? new Uint8Array(), 'ef'))).toBe(words);
  });

  it.each([
    ['0000000A2FE20400FF', 'unexpected-end', 9],
    ['0000000A2F', 'unexpected-end', 5],
    ['0000000A2FE20900', 'unknown-structure', 6],
  ])('refuses %s', (hex, code, offset) => {
    expect(() => decodeGsmHeader(fromHex(hex))).toThrow(expect.objectContaining({ code, offset }));
  });
});
