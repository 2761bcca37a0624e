/** Class A0: the virtual card as a SIM of the second generation (3GPP TS 51.011 §9). */
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import { blankSimProfile, DEFAULT_ICCID, type DfProfile } from '../../src-core/virtual/uicc/profile.ts';
import type { UiccOptions } from '../../src-core/virtual/uicc/uicc.ts';
import { expectLostTries } from '../support/lost-tries.ts';
import { last, poweredCard, talk } from '../support/uicc.ts';

const OPEN = { read: 'always', update: 'always' } as const;
const blank = blankSimProfile(DEFAULT_ICCID);
const profile: DfProfile = {
  ...blank,
  files: [
    ...blank.files,
    { kind: 'linear-fixed', fid: 0x6f3a, recordLength: 2, records: ['AA01', 'AA02'], ...OPEN },
    { kind: 'cyclic', fid: 0x6f39, recordLength: 3, records: ['000002', '000001'], ...OPEN },
    { kind: 'transparent', fid: 0x6f3b, size: 1, activate: 'pin1', ...OPEN },
  ],
};
const sim = (options: UiccOptions = {}) => poweredCard({ profile, habits: { classes: 'A0-only' }, ...options });
const select = (fid: string) => `A0A4000002${fid}`;
const [CHV, NEW, WRONG, PUK] = ['31323334FFFFFFFF', '35363738FFFFFFFF', '30303030FFFFFFFF', '3132333435363738'];

describe('virtual SIM: files', () => {
  it('are selected by identifier; the header comes with GET RESPONSE (9Fxx)', () => {
    expect(talk(sim({ profile: blank }), select('7F50'), 'A0C0000017', select('6431'), 'A0C000000F')).toEqual([
      '9F17',
      '000080007F500200000000000A8100030200838A0000009000',
      '9F0F',
      '000010006431040005FFFF010200009000',
    ]);
  });

  it('of records say so in their header: 01 linear fixed, 03 cyclic, the record length behind', () => {
    expect(talk(sim(), select('6F3A'), 'A0C000000F', select('6F39'), 'A0C000000F')).toEqual([
      '9F0F',
      '000000046F3A040000FFFF010201029000',
      '9F0F',
      '000000066F39040000FFFF010203039000',
    ]);
  });

  it.each([
    ['no EF selected', '9400', ['A0B0000001']],
    ['out of range', '9402', [select('2FE2'), 'A0B000000B']],
    ['no such file', '9404', [select('6F99')]],
    ['a record file read as bytes', '9408', [select('6F3A'), 'A0B0000001']],
    ['without the key', '9804', [select('7F50'), select('6431'), 'A0D6000001AA']],
    ['no such record', '9402', [select('6F3A'), 'A0B2030402']],
    ['a record with another length', '6702', [select('6F3A'), 'A0B2010405']],
    ['an update with another length', '6702', [select('6F3A'), 'A0DC010401AA']],
    ['no such record mode', '6B00', [select('6F3A'), 'A0B2010102']],
    ['a cyclic file updated by number', '6B00', [select('6F39'), 'A0DC010403000003']],
    ['GET RESPONSE without one', '6F00', ['A0C0000001']],
    ['path', '6702', ['A0A40000047F506431']],
    ['class 00', '6E00', ['00A40000023F00']],
    ['unknown instruction', '6D00', ['A0120000']],
  ])('%s: %s', (_, sw, commands) => {
    expect(last(sim(), ...commands)).toBe(sw);
  });

  it('are read and, with the key, updated', () => {
    const card = sim();
    expect(last(card, select('2FE2'), 'A0B000000A')).toBe('988812010000304071F39000');
    const commands = ['A020000A083132333435363738', select('7F50'), select('6431'), 'A0D6000002AABB', 'A0B0000003'];
    expect(talk(card, ...commands).slice(3)).toEqual(['9000', 'AABBFF9000']);
  });

  it('of records: next, previous, by number; a cyclic file takes a new number 1', () => {
    const card = sim();
    expect(talk(card, select('6F3A'), 'A0B2000202', 'A0DC010402CAFE', 'A0B2000202', 'A0B2000202').slice(1)).toEqual([
      'AA019000',
      '9000',
      'AA029000',
      '9402',
    ]);
    expect(talk(card, select('6F39'), 'A0DC000303000003', 'A0B2000403', 'A0B2000203').slice(1)).toEqual([
      '9000',
      '0000039000',
      '0000029000',
    ]);
    expect(toHex(card.file('3F006F3A'))).toBe('CAFEAA02');
  });

  it('are invalidated and rehabilitated by who may; an invalidated one gives 9810', () => {
    const card = sim({ pinEnabled: true });
    expect(talk(card, 'A0040000', select('6F3B'), 'A0040000').slice(0, 3)).toEqual(['9400', '9F0F', '9804']);
    expect(talk(card, `A020000108${CHV}`, 'A0040000', 'A0040000', 'A0B0000001', 'A0440000', 'A0B0000001')).toEqual([
      '9000',
      '9000',
      '9810',
      '9810',
      '9000',
      'FF9000',
    ]);
  });

  it('tell with STATUS of the current DF, and with GET RESPONSE as often as asked', () => {
    const card = sim();
    expect(last(card, select('7F20'), 'A0F2000017')).toContain('7F2002');
    expect(talk(card, 'A0F2000018', select('6F07'), 'A0C0000007', 'A0C000000F')).toEqual([
      '6717',
      '9F0F',
      '000000096F07049000',
      '000000096F07040015FFFF010200009000',
    ]);
  });
});

