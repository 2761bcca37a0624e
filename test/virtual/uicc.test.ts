import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { Secret } from '../../src-core/base/secret.ts';
import { luhnDigit } from '../../src-core/encoding/iccid.ts';
import { DEFAULT_ICCID, type DfProfile } from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, type Uicc } from '../../src-core/virtual/uicc/uicc.ts';
import { expectLostTries } from '../support/lost-tries.ts';
import { last, poweredCard, talk } from '../support/uicc.ts';

const SELECT_BOOTSTRAP = '00A4080C047F506431';
const RIGHT_KEY = '0020000A083132333435363738';
const WRONG_KEY = '0020000A083030303030303030';

describe('virtual UICC: files', () => {
  it('has a valid default ICCID', () => {
    expect(DEFAULT_ICCID).toBe('8988211000000304173');
    expect(luhnDigit(DEFAULT_ICCID.slice(0, -1))).toBe(DEFAULT_ICCID.slice(-1));
  });

  it('gives FCP at once with Le, through 61xx without', () => {
    const card = poweredCard();
    const direct = last(card, '00A40804047F50643100');
    const fcp = '622382024121830264318A0105AB10800101900080010' + '2A40683010A950108800210008800';
    expect(direct).toBe(`${fcp}9000`);
    expect(talk(card, '00A40804047F506431', '00C0000025')).toEqual(['6125', `${fcp}9000`]);
    expect(talk(card, '00A40804047F506431', '00C0000010', '00C0000015')).toEqual([
      '6125',
      `${fcp.slice(0, 32)}6115`,
      `${fcp.slice(32)}9000`,
    ]);
  });

  it('selects by identifier, AID (also cut) and path from MF and current DF', () => {
    const card = poweredCard();
    expect(last(card, '00A4000C022FE2', '00B000000A')).toBe('988812010000304071F39000');
    expect(last(card, '00A4040C0CA000000063504B43532D3135', '00A4000C025031', '00B0000001')).toBe('FF9000');
    expect(last(card, '00A4040C05A000000063')).toBe('9000');
    expect(last(card, '00A4080C047F505031')).toBe('9000');
    expect(last(card, '00A4000C023F00', '00A4090C047F506430')).toBe('9000');
    expect(last(card, '00A4000C023F00', '00A4000C026431')).toBe('6A82');
    expect(last(card, '00A4040C05A000000099')).toBe('6A82');
  });

  it('reads EF.DIR records', () => {
    const card = poweredCard();
    const records = talk(card, '00A4000C022F00', '00B2010426', '00B2020400', '00B2030426').slice(1);
    expect(records[0]).toContain('4F10A0000000871002FF33FF018900000100');
    expect(records[1]).toBe('611D4F0CA000000063504B43532D31355007504B43532D313551043F007F50FFFFFFFFFFFFFF9000');
    expect(records[2]).toBe('6A83');
  });

  it('reports the current DF with STATUS, class 80 and 00', () => {
    const card = poweredCard();
    expect(last(card, '80F2000000')).toContain('83023F00');
    expect(last(card, '00A4040C0CA000000063504B43532D3135', '00F2000000')).toContain('840CA000000063504B43532D3135');
    expect(last(card, '80F2000C')).toBe('9000');
  });
});

describe('virtual UICC: status words', () => {
  it.each([
    ['unknown class', '6E00', ['A0A40000023F00']],
    ['secure messaging', '6882', ['04A40000023F00']],
    ['unknown instruction', '6D00', ['00990000']],
    ['closed channel', '6881', ['01A4000C023F00']],
    ['wrong Lc', '6700', ['00A4000C033F00']],
    ['header only half there', '6700', ['00A4']],
    ['half a file identifier', '6700', ['00A4000C013F']],
    ['wrong P1 of SELECT', '6A86', ['00A4020C023F00']],
    ['wrong P2 of SELECT', '6A86', ['00A40001023F00']],
    ['file not found', '6A82', ['00A4000C026F07']],
    ['no EF selected', '6986', ['00B0000001']],
    ['READ BINARY of a record file', '6981', ['00A4000C022F00', '00B0000001']],
    ['READ RECORD of a transparent file', '6981', ['00A4000C022FE2', '00B2010401']],
    ['READ RECORD in a mode that is none', '6A86', ['00A4000C022F00', '00B2010126']],
    ['READ BINARY behind the end', '6B00', ['00A4000C022FE2', '00B0000A01']],
    ['READ BINARY of more than there is', '6C05', ['00A4000C022FE2', '00B000050A']],
    ['READ BINARY without Le', '6700', ['00A4000C022FE2', '00B00000']],
    ['READ RECORD with another Le', '6C26', ['00A4000C022F00', '00B2010405']],
    ['UPDATE without the key', '6982', [SELECT_BOOTSTRAP, '00D6000001AA']],
    ['UPDATE of a file that nobody may', '6982', [RIGHT_KEY, '00A4000C022FE2', '00D6000001AA']],
    ['UPDATE behind the end', '6B00', [RIGHT_KEY, SELECT_BOOTSTRAP, '00D6100001AA']],
    ['UPDATE across the end', '6700', [RIGHT_KEY, SELECT_BOOTSTRAP, '00D60FFF02AAAA']],
    ['UPDATE without data', '6700', [RIGHT_KEY, SELECT_BOOTSTRAP, '00D60000']],
    ['another key reference', '6A88', ['00200002']],
    ['a key of the wrong length', '6700', ['0020000A0431323334']],
    ['GET RESPONSE without one', '6985', ['00C0000010']],
    ['GET RESPONSE of too much', '6C30', ['00A40004023F00', '00C00000FF']],
    ['closing the basic channel', '6A86', ['00708000']],
    ['closing a closed channel', '6881', ['00708002']],
  ])('%s: %s', (_, sw, commands) => {
    expect(last(poweredCard(), ...commands)).toBe(sw);
  });
});

