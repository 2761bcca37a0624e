import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import {
  conditionFor,
  decodeAccessRules,
  describeAccessRules,
  describeCondition,
  encodeAccessRule,
  keyName,
} from '../../src-core/encoding/access-rules.ts';

describe('access rules', () => {
  it.each<[string, 'ef' | 'df', string]>([
    ['8001019000800102A40683010A950108', 'ef', 'READ: always; UPDATE: ADM1'],
    ['800101A40683010195010880015AA40683010A950108', 'ef', 'READ: PIN1; UPDATE, DEACTIVATE, ACTIVATE, DELETE: ADM1'],
    ['800103A010A40683010A950108A40683010B950108', 'ef', 'READ, UPDATE: ADM1 or ADM2'],
    ['800102AF10A406830101950108A40683010A950108', 'ef', 'UPDATE: PIN1 and ADM1'],
    ['800106A40683010A9501088401D49700', 'df', 'CREATE EF, CREATE DF: ADM1; RESIZE: never'],
    ['8001028401D4A40683010A950108FFFF', 'ef', 'UPDATE, RESIZE: ADM1'],
    ['800101A40683010A950108A406830101950108', 'ef', 'READ: ADM1 or PIN1'],
    ['800102B40683010A950108', 'ef', "UPDATE: a condition of the card's own (B40683010A950108)"],
    ['800102', 'ef', 'UPDATE: never'],
  ])('%s of a %s: %s', (hex, kind, words) => {
    expect(describeAccessRules(decodeAccessRules(fromHex(hex), kind))).toBe(words);
  });

  it('are written as they are read', () => {
    const condition = { kind: 'any', of: [{ kind: 'key', reference: 0x0a }, { kind: 'always' }] } as const;
    const bytes = encodeAccessRule(0x02, condition);
    expect(toHex(bytes)).toBe('800102A00AA40683010A9501089000');
    expect(decodeAccessRules(bytes, 'ef')).toEqual([{ modes: ['UPDATE'], condition }]);
  });

  it('answer what a file asks for', () => {
    const rules = decodeAccessRules(fromHex('8001019000800102A40683010A950108'), 'ef');
    expect(conditionFor(rules, 'UPDATE')).toEqual({ kind: 'key', reference: 0x0a });
    expect(conditionFor(rules, 'DELETE')).toBeUndefined();
  });

  it.each([
    [0x01, 'PIN1'],
    [0x0a, 'ADM1'],
    [0x8a, 'ADM6'],
    [0x81, 'PIN2'],
    [0x11, 'universal PIN'],
    [0x1f, 'key 1F'],
  ])('key %i is %s', (reference, name) => {
    expect(keyName(reference)).toBe(name);
  });

  it('nest in words', () => {
    const key = (reference: number) => ({ kind: 'key', reference }) as const;
    expect(describeCondition({ kind: 'all', of: [key(1), { kind: 'any', of: [key(0x0a), key(0x0b)] }] })).toBe(
      'PIN1 and (ADM1 or ADM2)',
    );
  });

  it.each([
    ['9000', 'no-access-mode'],
    ['8000', 'no-access-mode'],
    ['80010', 'odd-hex'],
    ['800201', 'unexpected-end'],
  ])('refuses %s: %s', (hex, code) => {
    expect(() => decodeAccessRules(fromHex(hex), 'ef')).toThrow(expect.objectContaining({ code }));
  });
});
