/** Files of the virtual UICC in every way a terminal may reach them (ETSI TS 102 221 §8, §11.1). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import { blankUiccProfile, DEFAULT_ICCID, type DfProfile, USIM_AID } from '../../src-core/virtual/uicc/profile.ts';
import type { UiccOptions } from '../../src-core/virtual/uicc/uicc.ts';
import { createEf, last, poweredCard, talk } from '../support/uicc.ts';

const OPEN = { read: 'always', update: 'always' } as const;
/** Two more applications that begin as the USIM does, and files of every structure in the MF. */
const profile: DfProfile = {
  ...blankUiccProfile(DEFAULT_ICCID),
  files: [
    ...blankUiccProfile(DEFAULT_ICCID).files,
    { kind: 'df', fid: 0x7ff1, aid: `${USIM_AID.slice(0, 14)}01`, files: [] },
    {
      kind: 'df',
      fid: 0x7ff2,
      aid: `${USIM_AID.slice(0, 14)}02`,
      files: [{ kind: 'transparent', fid: 0x6f07, sfi: 0x07, size: 4, content: '01020304', ...OPEN }],
    },
    { kind: 'transparent', fid: 0x2f10, sfi: 0x10, size: 8, content: '0011223344556677', ...OPEN },
    { kind: 'linear-fixed', fid: 0x2f11, sfi: 0x11, recordLength: 2, records: ['AA01', 'AA02', 'BB03'], ...OPEN },
    { kind: 'cyclic', fid: 0x2f12, sfi: 0x12, recordLength: 2, records: ['0003', '0002', '0001'], ...OPEN },
    { kind: 'transparent', fid: 0x2f13, size: 1, activate: 'adm1', ...OPEN },
    { kind: 'transparent', fid: 0x2f14, size: 1, inactive: true, ...OPEN },
  ],
};
const card = (options: UiccOptions = {}) => poweredCard({ profile, ...options });
const KEY = '0020000A083132333435363738';

describe('virtual UICC: short file identifiers', () => {
  it('reach a file without SELECT and make it current (§8.4.3)', () => {
    const uicc = card();
    expect(talk(uicc, '00B0000001', '00B0900202', '00B0000001')).toEqual(['6986', '22339000', '009000']);
    expect(talk(uicc, '00D6900101EE', '00B0000003')).toEqual(['9000', '00EE229000']);
    // Records: bits 8 to 4 of P2, 11 << 3 | absolute.
    expect(talk(uicc, '00B2028C02', '00DC018C02CAFE', '00B2010402')).toEqual(['AA029000', '9000', 'CAFE9000']);
  });

  it('are looked for in the current DF only; one that no file has, and one of another structure, are refused', () => {
    expect(talk(card(), '00B0870004', '00A4000C027FF2', '00B0870004')).toEqual(['6A82', '9000', '010203049000']);
    expect(talk(card(), '00B0910001', '00B2018402', '00B0F00001')).toEqual(['6981', '6981', '6A86']);
  });

  it('are told in the FCP: EF.DIR has 1E, EF.ICCID 02, the bootstrap file none (tag 88)', () => {
    expect(last(card(), '00A40004022F0000')).toContain('8801F0');
    expect(last(card(), '00A40004022FE200')).toContain('880110');
    expect(last(card(), '00A40804047F50643100')).toMatch(/88009000$/);
  });

  it.each([
    ['no tag 88: the low bits of the identifier', '', '00B0920001', 'FF9000'],
    ['tag 88 with a value', '880128', '00B0850001', 'FF9000'],
    ['tag 88 empty: none', '8800', '00B0920001', '6A82'],
  ])('of a created file: %s (TS 102 222 §6.3.2.2.9)', (_, tag, read, answer) => {
    expect(talk(card(), KEY, '00A4040C05A000000063', createEf(`${RULES}${tag}`), read).slice(2)).toEqual([
      '9000',
      answer,
    ]);
  });

  it('a template whose access rules cannot be read creates nothing', () => {
    expect(last(card(), KEY, '00A4040C05A000000063', createEf('AB03800101'))).toBe('9000');
    expect(last(card(), KEY, '00A4040C05A000000063', createEf('AB029000'))).toBe('6A80');
  });
});