describe('virtual UICC: key, channels, power', () => {
  it('counts tries, blocks, and a right key restores them', () => {
    expectLostTries(4);
    const card = poweredCard();
    const count = '0020000A';
    expect(talk(card, count, WRONG_KEY, count, RIGHT_KEY, count)).toEqual(['63C3', '63C2', '63C2', '9000', '63C3']);
    expect(talk(card, WRONG_KEY, WRONG_KEY, WRONG_KEY, WRONG_KEY, RIGHT_KEY, count)).toEqual([
      '63C2',
      '63C1',
      '63C0',
      '6983',
      '6983',
      '6983',
    ]);
    expect(card.admTriesLeft).toBe(0);
  });

  it('takes a key of its own; a wrong key takes the right away', () => {
    expectLostTries(2);
    const card = poweredCard({ adm1: Secret.ofBytes(fromHex('0102030405060708')) });
    expect(talk(card, RIGHT_KEY, '0020000A080102030405060708', SELECT_BOOTSTRAP, '00D6000001AA')).toEqual([
      '63C2',
      '9000',
      '9000',
      '9000',
    ]);
    expect(last(card, RIGHT_KEY, '00D6000001BB')).toBe('6982');
    expect(card.file('3F007F506431')[0]).toBe(0xaa);
  });

  it('writes a command whole or not at all, and keeps it over power off', () => {
    const card = poweredCard();
    talk(card, RIGHT_KEY, SELECT_BOOTSTRAP, '00D6000203AABBCC', '00D60FFE03AABBCC');
    card.power(false);
    card.power(true);
    expect(toHex(card.file('3F007F506431').subarray(0, 6))).toBe('FFFFAABBCCFF');
    expect(toHex(card.file('3F007F506431').subarray(4090))).toBe('FFFFFFFFFFFF');
  });

  it('keeps a selection for each logical channel', () => {
    const card = poweredCard();
    expect(talk(card, '0070000001', '0070000001', '0070000001', '0070000001')).toEqual([
      '019000',
      '029000',
      '039000',
      '6A81',
    ]);
    expect(last(card, '00A4000C022FE2', '01B0000001')).toBe('6986');
    expect(last(card, '01A4040C0CA000000063504B43532D3135', '01A4000C025031', '01B0000001')).toBe('FF9000');
    expect(last(card, '00B0000001')).toBe('989000');
    expect(talk(card, '00708001', '01B0000001', '0070000001')).toEqual(['9000', '6881', '019000']);
  });

  it.each<[string, (card: Uicc) => void]>([
    ['reset', card => card.reset()],
    [
      'power',
      card => {
        card.power(false);
        card.power(true);
      },
    ],
  ])('forgets key, selection and channels at %s', (_, restart) => {
    const card = poweredCard();
    talk(card, '0070000001', RIGHT_KEY, SELECT_BOOTSTRAP);
    restart(card);
    expect(talk(card, '00D6000001AA', SELECT_BOOTSTRAP, '00D6000001AA', '01A4000C023F00')).toEqual([
      '6986',
      '9000',
      '6982',
      '6881',
    ]);
  });

  it('says nothing without power', () => {
    expect(() => createUicc().transmit(fromHex('00A4000C023F00'))).toThrow(
      expect.objectContaining({ code: 'card-removed' }),
    );
  });

  it('is torn off: the last command is carried out, its response is lost', () => {
    const card = poweredCard();
    talk(card, RIGHT_KEY, SELECT_BOOTSTRAP);
    card.tearAfter(1);
    expect(() => card.transmit(fromHex('00D6000001AA'))).toThrow(expect.objectContaining({ code: 'card-removed' }));
    expect(card.powered).toBe(false);
    expect(card.file('3F007F506431')[0]).toBe(0xaa);
    card.power(true);
    card.tearAfter(0);
    expect(() => card.transmit(fromHex('0020000A083030303030303030'))).toThrow();
    expect(card.admTriesLeft).toBe(3);
  });
});

