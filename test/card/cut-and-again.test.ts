/** A write that was cut, and then not resumed but planned anew, as the command line and a batch do; and what must not be written over. */
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import type { ProfileId } from '../../src-core/card/profile-kind.ts';
import { type Plan, planCard, planErase, writePlan } from '../../src-core/card/provision.ts';
import {
  type Access,
  blankUiccProfile,
  DEFAULT_ICCID,
  type DfProfile,
  type FileProfile,
} from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, DEFAULT_ADM1, type Uicc } from '../../src-core/virtual/uicc/uicc.ts';
import { carryOut, document, foundBy, inReader, RIGHT, torn, usedBytes } from '../support/card-in-reader.ts';

const FILE = '3F007F506431';
const DODF = '3F007F506430';
const CP = Uint8Array.from([0x03, 0x0b, 0x6a, 0x00, 0x45, 0xc6, 0x55, 0x01, 0x01, 0x01]);

/** The application DF with other files, and who may create some in it. */
function cardWith(change: (files: readonly FileProfile[]) => FileProfile[], creates: Access = 'adm1'): Uicc {
  const blank = blankUiccProfile(DEFAULT_ICCID);
  const files = blank.files.map(file =>
    file.kind === 'df' && file.fid === 0x7f50
      ? ({ ...file, change: creates, files: change(file.files) } satisfies DfProfile)
      : file,
  );
  return createUicc({ profile: { ...blank, files } });
}

const withContent = (fid: number, content: string) => (files: readonly FileProfile[]) =>
  files.map(file => (file.kind === 'transparent' && file.fid === fid ? { ...file, content } : file));
const plan = (card: Uicc, bytes: Uint8Array, profile: ProfileId = 'dm') =>
  inReader(card, connection => planCard(connection, bytes, { profile }));
const cut = (card: Uicc, made: Plan, nth: number, bytes: number) =>
  expect(inReader(card, connection => writePlan(torn(connection, nth, bytes), made, RIGHT))).rejects.toThrow();

describe('a write that was cut and is planned anew', () => {
  it.each([1, 2, 3])('in its first command after byte %i: the same bootstrap still has its place', async bytes => {
    const card = cardWith(files => [...files], 'never');
    const made = await plan(card, document(300, 1));
    await cut(card, made, 0, bytes);
    await carryOut(card, await plan(card, document(300, 1)));
    expect(await foundBy(card)).toBe(toHex(document(300, 1)));
  });

  it('while it blanks the former bootstrap: nothing of it stays, whichever command it was and wherever in it', async () => {
    const [old, next] = [document(600, 1), document(600, 2)];
    for (const [nth, bytes] of [
      [4, 0],
      [4, 40],
      [5, 100],
      [6, 100],
      [7, 0],
      [7, 30],
    ] as const) {
      const card = createUicc();
      await carryOut(card, await plan(card, old));
      await cut(card, await plan(card, next), nth, bytes);
      expect(await foundBy(card)).toBe(toHex(next));
      await carryOut(card, await plan(card, next));
      // Of a head that was cut in its middle the rest stays: no secret is in it.
      const rest = usedBytes(card, FILE);
      expect(rest.length / 2).toBeLessThanOrEqual(bytes === 30 ? 64 : 0);
    }
  });
});

describe('an entry of EF(DODF)', () => {
  const CP_ENTRY = '301A30040C02435030060604672B0501A10A300804063F007F506434';

  it('with a path from its directory keeps that form: one byte changes, and another profile behind it never moves', async () => {
    const relative = '301630040C02444D30060604672B0701A106300404026431';
    const card = cardWith(files =>
      withContent(
        DODF_FID,
        relative + CP_ENTRY,
      )(
        withContent(
          0x5031,
          'A70A300804063F007F506430',
        )([
          ...files.filter(({ fid }) => fid !== 0x6434),
          { kind: 'transparent', fid: 0x6434, size: 512, content: toHex(CP), read: 'always', update: 'adm1' },
        ]),
      ),
    );
    await carryOut(card, await plan(card, document(300, 1)));
    const made = await plan(card, document(300, 2));
    expect(made.updates.filter(({ path }) => path === DODF)).toMatchObject([{ offset: 23, data: '31' }]);
    await carryOut(card, made);
    expect([await foundBy(card), await foundBy(card, 'cp')]).toEqual([toHex(document(300, 2)), toHex(CP)]);
  });

  it('in a second one is taken out there, and the card verifies', async () => {
    const entry = '301A30040C02444D30060604672B0701A10A300804063F007F506431';
    const card = cardWith(files => [
      ...withContent(0x5031, 'A70A300804063F007F506430A70A300804063F007F506435')(files),
      { kind: 'transparent', fid: 0x6435, size: 128, content: entry, read: 'always', update: 'adm1' },
    ]);
    await carryOut(card, await plan(card, document(300, 1)));
    await carryOut(card, await inReader(card, connection => planErase(connection)));
    expect(await foundBy(card)).toBe('no-bootstrap');
  });

  it('that leads into another directory, where nothing is, creates nothing here', async () => {
    const entry = '301A30040C02444D30060604672B0701A10A300804063F007F106F10';
    const card = cardWith(files =>
      withContent(DODF_FID, entry)(withContent(0x5031, 'A70A300804063F007F506430')(files)),
    );
    await expect(plan(card, document(300, 1))).rejects.toMatchObject({ code: 'file-not-found' });
  });

  const DODF_FID = 0x6430;
});

describe('what is not ours', () => {
  it('came into the content file since the plan: it stays, and the key is not presented', async () => {
    const card = cardWith(files => [...files], 'never');
    const made = await plan(card, document(300, 1));
    await inReader(card, async connection => {
      await connection.transmit(fromHex('00A40804047F506431'));
      await connection.transmit(fromHex(`0020000A08${Buffer.from(DEFAULT_ADM1).toString('hex')}`));
      await connection.transmit(fromHex('00D6000004C0FFEE01'));
    });
    await expect(carryOut(card, made)).rejects.toMatchObject({ code: 'card-changed' });
    expect(toHex(card.file(FILE)).slice(0, 8)).toBe('C0FFEE01');
  });

  it('lies behind what UPDATE BINARY reaches: a longer document is refused before', async () => {
    await expect(plan(createUicc({ free: 60_000 }), document(40_000, 1), 'cp')).rejects.toMatchObject({
      code: 'file-too-small',
    });
  });
});
