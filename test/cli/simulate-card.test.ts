/** dmw simulate card: its flags make the card odd, and at its end it says what wrong keys have cost. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CardSlot, openCardSlot } from '../support/card-slot.ts';
import { expectLostTries } from '../support/lost-tries.ts';
import { dmw, type Running, startDmw } from '../support/programs.ts';
import { createEf } from '../support/uicc.ts';

const ICCID = '00A4000C022FE2';
const BOOTSTRAP = '00A4080C047F506431';
const RIGHT_ADM = '0020000A083132333435363738';
const WRONG_ADM = '0020000A083030303030303030';
const CREATE = createEf('AB058001019000');

let slot: CardSlot;
let program: Running | undefined;
beforeEach(async () => {
  slot = await openCardSlot();
});
afterEach(async () => {
  await program?.stop();
  await slot.close();
});

async function insert(...flags: string[]) {
  const started = startDmw(['simulate', 'card', '--vpcd', slot.address, ...flags]);
  program = started;
  const card = await slot.card();
  await started.firstLine;
  const talk = async (...commands: string[]) => {
    const answers: string[] = [];
    for (const command of commands) answers.push(await card.send(command));
    return answers;
  };
  return { started, atr: card.atr, talk };
}

describe('dmw simulate card', () => {
  it.each<[string[], string[], string[]]>([
    [
      ['--iccid', '8988211000000000019'],
      [ICCID, '00B000000A'],
      ['9000', '988812010000000010F99000'],
    ],
    [['--sim'], ['00A4000C023F00', 'A0A40000027F50'], ['6E00', '9F17']],
    [['--t1'], [BOOTSTRAP, '00B00000000003', '0070000001'], ['9000', 'FFFFFF9000', '019000']],
    [['--arr'], ['00A40804047F50643100'], ['621682024121830264318A01058B032F06028002100088009000']],
    [['--exact-le'], [ICCID, '00B0000000'], ['9000', '6C0A']],
    [
      ['--most-read', '4'],
      [ICCID, '00B000000A'],
      ['9000', '988812019000'],
    ],
    [
      ['--most-read', '4', '--warn-short'],
      [ICCID, '00B000000A'],
      ['9000', '988812016282'],
    ],
    [['--no-dir'], ['00A4000C022F00', '00B2020426'], ['9000', `${'FF'.repeat(38)}9000`]],
    [['--full'], [RIGHT_ADM, BOOTSTRAP, CREATE], ['9000', '9000', '6A84']],
    [
      ['--pin1', '1234', '--pin-tries', '1', '--adm-tries', '2'],
      ['00200001', '0020000A'],
      ['63C1', '63C2'],
    ],
    [
      ['--pin1', '0470', '--read-after-pin1'],
      [BOOTSTRAP, '00B0000002', '002000010830343730FFFFFFFF', '00B0000002'],
      ['9000', '6982', '9000', 'FFFF9000'],
    ],
    [
      ['--sim', '--pin1', '0470', '--read-after-pin1'],
      ['A0A40000027F50', 'A0A40000026431', 'A0B0000002', 'A02000010830343730FFFFFFFF', 'A0B0000002'],
      ['9F17', '9F0F', '9804', '9000', 'FFFF9000'],
    ],
  ])('%j', async (flags, commands, answers) => {
    const { talk } = await insert(...flags);
    expect(await talk(...commands)).toEqual(answers);
  });

  it('pulled at an APDU it is in again by itself, and remembers what was written', async () => {
    const { started, talk } = await insert('--tear', '3', '--json');
    expect(await talk(RIGHT_ADM, BOOTSTRAP)).toEqual(['9000', '9000']);
    await expect(talk('00D6000002CAFE')).rejects.toThrow('the card is out');
    const again = await slot.card();
    expect([await again.send(BOOTSTRAP), await again.send('00B0000002')]).toEqual(['9000', 'CAFE9000']);
    expect((await started.stop()).stdout).toContain('"card": "torn-and-back"');
  });

  it('says at its end how many tries wrong keys have cost', async () => {
    expectLostTries(2);
    const { started, talk } = await insert();
    await talk(WRONG_ADM, WRONG_ADM, RIGHT_ADM);
    const { code, stdout } = await started.stop();
    expect([code, stdout.trim().split('\n').at(-1)]).toEqual([
      0,
      'Taken out; tries lost by wrong keys: ADM1 2, PIN1 0, PUK1 0',
    ]);
  });

  it('names every flag in its help', async () => {
    const { stdout } = await dmw(['simulate', '--help']);
    for (const flag of [
      'sim',
      't1',
      'arr',
      'exact-le',
      'most-read',
      'warn-short',
      'no-dir',
      'full',
      'tear',
      'iccid',
      'pin1',
    ])
      expect(stdout).toMatch(new RegExp(`^ +--${flag} `, 'm'));
    expect(stdout).toMatch(/--read-after-pin1 /);
    expect(stdout).toMatch(/--pin-tries, --adm-tries /);
  });

  it.each([
    [['--tear', '0'], '--tear takes a number from 1 to'],
    [['--adm-tries', '4'], '--adm-tries takes a number from 0 to 3, not 4'],
    [['--most-read', 'all'], '--most-read takes a number'],
    [['--sim', '--t1'], '--sim has neither T=1'],
    [['--pin1', '12a4'], '--pin1 takes 4 to 8 digits'],
    [['--iccid', '12'], '--iccid takes 18 to 20 digits, not 12'],
  ])('%j: one clear line, exit code 2', async (flags, line) => {
    const { code, stdout, stderr } = await dmw(['simulate', 'card', '--vpcd', slot.address, ...flags]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`dmw: ${line}`);
  });
});