describe('virtual UICC: administration of files', () => {
  const APPLICATION = '00A4040C0CA000000063504B43532D3135';
  const tlv = (tag: string, ...parts: string[]) => {
    const value = parts.join('');
    return `${tag}${toHex(Uint8Array.of(value.length / 2))}${value}`;
  };
  const create = (...parts: string[]) => tlv('00E00000', tlv('62', ...parts));
  /** 256 bytes 6432, to be read by all, updated with ADM1. */
  const RULES = tlv('AB', '8001019000', '800102', tlv('A4', '83010A', '950108'));
  const CREATE_EF = create(tlv('82', '4121'), tlv('83', '6432'), tlv('8A', '05'), RULES, tlv('80', '0100'));
  const WITHOUT_SIZE = create(tlv('82', '4121'), tlv('83', '6433'), RULES);

  it('creates a file with its access rules, fills it with FF and makes it current', () => {
    const card = poweredCard();
    expect(last(card, APPLICATION, CREATE_EF)).toBe('6982');
    expect(talk(card, RIGHT_KEY, APPLICATION, CREATE_EF, '00B0000002', '00D6000002AABB', '00B0000003')).toEqual([
      '9000',
      '9000',
      '9000',
      'FFFF9000',
      '9000',
      'AABBFF9000',
    ]);
    expect(last(card, CREATE_EF)).toBe('6A89');
    expect(last(card, '00A40004026432')).toBe('6126');
  });

  it('refuses what it cannot read and what it has no room for', () => {
    const card = poweredCard({ free: 200 });
    talk(card, RIGHT_KEY, APPLICATION);
    expect(talk(card, CREATE_EF, '00E00000026200', WITHOUT_SIZE, '00E00001026200')).toEqual([
      '6A84',
      '6A80',
      '6A80',
      '6A86',
    ]);
  });

  it('resizes a file, keeping what is in it', () => {
    const card = poweredCard({ free: 6000 });
    talk(card, RIGHT_KEY, SELECT_BOOTSTRAP, '00D6000002AABB', APPLICATION);
    const resize = (size: string) => last(card, `80D400000A620883026431${'8002'}${size}`);
    expect([resize('0002'), card.file('3F007F506431').length]).toEqual(['9000', 2]);
    expect([resize('2000'), toHex(card.file('3F007F506431').subarray(0, 3))]).toEqual(['9000', 'AABBFF']);
    expect(resize('4000')).toBe('6A84');
    expect(last(card, '80D400000A6208830264998002' + '0010')).toBe('6A82');
  });

  it('deletes a file; what was selected in it is gone', () => {
    const card = poweredCard();
    talk(card, RIGHT_KEY, SELECT_BOOTSTRAP);
    expect(talk(card, '00E40000026431', '00B0000001', '00A4000C026431', '00E40000026431')).toEqual([
      '9000',
      '6986',
      '6A82',
      '6A82',
    ]);
    expect(last(poweredCard(), APPLICATION, '00E40000026431')).toBe('6982');
  });
});

describe('virtual UICC: PIN', () => {
  const profile = (): DfProfile => ({
    kind: 'df',
    fid: 0x3f00,
    files: [{ kind: 'transparent', fid: 0x6f01, size: 2, read: 'pin1', update: 'adm1' }],
  });
  const PIN = '0020000108' + '31323334FFFFFFFF';
  const SELECT = '00A4000C026F01';

  it('opens what needs it; one that is disabled asks nobody', () => {
    const card = poweredCard({ profile: profile(), pinEnabled: true });
    expect(talk(card, SELECT, '00B0000001', '00200001', PIN, '00B0000001')).toEqual([
      '9000',
      '6982',
      '63C3',
      '9000',
      'FF9000',
    ]);
    expect(talk(card, '0026000108' + '31323334FFFFFFFF', PIN, '0028000108' + '31323334FFFFFFFF')).toEqual([
      '9000',
      '6984',
      '9000',
    ]);
    expect(last(poweredCard({ profile: profile() }), SELECT, '00B0000001')).toBe('FF9000');
  });

  it('blocks after three wrong ones, and the unblocking code gives a new one', () => {
    expectLostTries(4);
    const card = poweredCard({ profile: profile(), pinEnabled: true });
    const wrong = '0020000108' + '30303030FFFFFFFF';
    expect(talk(card, wrong, wrong, wrong, PIN)).toEqual(['63C2', '63C1', '63C0', '6983']);
    const unblock = (code: string) => last(card, `002C000110${code}39393939FFFFFFFF`);
    expect([last(card, '002C0001'), unblock('3030303030303030'), unblock('3132333435363738')]).toEqual([
      '63CA',
      '63C9',
      '9000',
    ]);
    expect(last(card, '0020000108' + '39393939FFFFFFFF')).toBe('9000');
    expect(card.pinTriesLeft).toBe(3);
  });

  it('changes with the old one', () => {
    expectLostTries(1);
    const card = poweredCard({ profile: profile(), pinEnabled: true });
    const change = '0024000110' + '31323334FFFFFFFF' + '35363738FFFFFFFF';
    expect(talk(card, change, change, '0020000108' + '35363738FFFFFFFF')).toEqual(['9000', '63C2', '9000']);
  });
});
