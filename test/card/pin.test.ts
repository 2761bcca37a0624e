/** PIN1 in both classes: presented once, never where it could block the card unasked, and not at all where nobody asks for it. */
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { Secret } from '../../src-core/base/secret.ts';
import { basicChannel } from '../../src-core/card/file-access.ts';
import { parsePin, presentPin, readPinState, unlockCard } from '../../src-core/card/pin.ts';
import { planCard, verifyPlan, writePlan } from '../../src-core/card/provision.ts';
import type { CardConnection } from '../../src-core/card/reader.ts';
import { readSheet } from '../../src-core/card/sheet.ts';
import { type ApduTrace, traceConnection } from '../../src-core/card/trace.ts';
import {
  blankSimProfile,
  blankUiccProfile,
  DEFAULT_ICCID,
  type DfProfile,
  readAfterPin1,
} from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, type Uicc, type UiccOptions } from '../../src-core/virtual/uicc/uicc.ts';
import { document, inReader, RIGHT } from '../support/card-in-reader.ts';
import { expectLostTries } from '../support/lost-tries.ts';

const PIN = parsePin('1234');
const WRONG = parsePin('4321');
const VERIFY_PIN = '002000010831323334FFFFFFFF';

/** Cards that are read after PIN1. */
const KINDS = {
  UICC: () => locked(blankUiccProfile(DEFAULT_ICCID), {}),
  SIM: () => locked(blankSimProfile(DEFAULT_ICCID), { habits: { classes: 'A0-only' } }),
};
type Kind = keyof typeof KINDS;
const EACH: readonly Kind[] = ['UICC', 'SIM'];

function locked(profile: DfProfile, options: UiccOptions): (more?: UiccOptions) => Uicc {
  return more => createUicc({ profile: readAfterPin1(profile), pinEnabled: true, ...options, ...more });
}

/** Commands as they went to the card. */
function heard(connection: CardConnection): { sent: string[]; connection: CardConnection } {
  const sent: string[] = [];
  const transmit = (apdu: Uint8Array) => {
    sent.push(toHex(apdu));
    return connection.transmit(apdu);
  };
  return { sent, connection: { ...connection, transmit } };
}

/** A card with these answers, one after another. */
function scripted(answers: string[]) {
  return heard({
    atr: new Uint8Array(),
    extended: false,
    transmit: async () => fromHex(answers.shift() ?? '6F00'),
    disconnect: async () => undefined,
  });
}

const unlock = (card: Uicc, pin: Secret, consented = false) =>
  inReader(card, connection => unlockCard(connection, pin, { consented: () => consented }));

describe('a PIN', () => {
  it.each([
    ['1234', '31323334FFFFFFFF'],
    [' 0470 ', '30343730FFFFFFFF'],
    ['12345678', '3132333435363738'],
  ])('%j is padded: %s', (text, hex) => {
    expect(toHex(parsePin(text).reveal())).toBe(hex);
  });

  it.each([
    ['123', 'PIN1 is 4 to 8 digits, and this one has 3'],
    ['987654321', 'PIN1 is 4 to 8 digits, and this one has 9'],
    ['', 'PIN1 is 4 to 8 digits, and this one has 0'],
    ['98a7', 'PIN1 is 4 to 8 digits, and this one has other characters'],
    ['٣٤٥٦', 'PIN1 is 4 to 8 digits, and this one has other characters'],
  ])('%j is none, and the error does not repeat it', (text, message) => {
    expect(() => parsePin(text)).toThrow(
      expect.objectContaining({ name: 'RequestError', code: 'pin-format', message }),
    );
  });
});

