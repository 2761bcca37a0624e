/** Cards that are right and yet odd, as trays hold them: each habit by itself. */
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { decodeAtr } from '../../src-core/encoding/atr.ts';
import { blankUiccProfile, DEFAULT_ICCID, withoutPkcs15Record } from '../../src-core/virtual/uicc/profile.ts';
import type { Uicc } from '../../src-core/virtual/uicc/uicc.ts';
import { createUicc } from '../../src-core/virtual/uicc/uicc.ts';
import { createEf, last, poweredCard, talk } from '../support/uicc.ts';

const ICCID = '00A4000C022FE2';
const BOOTSTRAP = '00A4080C047F506431';
const KEY = '0020000A083132333435363738';

describe('virtual UICC: rules in EF.ARR', () => {
  const card = () => poweredCard({ habits: { rules: 'referenced' } });

  it('are referenced by each FCP (tag 8B), and EF.ARR has the record', () => {
    expect(last(card(), '00A40804047F50643100')).toBe('621682024121830264318A01058B032F0602800210008800' + '9000');
    expect(last(card(), '00A4080C022F06', '00B2020428')).toMatch(/^8001019000800102A40683010A950108F+9000$/);
  });

  it('hold for a file created with a reference: this one to be read by all, updated with ADM1', () => {
    const uicc = card();
    const create = createEf('8B032F06028800');
    expect(talk(uicc, KEY, BOOTSTRAP, create, '00D6000001AA')).toEqual(['9000', '9000', '9000', '9000']);
    expect(last(uicc, '00A40004026432' + '00')).toContain('8B032F0602');
    uicc.reset();
    expect(talk(uicc, '00A4080C047F506432', '00B0000001', '00D6000001BB')).toEqual(['9000', 'AA9000', '6982']);
  });

  it('are said in the FCP itself where no record has them: this one is read with PIN1', () => {
    const RULES = 'AB10800101A4068301019501088001029700';
    const uicc = card();
    const create = createEf(RULES);
    expect(last(uicc, KEY, BOOTSTRAP, create)).toBe('9000');
    expect(last(uicc, '00A4000402643200')).toContain(RULES);
  });
});

describe('virtual UICC: lengths', () => {
  it('6Cxx to every Le that is not exactly right, 00 and less too', () => {
    const card = poweredCard({ habits: { exactLe: true } });
    expect(talk(card, ICCID, '00B0000000', '00B000000B', '00B000000A').slice(1)).toEqual([
      '6C0A',
      '6C0A',
      '988812010000304071F39000',
    ]);
    expect(
      talk(card, '00A40004023F0000', '00A40004023F0005', '00A40004023F0030').map(answer => answer.slice(-4)),
    ).toEqual(['6C30', '6C30', '9000']);
    expect(last(card, '00A4000C022F00', '00B2010400')).toBe('6C26');
  });

  it('a SELECT refused with 6Cxx selects nothing: repeated, its path begins where it began', () => {
    const card = poweredCard({ habits: { exactLe: true } });
    const path = '00A40904047F506430';
    expect([last(card, `${path}00`), last(card, `${path}25`).slice(-4)]).toEqual(['6C25', '9000']);
  });

  it('a read gives less than was asked, with 9000 or with 6282', () => {
    const silent = poweredCard({ habits: { mostRead: 4 } });
    expect(last(silent, ICCID, '00B000000A')).toBe('988812019000');
    const warning = poweredCard({ habits: { mostRead: 4, warnsShort: true } });
    expect(talk(warning, ICCID, '00B000000A', '00B0000004', '00B0000000').slice(1)).toEqual([
      '988812016282',
      '988812019000',
      '988812016282',
    ]);
  });

  it('a read over the end gives what there is with 6282 instead of 6Cxx; Le 00 asks for no more than that', () => {
    const card = poweredCard({ habits: { warnsShort: true } });
    expect(talk(card, ICCID, '00B000080A', '00B0000800').slice(1)).toEqual(['71F36282', '71F39000']);
  });
});

