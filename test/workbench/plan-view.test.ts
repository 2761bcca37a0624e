/** What a plan shows of two documents: secrets are compared, told as changed or not, and never shown. */
import { describe, expect, it } from 'vitest';
import { cpDocument } from '../../src-core/bootstrap/cp-document.ts';
import { planCard } from '../../src-core/card/provision.ts';
import { createUicc } from '../../src-core/virtual/uicc/uicc.ts';
import { planView } from '../../src-core/workbench/cards/plan-view.ts';
import { carryOut, inReader } from '../support/card-in-reader.ts';

const access = (secret: string, point = 'iot.example') =>
  `<characteristic type="NAPDEF"><parm name="NAPID" value="trial"/><parm name="NAP-ADDRESS" value="${point}"/>` +
  `<characteristic type="NAPAUTHINFO"><parm name="AUTHSECRET" value="${secret}"/></characteristic></characteristic>`;
const cp = (...accesses: string[]) =>
  cpDocument(new TextEncoder().encode(`<wap-provisioningdoc>${accesses.join('')}</wap-provisioningdoc>`));

/** The lines of the document when the second one follows the first on a card. */
async function difference(first: Uint8Array, second: Uint8Array): Promise<string[]> {
  const card = createUicc();
  const plan = (document: Uint8Array) =>
    inReader(card, connection => planCard(connection, document, { profile: 'cp' }));
  await carryOut(card, await plan(first));
  const { diff } = planView(await plan(second), 'plan-1', 'reader', 'CP');
  const marks = { old: '- ', new: '+ ', same: '  ', note: '' };
  const title = diff.findIndex(({ text }) => text.startsWith('EF Bootstrap'));
  const end = diff.findIndex(({ kind }, i) => kind === 'note' && i > title);
  return diff.slice(title + 1, end).map(({ kind, text }) => marks[kind] + text);
}

describe('the difference of two documents', () => {
  it('with another secret says so, and nothing of either', async () => {
    const lines = await difference(cp(access('sim-sala-bim')), cp(access('abracadabra!')));
    expect(lines.filter(line => line.includes('AUTHSECRET'))).toEqual([
      '-     AUTHSECRET •••',
      '+     AUTHSECRET ••• changed',
    ]);
    expect(lines).toContain('    NAP-ADDRESS iot.example');
    expect(lines.join()).not.toMatch(/sala|abra/);
  });

  it('with the same secret says that too', async () => {
    const lines = await difference(cp(access('sim-sala-bim')), cp(access('sim-sala-bim', 'field.example')));
    expect(lines.filter(line => line.includes('AUTHSECRET'))).toEqual(['      AUTHSECRET ••• unchanged']);
    expect(lines).toContain('-   NAP-ADDRESS iot.example');
    expect(lines).toContain('+   NAP-ADDRESS field.example');
  });

  it('compares the second secret of a name with the second', async () => {
    const lines = await difference(cp(access('one'), access('two')), cp(access('one'), access('2wo'), access('three')));
    expect(lines.filter(line => line.includes('AUTHSECRET'))).toEqual([
      '-     AUTHSECRET •••',
      '      AUTHSECRET ••• unchanged',
      '+     AUTHSECRET ••• changed',
      '+     AUTHSECRET •••',
    ]);
  });
});