describe('virtual UICC: records', () => {
  const LINEAR = '00A4000C022F11';
  const CYCLIC = '00A4000C022F12';
  const [NEXT, PREVIOUS, CURRENT] = ['00B2000202', '00B2000302', '00B2000402'];

  it('are read next and previous from a pointer, which ends at the ends (§8.2.2.2)', () => {
    const uicc = card();
    expect(talk(uicc, LINEAR, CURRENT, NEXT, NEXT, CURRENT, NEXT, NEXT, PREVIOUS).slice(1)).toEqual([
      '6A83',
      'AA019000',
      'AA029000',
      'AA029000',
      'BB039000',
      '6A83',
      'AA029000',
    ]);
    expect(talk(uicc, LINEAR, PREVIOUS, '00B2010402', CURRENT, PREVIOUS, PREVIOUS, PREVIOUS).slice(1)).toEqual([
      'BB039000',
      'AA019000',
      'BB039000',
      'AA029000',
      'AA019000',
      '6A83',
    ]);
  });

  it('are updated next, previous and by number, whole or not at all', () => {
    const uicc = card();
    talk(uicc, LINEAR);
    expect(talk(uicc, '00DC000202C001', '00DC000202C002', '00DC030402C003', '00DC000302C004', '00DC010401FF')).toEqual([
      '9000',
      '9000',
      '9000',
      '9000',
      '6700',
    ]);
    expect(toHex(uicc.file('3F002F11'))).toBe('C004C002C003');
  });

  it('of a cyclic file go round; an update takes the place of the oldest and is number 1 (§8.2.2.3)', () => {
    const uicc = card();
    expect(talk(uicc, CYCLIC, NEXT, NEXT, NEXT, NEXT, PREVIOUS).slice(1)).toEqual([
      '00039000',
      '00029000',
      '00019000',
      '00039000',
      '00019000',
    ]);
    expect(talk(uicc, '00DC0003020004', CURRENT, '00B2030402', '00DC0104020005', '00DC0002020005')).toEqual([
      '9000',
      '00049000',
      '00029000',
      '6A86',
      '6A86',
    ]);
    expect(toHex(uicc.file('3F002F12'))).toBe('000400030002');
    expect(last(card(), '00A40004022F1200')).toContain('8205462100020382'.slice(0, -2));
  });

  it('of a cyclic file are, after any updates, the newest ones in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), values => {
        const uicc = card();
        const hex = (value: number) => value.toString(16).toUpperCase().padStart(4, '0');
        talk(uicc, CYCLIC, ...values.map(value => `00DC000302${hex(value)}`));
        const newest = [...values.toReversed().map(hex), '0003', '0002', '0001'].slice(0, 3);
        expect(toHex(uicc.file('3F002F12'))).toBe(newest.join(''));
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['simple, forward', '00A2010401AA00', '01029000'],
    ['simple, backward from the last', '00A2030501AA00', '02019000'],
    ['enhanced, forward with an offset', '00A20106030401' + '0300', '039000'],
    ['nothing found', '00A2010401CC00', '6282'],
    ['a record that is not there', '00A2090401AA00', '6A83'],
    ['no such way', '00A2010701AA00', '6A86'],
    ['for nothing', '00A2010400', '6700'],
  ])('are searched: %s (§11.1.7)', (_, command, answer) => {
    expect(last(card(), LINEAR, command)).toBe(answer);
  });

  it('found by a search are current', () => {
    expect(last(card(), LINEAR, '00A2010402BB0300', CURRENT)).toBe('BB039000');
  });
});