describe('virtual UICC: T=1', () => {
  const card = () => poweredCard({ habits: { extended: true } });

  it('says so in its ATR: T=1, extended lengths, eight channels or more', () => {
    const atr = decodeAtr(createUicc({ habits: { extended: true } }).atr);
    expect([atr.protocols, atr.checksum, toHex(atr.historical)]).toEqual([
      [1],
      'right',
      '8031A073BE21576743200718000001',
    ]);
    const plain = decodeAtr(createUicc().atr);
    expect([plain.protocols, toHex(plain.historical)]).toEqual([[0], '8031A073BE21136743200718000001']);
    const sim = decodeAtr(createUicc({ habits: { classes: 'A0-only' } }).atr);
    expect([sim.protocols, sim.checksum]).toEqual([[0], 'absent']);
  });

  it('reads and updates a file in one command each', () => {
    const uicc = card();
    const content = 'A5'.repeat(4096);
    expect(talk(uicc, KEY, BOOTSTRAP, `00D60000001000${content}`)).toEqual(['9000', '9000', '9000']);
    const whole = [last(uicc, '00B00000000000'), last(uicc, '00B00000001000')];
    expect(whole).toEqual([`${content}9000`, `${content}9000`]);
    expect(last(uicc, '00A408040000047F5064310000')).toMatch(/^62.*9000$/);
  });

  it.each([
    ['an extended command cut short', '00D6000000000AAA', '6700'],
    ['lengths that do not fit', '00D60000000003AAAA', '6700'],
  ])('%s: %s', (_, command, sw) => {
    expect(last(card(), BOOTSTRAP, command)).toBe(sw);
  });

  it('a card that does not say so refuses extended lengths', () => {
    expect(last(poweredCard(), BOOTSTRAP, '00B00000000010')).toBe('6700');
  });

  it('opens nineteen channels; from 4 on they are in classes 4X (§10.1.1)', () => {
    const uicc = card();
    const opened = Array.from({ length: 20 }, () => last(uicc, '0070000001').slice(0, -4));
    expect(opened).toEqual([...Array.from({ length: 19 }, (_, i) => toHex(Uint8Array.of(i + 1))), '']);
    expect(talk(uicc, '4FA4000C022FE2', '4FB0000001', '00B0000001', '4EB0000001')).toEqual([
      '9000',
      '989000',
      '6986',
      '6986',
    ]);
    expect(talk(uicc, '4F708000', '4FB0000001')).toEqual(['9000', '6881']);
  });
});

describe('virtual UICC: logical channels', () => {
  it('keep what waits for GET RESPONSE apart', () => {
    const card = poweredCard();
    const [waiting, , response] = talk(card, '0070000001', '00A40004022FE2', '01A40004023F00', '00C0000000').slice(1);
    expect([waiting, response?.includes('83022FE2'), last(card, '01C0000000').includes('83023F00')]).toEqual([
      '6120',
      true,
      true,
    ]);
  });

  it('opened from another channel begin where that is', () => {
    const card = poweredCard();
    expect(talk(card, '0070000001', '01A4000C027F50', '0170000001', '02A4000C026431', '00A4000C026431')).toEqual([
      '019000',
      '9000',
      '029000',
      '9000',
      '6A82',
    ]);
  });
});

describe('virtual UICC: trays', () => {
  it('one without the PKCS#15 record in EF.DIR has the application all the same', () => {
    const card = poweredCard({ profile: withoutPkcs15Record(blankUiccProfile(DEFAULT_ICCID)) });
    expect(last(card, '00A4000C022F00', '00B2020426')).toBe(`${'FF'.repeat(38)}9000`);
    expect(last(card, '00A4040C0CA000000063504B43532D3135')).toBe('9000');
  });

  it('one that is full creates nothing (6A84)', () => {
    expect(last(poweredCard({ free: 0 }), KEY, BOOTSTRAP, createEf('AB058001019000'))).toBe('6A84');
  });

  it('one that was tried before has the tries that are left', () => {
    const card = poweredCard({ admTries: 1, pinTries: 0 });
    expect(talk(card, '0020000A', '00200001', '0020000108' + '31323334FFFFFFFF')).toEqual(['63C1', '6983', '6983']);
    expect(card.lostTries).toEqual({ adm1: 0, pin1: 0, puk1: 0 });
  });

  it('one is torn once at an APDU counted from the first, whatever resets come between', () => {
    const card: Uicc = poweredCard({ tornAt: 3 });
    talk(card, BOOTSTRAP);
    card.power(false);
    card.power(true);
    expect(talk(card, KEY)).toEqual(['9000']);
    expect(() => card.transmit(fromHex(BOOTSTRAP))).toThrow(expect.objectContaining({ code: 'card-removed' }));
    expect([card.powered, card.torn]).toEqual([false, true]);
    card.power(true);
    expect([card.torn, ...talk(card, BOOTSTRAP, KEY, BOOTSTRAP, KEY)]).toEqual([false, '9000', '9000', '9000', '9000']);
  });
});
