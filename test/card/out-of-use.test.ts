/** An entry of EF(DODF) that others stand behind is put out of use by one byte, and is ours again when it is needed. */
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import type { ProfileId } from '../../src-core/card/profile-kind.ts';
import { backupOf, type Plan, planCard, planErase, planRestore } from '../../src-core/card/provision.ts';
import { readSheet } from '../../src-core/card/sheet.ts';
import type { Uicc } from '../../src-core/virtual/uicc/uicc.ts';
import { cardWithFiles, carryOut, document, foundBy, inReader, usedBytes } from '../support/card-in-reader.ts';

const DODF = '3F007F506430';
const DM_ENTRY = '301A30040C02444D30060604672B0701A10A300804063F007F506431';
const CP_ENTRY = '301A30040C02435030060604672B0501A10A300804063F007F506434';
/** 2.23.43.7.0 and 2.23.43.5.0. */
const DM_UNUSED = DM_ENTRY.replace('2B0701', '2B0700');
const CP_UNUSED = CP_ENTRY.replace('2B0501', '2B0500');
const CP = Uint8Array.from([0x03, 0x0b, 0x6a, 0x00, 0x45, 0xc6, 0x55, 0x01, 0x01, 0x01]);
const DM = document(40, 1);

const cardOf = (contents: Readonly<Record<string, string>>) =>
  cardWithFiles({ '5031': 'A70A300804063F007F506430', ...contents });
const both = () => cardOf({ '6430': DM_ENTRY + CP_ENTRY, '6431': toHex(DM), '6434': toHex(CP) });
const plan = (card: Uicc, bytes: Uint8Array, profile: ProfileId) =>
  inReader(card, connection => planCard(connection, bytes, { profile }));
const planToErase = (card: Uicc, profile: ProfileId) => inReader(card, connection => planErase(connection, profile));
const pointers = ({ updates }: Plan) => updates.filter(({ path }) => path === DODF);

describe('an erased bootstrap before another one', () => {
  it('loses one byte of its entry; the content is gone, the other is as it was', async () => {
    const card = both();
    const erase = await planToErase(card, 'dm');
    expect(pointers(erase)).toEqual([{ path: DODF, offset: 15, data: '00' }]);
    await carryOut(card, erase);
    expect([usedBytes(card, DODF), usedBytes(card, '3F007F506431')]).toEqual([DM_UNUSED + CP_ENTRY, '']);
    expect([await foundBy(card, 'dm'), await foundBy(card, 'cp')]).toEqual(['no-bootstrap', toHex(CP)]);
  });

  it('is erased: once more there is nothing to do', async () => {
    const card = both();
    await carryOut(card, await planToErase(card, 'dm'));
    const again = await planToErase(card, 'dm');
    expect(again).toMatchObject({ updates: [], gap: false, hindrances: [] });
    await carryOut(card, again);
  });

  it('is told on the sheet of the card', async () => {
    const card = both();
    await carryOut(card, await planToErase(card, 'dm'));
    const { objects, bootstraps, problems } = await inReader(card, readSheet);
    expect(objects.map(({ oid, name }) => [oid, name])).toEqual([
      ['2.23.43.7.0', 'DM bootstrap, out of use'],
      ['2.23.43.5.1', 'CP bootstrap'],
    ]);
    expect([bootstraps.map(({ profile }) => profile), problems]).toEqual([['cp'], []]);
  });

  it('comes again, also from a backup, into the same file, by the same byte', async () => {
    const card = both();
    const erase = await planToErase(card, 'dm');
    await carryOut(card, erase);
    const restore = await inReader(card, connection => planRestore(connection, backupOf(erase, 1)));
    expect(pointers(restore)).toEqual([{ path: DODF, offset: 15, data: '01' }]);
    await carryOut(card, restore);
    expect([usedBytes(card, DODF), await foundBy(card, 'dm')]).toEqual([DM_ENTRY + CP_ENTRY, toHex(DM)]);
  });

  it('comes again where the issuer had put it, also where the usual files are missing', async () => {
    const entry = DM_ENTRY.replace('506431', '506F01');
    const card = cardOf({ '6430': entry + CP_ENTRY, '6F01': toHex(DM), '6434': toHex(CP) });
    await carryOut(card, await planToErase(card, 'dm'));
    const made = await plan(card, document(50, 2), 'dm');
    expect([made.files[0]?.path, pointers(made)]).toEqual(['3F007F506F01', [{ path: DODF, offset: 15, data: '01' }]]);
    await carryOut(card, made);
    expect(usedBytes(card, DODF)).toBe(entry + CP_ENTRY);
  });

  it('is let go with the other one, when that goes from the end', async () => {
    const card = both();
    await carryOut(card, await planToErase(card, 'dm'));
    const made = await planToErase(card, 'cp');
    // Out of use, then content, then the end of the list.
    expect(pointers(made).map(({ offset, data }) => [offset, data.length / 2])).toEqual([
      [43, 1],
      [0, 1],
      [1, 55],
    ]);
    await carryOut(card, made);
    expect(usedBytes(card, DODF)).toBe('');
  });
});

describe('an entry out of use', () => {
  it('takes no file from others, and its own bootstrap then gets another', async () => {
    const card = cardOf({
      '6430': `${CP_UNUSED.replace('506434', '506431') + DM_UNUSED.replace('506431', '506432')}A006300430023000`,
      '6431': '',
      '6432': '',
    });
    const first = await plan(card, DM, 'dm');
    await carryOut(card, first);
    expect(first.files[0]?.path).toBe('3F007F506432');
    // That file is in use now, this one is not.
    const second = await plan(card, document(50, 2), 'dm');
    await carryOut(card, second);
    expect(second.files[0]?.path).toBe('3F007F506431');
    const third = await plan(card, CP, 'cp');
    await carryOut(card, third);
    expect(third.files[0]?.path).toBe('3F007F506432');
    expect([await foundBy(card, 'dm'), await foundBy(card, 'cp')]).toEqual([toHex(document(50, 2)), toHex(CP)]);
    expect(usedBytes(card, DODF)).toBe(`${CP_ENTRY.replace('506434', '506432')}${DM_ENTRY}A006300430023000`);
  });

  it('is looked for only where it can be read: an EF(DODF) that no list has may hold anything', async () => {
    const card = cardOf({ '5031': '', '6430': '301A0401', '6431': '' });
    const erase = await planToErase(card, 'dm');
    expect(erase.updates).toEqual([]);
    await carryOut(card, await plan(card, DM, 'dm'));
    expect(usedBytes(card, DODF)).toBe(DM_ENTRY);
  });

  it('leads a later plan to what was left of its bootstrap', async () => {
    const card = cardOf({
      '6430': DM_UNUSED.replace('506431', '506F01') + CP_ENTRY + DM_ENTRY,
      '6F01': toHex(document(60, 3)),
      '6431': toHex(DM),
      '6434': toHex(CP),
    });
    await carryOut(card, await planToErase(card, 'dm'));
    expect([usedBytes(card, '3F007F506F01'), usedBytes(card, '3F007F506431'), usedBytes(card, DODF)]).toEqual([
      '',
      '',
      DM_UNUSED.replace('506431', '506F01') + CP_ENTRY,
    ]);
  });
});
