/** The file that a new bootstrap goes into while the old one is in use, and the files of others that are none. */
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import { planCard, writePlan } from '../../src-core/card/provision.ts';
import type { Habits } from '../../src-core/virtual/uicc/card.ts';
import { blankUiccProfile, DEFAULT_ICCID } from '../../src-core/virtual/uicc/profile.ts';
import { createUicc } from '../../src-core/virtual/uicc/uicc.ts';
import { document, foundBy, inReader, RIGHT, usedBytes } from '../support/card-in-reader.ts';
import {
  BOOTSTRAP,
  cardOf,
  cardWith,
  DODF,
  DODF_ENTRY,
  ODF,
  plan,
  provision,
  verify,
  write,
} from '../support/provisioning.ts';

describe('a second file', () => {
  const SPARE = '3F007F506432';
  const [old, next] = [document(900, 1), document(600, 2)];

  it('takes the new bootstrap, created with the rules of its neighbours; the next one goes back to the first', async () => {
    const card = createUicc();
    await provision(card, old);
    const made = await plan(card, next);
    // Create, three of content, the pointer, and four to blank the old one.
    expect(made).toMatchObject({ gap: false, apdusToWrite: 10 });
    expect(made.files[0]).toMatchObject({
      path: SPARE,
      size: 1024,
      create: '622382024121830264328A0105AB108001019000800102A40683010A950108800204008800',
    });
    await write(card, made);
    await verify(card, made);
    expect([usedBytes(card, BOOTSTRAP), usedBytes(card, SPARE)]).toEqual(['', toHex(next)]);
    expect(usedBytes(card, DODF)).toBe(DODF_ENTRY.replace('6431', '6432'));
    const back = await plan(card, document(700, 3));
    expect(back.files[0]).toMatchObject({ path: BOOTSTRAP });
    await write(card, back);
    await verify(card, back);
    expect(await foundBy(card)).toBe(toHex(document(700, 3)));
  });

  it('is created also where the card keeps its rules in EF.ARR', async () => {
    const card = cardOf({ habits: { rules: 'referenced' } });
    await provision(card, old);
    const made = await plan(card, next);
    expect(made.files[0]?.create).toMatch(/^62168202412183026432.*8B032F0602800204008800$/);
    await write(card, made);
    await verify(card, made);
  });

  it.each<[string, Partial<Habits>]>([
    ['speaks T=1 with extended lengths', { extended: true }],
    ['gives few bytes with a warning', { mostRead: 100, warnsShort: true }],
    ['wants Le exactly', { exactLe: true }],
  ])('is written and verified as on any on a card that %s', async (_, habits) => {
    const card = cardOf({ habits });
    await provision(card, old);
    const made = await plan(card, next);
    await write(card, made);
    await verify(card, made);
    expect(await foundBy(card)).toBe(toHex(next));
  });

  it('that a card has no room for: it is written in place, and the plan says so', async () => {
    const full = cardOf({ free: 100 });
    await provision(full, old);
    const made = await plan(full, next);
    // Nobody knows before: the card says so when it is asked, and still has its old bootstrap.
    await expect(write(full, made)).rejects.toMatchObject({ code: 'command-refused', statusWord: 0x6a84 });
    expect(await foundBy(full)).toBe(toHex(old));
    const inPlace = await inReader(full, connection => planCard(connection, next, { inPlace: true }));
    expect(inPlace).toMatchObject({ gap: true });
    await write(full, inPlace);
    await verify(full, inPlace);
  });

  it('a missing content file, DODF and ODF are created', async () => {
    const bare = cardWith({ 25649: 'missing', 25648: 'missing', 20529: 'missing' });
    const made = await plan(bare, next);
    expect(made.files.map(({ path, size, create }) => [path, size, create !== undefined])).toEqual([
      [BOOTSTRAP, 1024, true],
      [DODF, 128, true],
      [ODF, 128, true],
    ]);
    await write(bare, made);
    await verify(bare, made);
    expect(await foundBy(bare)).toBe(toHex(next));
  });

  it('files missing at any moment: pulled while they are created, the same plan completes them', async () => {
    for (let commands = 0; ; commands++) {
      const bare = cardWith({ 25649: 'missing', 25648: 'missing', 20529: 'missing' });
      const made = await plan(bare, next);
      const outcome = await inReader(bare, connection => {
        bare.tearAfter(commands);
        return writePlan(connection, made, RIGHT).then(
          () => 'written',
          () => 'torn',
        );
      });
      if (outcome === 'written') break;
      expect(['no-bootstrap', toHex(next)]).toContain(await foundBy(bare));
      await write(bare, made);
      await verify(bare, made);
    }
  });
});

describe('files of others', () => {
  const CERTIFICATES = 'A40A300804063F007F506432';

  it('are no second file: what EF(ODF) leads to, what another object has, what nobody knows', async () => {
    const listed = cardWith({ 20529: { content: CERTIFICATES } }, 'never');
    await provision(listed, document(600, 1));
    expect(await plan(listed, document(600, 2))).toMatchObject({ gap: true });
    const blank = blankUiccProfile(DEFAULT_ICCID);
    const files = blank.files.map(file =>
      file.kind === 'df' && file.fid === 0x7f50
        ? { ...file, change: 'never' as const, files: [...file.files, { ...UNKNOWN, fid: 0x6432 }] }
        : file,
    );
    const unknown = createUicc({ profile: { ...blank, files } });
    await provision(unknown, document(600, 1));
    const made = await plan(unknown, document(600, 2));
    expect([made.gap, made.files[0]?.path]).toEqual([true, BOOTSTRAP]);
    await write(unknown, made);
    expect(usedBytes(unknown, '3F007F506432')).toBe('CAFE');
  });

  it('are never the place of the content', async () => {
    const foreign = cardWith({ 25649: { content: 'CAFE' } });
    const beside = await plan(foreign, document(20, 1));
    await write(foreign, beside);
    await verify(foreign, beside);
    expect([usedBytes(foreign, BOOTSTRAP), usedBytes(foreign, '3F007F506432')]).toEqual([
      'CAFE',
      toHex(document(20, 1)),
    ]);
    const closed = cardWith({ 25649: { content: 'CAFE' } }, 'never');
    await expect(plan(closed, document(20, 1))).rejects.toMatchObject({
      code: 'file-taken',
      details: { path: BOOTSTRAP },
    });
    const atDodf = cardWith({ 20529: { content: 'A70A300804063F007F506431' }, 25649: { size: 128 } });
    expect((await plan(atDodf, document(20, 1))).files[0]).toMatchObject({ path: '3F007F506432' });
  });

  it('a card that says its files in two ways has them once', async () => {
    const blank = blankUiccProfile(DEFAULT_ICCID);
    const files = blank.files.map(file =>
      file.kind === 'linear-fixed' ? { ...file, records: ['610E4F0CA000000063504B43532D3135'] } : file,
    );
    const card = createUicc({ profile: { ...blank, files } });
    const first = await plan(card, document(600, 1));
    await write(card, first);
    await verify(card, first);
    const made = await plan(card, document(600, 2));
    expect(made).toMatchObject({ base: '', gap: false });
    expect(made.files[0]?.path).toBe('6432');
    await write(card, made);
    await verify(card, made);
    expect(await foundBy(card)).toBe(toHex(document(600, 2)));
  });
});

const UNKNOWN = { kind: 'transparent', size: 1024, content: 'CAFE', read: 'always', update: 'adm1' } as const;
