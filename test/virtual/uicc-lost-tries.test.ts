/** Every try that a virtual card loses is counted, and a test that does not declare it fails. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { checkLostTries, expectLostTries, reportingTries } from '../support/lost-tries.ts';
import { last, poweredCard, talk } from '../support/uicc.ts';

const WRONG_ADM = '0020000A083030303030303030';
const RIGHT_ADM = '0020000A083132333435363738';
const UICC = join(import.meta.dirname, '../../src-core/virtual/uicc/uicc.ts');

it('a declared try passes, also where a right key has given it back', () => {
  expectLostTries(1);
  const card = poweredCard();
  expect(talk(card, WRONG_ADM, RIGHT_ADM)).toEqual(['63C2', '9000']);
  expect([card.admTriesLeft, card.lostTries]).toEqual([3, { adm1: 1, pin1: 0, puk1: 0 }]);
});

it('an undeclared one is found: the check behind every test throws, and counts nothing of the test before', () => {
  talk(poweredCard(), WRONG_ADM);
  expect(checkLostTries).toThrow('tries lost on virtual cards: 1 (adm1), declared: 0');
});

it('one that was declared and not lost is found', () => {
  expectLostTries(2);
  const card = poweredCard({ pinEnabled: true });
  talk(card, '002C000110' + '3030303030303030' + '39393939FFFFFFFF');
  expect(checkLostTries).toThrow('1 (puk1), declared: 2');
});

it.each([
  ['a question for the tries', '0020000A'],
  ['a key of a wrong length', '0020000A0430303030'],
  ['a PIN that is disabled', '0020000108' + '30303030FFFFFFFF'],
  ['a key that is not there', '0020000B083030303030303030'],
])('%s costs none', (_, command) => {
  const card = poweredCard();
  last(card, command);
  expect(card.lostTries).toEqual({ adm1: 0, pin1: 0, puk1: 0 });
});

it('a blocked key has none to lose', () => {
  const card = poweredCard({ admTries: 0 });
  expect([last(card, WRONG_ADM), card.lostTries.adm1]).toEqual(['6983', 0]);
});

it('one lost by a card in a started program is found', async () => {
  const program = `
    const { createUicc } = await import(${JSON.stringify(UICC)});
    const card = createUicc();
    card.power(true);
    for (let i = 0; i < 2; i++) card.transmit(Buffer.from('${WRONG_ADM}', 'hex'));`;
  const { options, env } = reportingTries();
  await promisify(execFile)(process.execPath, [...options, '--input-type=module', '--eval', program], {
    env: { ...process.env, ...env },
  });
  expect(checkLostTries).toThrow('2 (adm1 in a program, adm1 in a program), declared: 0');
});