describe('virtual UICC: SELECT', () => {
  const USIM = `00A4040407${USIM_AID.slice(0, 14)}00`;
  const occurrence = (p2: string) => `00A404${p2}07${USIM_AID.slice(0, 14)}00`;
  const name = (response: string) => /84(?:08|10).{14}(..)/.exec(response)?.[1] ?? response;

  it('by a cut AID: first, next, next, none, previous, last (table 11.2)', () => {
    const answers = talk(card(), ...['04', '06', '06', '06', '07', '05'].map(occurrence)).map(name);
    expect(answers).toEqual(['FF', '01', '02', '6A82', '01', '02']);
  });

  it('by 7FFF: the application selected last, also from the MF and as the begin of a path (§8.4.1)', () => {
    const uicc = card();
    expect(last(uicc, '00A4000C027FFF')).toBe('6A82');
    const aid = `00A4040C08${USIM_AID.slice(0, 14)}02`;
    expect(talk(uicc, aid, '00A4000C023F00', '00A4000C026F07', '00A4000C027FFF', '00A4000C026F07')).toEqual([
      '9000',
      '9000',
      '6A82',
      '9000',
      '9000',
    ]);
    expect(last(uicc, '00A4000C023F00', '00A4080C047FFF6F07', '00B0000004')).toBe('010203049000');
    expect(last(uicc, '80F2000100')).toBe(`8408${USIM_AID.slice(0, 14)}029000`);
  });

  it('of a child DF, the parent, and the MF without data', () => {
    const uicc = card();
    expect(talk(uicc, '00A4010C027F50', '00A4000C025031', '00A4030C', '00A4030C', '00A4000C')).toEqual([
      '9000',
      '9000',
      '9000',
      '6A82',
      '9000',
    ]);
    expect(last(uicc, '00A4010C022FE2')).toBe('6A82');
  });

  it('ends an application: the MF is current then', () => {
    expect(talk(card(), USIM, `00A4044C07${USIM_AID.slice(0, 14)}`, '00A4000C022FE2').slice(1)).toEqual([
      '9000',
      '9000',
    ]);
  });

  it.each(['00A40005022FE2', '00A40044022FE2', '00A40408022FE2', '00A4048402A000'])('refuses P2 of %s', command => {
    expect(last(card(), command)).toBe('6A86');
  });

  it('tells of a DF what it is: UICC characteristics, room, state of its keys (tags A5, C6)', () => {
    expect(last(card({ free: 0x1234, pinEnabled: true }), '00A40004023F0000')).toBe(
      '62' +
        '2E' +
        '82027821' +
        '83023F00' +
        '8A0105' +
        'AB0B800147' +
        'A40683010A950108' +
        'A5098001718304' +
        '00001234' +
        'C6099001C0' +
        '830101' +
        '83010A' +
        '9000',
    );
  });
});

describe('virtual UICC: life cycle', () => {
  it('a deactivated file is selected with 6283 and gives nothing until it is activated (§11.1.14, §11.1.15)', () => {
    const uicc = card();
    expect(talk(uicc, '00A4000C022F13', '0004000000'.slice(0, 8))).toEqual(['9000', '6982']);
    expect(talk(uicc, KEY, '00040000', '00A4000C022F13', '00B0000001', '00D6000001AA').slice(1)).toEqual([
      '9000',
      '6283',
      '6984',
      '6984',
    ]);
    const described = last(uicc, '00A40004022F1300');
    expect([described.includes('8A0104'), described.slice(-4)]).toEqual([true, '6283']);
    // Without Le the warning stands where 61xx would; the FCP waits all the same.
    expect(talk(uicc, '00A40004022F13', '00C0000000')).toEqual(['6283', `${described.slice(0, -4)}9000`]);
    expect(talk(uicc, '00440000022F13', '00B0000001')).toEqual(['9000', 'FF9000']);
  });

  it('lets nobody where no rule says so, and takes DFs and wrong parameters for what they are', () => {
    const commands = [KEY, '00440000022F14', '00A4000C022F14', '00440000027F50', '00440100', '0044000002FFFF'];
    expect(talk(card(), ...commands).slice(1)).toEqual(['6982', '6283', '6985', '6A86', '6A82']);
    expect(last(card(), '00040000')).toBe('6986');
  });
});

/** To be read by all. */
const RULES = 'AB058001019000';