describe('presenting it', () => {
  it('to a UICC: the MF says whether it is asked for, VERIFY without data how many tries are left', async () => {
    await inReader(KINDS.UICC()(), async card => {
      const { sent, connection } = heard(card);
      expect(await presentPin(basicChannel(connection), PIN)).toBe(true);
      expect(sent).toEqual(['00A40004023F0000', '00200001', VERIFY_PIN]);
    });
  });

  it('to a SIM: the MF says both in one answer', async () => {
    await inReader(KINDS.SIM()(), async card => {
      const { sent, connection } = heard(card);
      expect(await presentPin({ ...basicChannel(connection), gsm: true }, PIN)).toBe(true);
      expect(sent).toEqual(['A0A40000023F00', 'A0C0000017', 'A02000010831323334FFFFFFFF']);
    });
  });

  it.each(EACH)('%s: where it is disabled nothing is presented', async kind => {
    const card = KINDS[kind]()({ pinEnabled: false });
    expect(await unlock(card, WRONG)).toEqual({ iccid: DEFAULT_ICCID, presented: false });
    expect(card.pinTriesLeft).toBe(3);
  });

  it.each(EACH)('%s: a wrong one costs one try, and none at the last try before a person consents', async kind => {
    expectLostTries(2);
    const card = KINDS[kind]()();
    const wrong = (triesLeft: number) => ({ code: 'pin-wrong', details: { triesLeft } });
    await expect(unlock(card, WRONG)).rejects.toMatchObject({ message: 'PIN1 is wrong, 2 tries left', ...wrong(2) });
    await expect(unlock(card, WRONG)).rejects.toMatchObject({ message: 'PIN1 is wrong, 1 try left', ...wrong(1) });
    await expect(unlock(card, WRONG)).rejects.toMatchObject({ code: 'pin-last-try', details: { triesLeft: 1 } });
    await expect(unlock(card, PIN)).rejects.toMatchObject({ code: 'pin-last-try' });
    expect(card.pinTriesLeft).toBe(1);
    expect(await unlock(card, PIN, true)).toMatchObject({ presented: true });
    expect(card.pinTriesLeft).toBe(3);
  });

  it.each(EACH)('%s: the last try lost is a blocked card, and says who has its PUK', async kind => {
    expectLostTries(1);
    const card = KINDS[kind]()({ pinTries: 1 });
    await expect(unlock(card, WRONG, true)).rejects.toMatchObject({
      code: expect.stringMatching(/^pin-(wrong|blocked)$/),
      message: expect.stringMatching(/^PIN1 is wrong, and blocked now$/),
      advice: 'Only the PUK of this card unblocks it: its issuer has it',
    });
    await expect(unlock(card, PIN, true)).rejects.toMatchObject({
      code: 'pin-blocked',
      message: 'PIN1 of this card is blocked',
    });
  });

  it('goes to the card it is of, and to no other', async () => {
    await inReader(KINDS.UICC()(), async card => {
      const { sent, connection } = heard(card);
      await expect(unlockCard(connection, PIN, { iccid: '8988211000000304999' })).rejects.toMatchObject({
        code: 'other-card',
      });
      expect(sent.filter(command => command.startsWith('0020'))).toEqual([]);
    });
  });

  it('what is to be done right before it may keep it back', async () => {
    const card = KINDS.UICC()();
    const kept = inReader(card, connection =>
      unlockCard(connection, PIN, { beforePin: (iccid, tries) => Promise.reject(new Error(`${iccid} ${tries}`)) }),
    );
    await expect(kept).rejects.toThrow(`${DEFAULT_ICCID} 3`);
  });

  it.each(['6C08', '6108', '6300', '9F08', '6A88'])('goes out once, also where the card answers %s', async answer => {
    const { sent, connection } = scripted(['6A82', '6A82', '63C3', answer]);
    await expect(presentPin(basicChannel(connection), PIN)).rejects.toMatchObject({ code: 'pin-refused' });
    expect(sent.slice(-2)).toEqual(['00200001', VERIFY_PIN]);
  });
});