describe('virtual SIM: CHV', () => {
  const IMSI = [select('7F20'), select('6F07'), 'A0B0000001'];
  const verify = (value: string) => `A020000108${value}`;

  it('opens what needs it; verified while disabled it contradicts (9808) and costs nothing', () => {
    const card = sim({ pinEnabled: true });
    expect(last(card, ...IMSI)).toBe('9804');
    expect(talk(card, verify(CHV), 'A0B0000001')).toEqual(['9000', '089000']);
    expect(last(sim(), verify(WRONG))).toBe('9808');
  });

  it('is changed, disabled and enabled with its value', () => {
    const card = sim({ pinEnabled: true });
    expect(talk(card, `A024000110${CHV}${NEW}`, `A026000108${NEW}`, `A026000108${NEW}`, `A028000108${NEW}`)).toEqual([
      '9000',
      '9000',
      '9808',
      '9000',
    ]);
    expect([card.pinTriesLeft, card.lostTries]).toEqual([3, { adm1: 0, pin1: 0, puk1: 0 }]);
  });

  it('wrong three times is blocked (9840), and unblocked as number 00', () => {
    expectLostTries(4);
    const card = sim({ pinEnabled: true });
    expect(talk(card, verify(WRONG), `A024000110${WRONG}${NEW}`, `A026000108${WRONG}`, verify(CHV))).toEqual([
      '9804',
      '9804',
      '9840',
      '9840',
    ]);
    expect(talk(card, `A02C000010${WRONG}${NEW}`, `A02C000010${PUK}${NEW}`, verify(NEW))).toEqual([
      '9804',
      '9000',
      '9000',
    ]);
    expect(card.lostTries).toEqual({ adm1: 0, pin1: 3, puk1: 1 });
  });

  it.each([
    ['no CHV2', '9802', verify(CHV).replace('A0200001', 'A0200002')],
    ['no CHV2 to unblock', '9802', `A02C000210${PUK}${NEW}`],
    ['an ADM key cannot be disabled', '6B00', `A026000A08${CHV}`],
    ['a wrong P1', '6B00', `A020010108${CHV}`],
    ['a short value', '6708', 'A02000010431323334'],
    ['a short unblocking code', '6710', `A02C000008${PUK}`],
  ])('%s: %s, and no try is lost', (_, sw, command) => {
    const card = sim({ pinEnabled: true });
    expect([last(card, command), card.pinTriesLeft, card.admTriesLeft]).toEqual([sw, 3, 3]);
  });
});

describe('a UICC that knows both classes', () => {
  it('has the same files and keys in both; one of class 00 only refuses A0', () => {
    const card = poweredCard({ habits: { classes: 'A0' } });
    expect(talk(card, select('2FE2'), '00B0000002')).toEqual(['9F0F', '98889000']);
    expect(last(poweredCard(), select('2FE2'))).toBe('6E00');
  });
});
