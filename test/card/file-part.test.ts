/** An entry that gives a part of a file by index and length (PKCS#15 §6.1.5): no more of it is read, and nothing around it is written. */
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import { type Plan, planCard, planErase } from '../../src-core/card/provision.ts';
import { readSheet } from '../../src-core/card/sheet.ts';
import { readBootstrapFromCard } from '../../src-core/virtual/handset/card-bootstrap.ts';
import type { Access } from '../../src-core/virtual/uicc/profile.ts';
import type { Uicc } from '../../src-core/virtual/uicc/uicc.ts';
import { cardWithFiles, carryOut, document, foundBy, inReader, usedBytes } from '../support/card-in-reader.ts';

const DODF = '3F007F506430';
const FILE = '3F007F506431';
const ODF_ENTRY = 'A70A300804063F007F506430';
const ENTRY = '301A30040C02444D30060604672B0701A10A300804063F007F506431';
/** 24 bytes of the file from its third: index 2, length 24. */
const PART_ENTRY = '302030040C02444D30060604672B0701A110300E04063F007F506431020102800118';
const OLD = document(24, 1);
const CONTENT = `CAFE${toHex(OLD)}C0FFEE`;

interface Files {
  readonly odf?: string;
  readonly dodf?: string;
  readonly content?: string;
  /** Of 6432; without it the card has none. */
  readonly second?: string;
  readonly creates?: Access;
}

function cardOf(files: Files = {}): Uicc {
  const { odf = ODF_ENTRY, dodf = PART_ENTRY, content = CONTENT, second, creates = 'adm1' } = files;
  const contents = { '5031': odf, '6430': dodf, '6431': content, ...(second !== undefined && { '6432': second }) };
  return cardWithFiles(contents, { creates });
}

const plan = (card: Uicc, bytes: Uint8Array) => inReader(card, connection => planCard(connection, bytes));
const written = async (card: Uicc, made: Plan) => {
  await carryOut(card, made);
  return [await foundBy(card), usedBytes(card, DODF), usedBytes(card, FILE)];
};

describe('a part of a content file', () => {
  it('is what a handset reads', async () => {
    expect(await foundBy(cardOf())).toBe(toHex(OLD));
    const asHandset = inReader(cardOf(), ({ transmit }) => readBootstrapFromCard(transmit));
    expect(await asHandset).toEqual(OLD);
    const { bootstraps } = await inReader(cardOf(), readSheet);
    expect(bootstraps.map(({ bytes }) => toHex(bytes))).toEqual([toHex(OLD)]);
    const made = await plan(cardOf(), document(10, 2));
    expect([made.found, made.files.at(-1)]).toEqual([
      toHex(OLD),
      expect.objectContaining({ role: 'left', usedBefore: 24, usedAfter: 0 }),
    ]);
  });

  it('stays as it is where the document is there already', async () => {
    expect((await plan(cardOf(), OLD)).updates).toEqual([]);
  });

  it('is left for another file, whose entry gives all of it; what lies around it stays', async () => {
    const next = document(40, 2);
    const card = cardOf();
    const made = await plan(card, next);
    expect(made.gap).toBe(false);
    expect(await written(card, made)).toEqual([
      toHex(next),
      PART_ENTRY.replace('2B0701', '2B0700') + ENTRY.replace('506431', '506432'),
      `CAFE${'FF'.repeat(24)}C0FFEE`,
    ]);
  });

  it('takes what fits into it where there is no other file', async () => {
    const card = cardOf({ creates: 'never' });
    const made = await plan(card, document(20, 2));
    expect(made.gap).toBe(true);
    expect(await written(card, made)).toEqual([
      toHex(document(20, 2)),
      PART_ENTRY,
      `CAFE${toHex(document(20, 2))}FFFFFFFFC0FFEE`,
    ]);
    await expect(plan(card, document(25, 3))).rejects.toMatchObject({
      code: 'file-too-small',
      details: { path: FILE, size: 24, needed: 25 },
    });
  });

  it.each([
    ['where all of it is blank', '', false],
    ['not where something is around it', 'CAFE', true],
  ])('out of use is a second file again %s', async (_, content, gap) => {
    const dodf = PART_ENTRY.replace('2B0701', '2B0700') + ENTRY.replace('506431', '506432');
    const card = cardOf({ dodf, content, second: toHex(OLD), creates: 'never' });
    const made = await plan(card, document(30, 2));
    expect(made.gap).toBe(gap);
    await carryOut(card, made);
    expect([await foundBy(card), usedBytes(card, FILE)]).toEqual([
      toHex(document(30, 2)),
      gap ? content : toHex(document(30, 2)),
    ]);
  });

  it('is erased by itself', async () => {
    const card = cardOf();
    const made = await inReader(card, connection => planErase(connection));
    expect(await written(card, made)).toEqual(['no-bootstrap', '', `CAFE${'FF'.repeat(24)}C0FFEE`]);
  });

  it('ends where the file ends, and is nothing behind it', async () => {
    expect(
      await foundBy(cardOf({ content: toHex(OLD), dodf: PART_ENTRY.replace('020102800118', '020100800170') })),
    ).toBe(toHex(OLD));
    expect(await foundBy(cardOf({ dodf: PART_ENTRY.replace('020102800118', '02017F800118') }))).toBe('no-bootstrap');
  });
});

describe('a part of EF(DODF)', () => {
  const FOREIGN = 'A006300430023000';

  it('is what has entries: a new one goes into it, or nowhere', async () => {
    // 40 bytes of it.
    const card = cardOf({ odf: 'A710300E04063F007F506430020100800128', dodf: FOREIGN, content: '' });
    expect(await written(card, await plan(card, OLD))).toEqual([toHex(OLD), FOREIGN + ENTRY, toHex(OLD)]);
    const small = cardOf({ odf: 'A710300E04063F007F506430020100800120', dodf: FOREIGN, content: '' });
    await expect(plan(small, OLD)).rejects.toMatchObject({ code: 'file-too-small', details: { path: DODF, size: 32 } });
  });

  it('that begins inside the file is refused', async () => {
    const card = cardOf({ odf: 'A710300E04063F007F506430020108800128' });
    await expect(plan(card, OLD)).rejects.toMatchObject({ code: 'file-malformed', details: { path: DODF } });
  });
});