describe('the state of PIN1', () => {
  const MF = '6282';
  /** PIN status template: the first of two keys is disabled, the second enabled. */
  const template = (reference: string) => `6213${'82027821'}${'83023F00'}C609900140${`8301${reference}`}83010A9000`;

  it.each<[string, string[], { enabled?: boolean; triesLeft?: number }]>([
    ['in the MF', [template('01'), '63C2'], { enabled: false, triesLeft: 2 }],
    [
      'in the application, where the MF has none',
      [template('11'), template('01'), '63C3'],
      { enabled: false, triesLeft: 3 },
    ],
    ['nowhere, and VERIFY without data needs nothing', [MF, '6A82', '9000'], { enabled: false }],
    ['nowhere, and it is invalidated', ['6A82', '6A82', '6984'], { enabled: false }],
    ['nowhere, with tries', ['6A82', '6A82', '63C1'], { triesLeft: 1 }],
    ['nowhere, blocked', ['6A82', '6A82', '6983'], { triesLeft: 0 }],
    ['nowhere at all', ['6A82', '6A82', '6D00'], {}],
  ])('is read: %s', async (_, [mf = '', ...answers], { enabled, triesLeft }) => {
    const { connection } = scripted([mf === MF ? '620882027821' + '83023F009000' : mf, ...answers]);
    expect(await readPinState(basicChannel(connection))).toEqual({ enabled, triesLeft });
  });

  it('of a SIM is in the header of its MF; a code that was never set tells no tries', async () => {
    const header = (characteristics: string, status: string) =>
      `0000${'8000'}3F0001${'0000000000'}0A${characteristics}${'01010200'}${status}8A00009000`;
    for (const [characteristics, status, state] of [
      ['01', '82', { enabled: true, triesLeft: 2 }],
      ['81', '83', { enabled: false, triesLeft: 3 }],
      ['01', '00', { enabled: true, triesLeft: undefined }],
    ] as const) {
      const { connection } = scripted([header(characteristics, status)]);
      expect(await readPinState({ ...basicChannel(connection), gsm: true })).toEqual(state);
    }
  });

  it('that cannot be read leaves it to a person', async () => {
    const { sent, connection } = scripted(['6A82', '6A82', '6D00']);
    await expect(presentPin(basicChannel(connection), PIN)).rejects.toMatchObject({ code: 'pin-unknown' });
    expect(sent).not.toContain(VERIFY_PIN);
  });
});

describe('a card that is read after PIN1', () => {
  it.each(EACH)('%s: the sheet says so, with the tries, and costs none; after it all is read', async kind => {
    const card = KINDS[kind]()();
    const [before, after] = await inReader(card, async connection => {
      const first = await readSheet(connection);
      await unlockCard(connection, PIN);
      return [first, await readSheet(connection)];
    });
    expect(before.pin1).toEqual({ enabled: true, triesLeft: 3, needed: true });
    expect(before.problems[0]).toContain('it is read after PIN1; PIN1 has 3 tries left');
    expect(after).toMatchObject({ pin1: { needed: false }, problems: [] });
    expect(after.files.map(({ path }) => path.slice(-4))).toEqual(expect.arrayContaining(['5031', '6430', '6431']));
  });

  it.each(EACH)('%s: is planned, written and verified in connections that present it first', async kind => {
    const card = KINDS[kind]()();
    const opened = <T>(work: (connection: CardConnection) => Promise<T>) =>
      inReader(card, async connection => {
        await unlockCard(connection, PIN);
        return work(connection);
      });
    const plan = await opened(connection => planCard(connection, document(300)));
    await opened(connection => writePlan(connection, plan, RIGHT, { consent: { iccid: plan.iccid } }));
    await opened(connection => verifyPlan(connection, plan));
    expect(plan.files.map(({ access }) => access?.read)).toEqual(['PIN1', 'PIN1', 'PIN1']);
  });

  it('a file that is read after another key is not a matter of PIN1', async () => {
    const blank = blankUiccProfile(DEFAULT_ICCID);
    const files = blank.files.map(file =>
      file.kind === 'df' && file.fid === 0x7f50
        ? { ...file, files: file.files.map(own => (own.kind === 'df' ? own : { ...own, read: 'adm1' as const })) }
        : file,
    );
    const card = createUicc({ profile: { ...blank, files }, pinEnabled: true });
    await expect(inReader(card, connection => planCard(connection, document(80)))).rejects.toMatchObject({
      code: 'read-locked',
      message: expect.stringMatching(/it is read after ADM1$/),
    });
    expect((await inReader(card, readSheet)).pin1.needed).toBe(false);
  });
});

it.each(EACH)('the trace of a %s says what was presented, and not its digits', async kind => {
  const entries: ApduTrace[] = [];
  await inReader(KINDS[kind]()(), connection =>
    unlockCard(
      traceConnection(
        connection,
        () => 0,
        entry => entries.push(entry),
      ),
      PIN,
    ),
  );
  const last = entries.at(-1);
  expect([last?.text, last?.command.slice(2)]).toEqual(['VERIFY PIN1', '20000108•••']);
  expect(JSON.stringify(entries)).not.toContain('31323334');
  expect(JSON.stringify(entries)).not.toContain(Secret.ofText('1234').revealText().concat('FF'));
});
