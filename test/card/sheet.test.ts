import { describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import { Secret } from '../../src-core/base/secret.ts';
import { createInProcessReaders } from '../../src-core/card/in-process.ts';
import { planCard, writePlan } from '../../src-core/card/provision.ts';
import type { CardConnection } from '../../src-core/card/reader.ts';
import { readSheet } from '../../src-core/card/sheet.ts';
import type { Habits } from '../../src-core/virtual/uicc/card.ts';
import {
  blankSimProfile,
  blankUiccProfile,
  DEFAULT_ICCID,
  type DfProfile,
  type FileProfile,
} from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, DEFAULT_ADM1, type Uicc } from '../../src-core/virtual/uicc/uicc.ts';

const OPEN = { structure: 'transparent', lifeCycle: 'activated', access: 'READ: always; UPDATE: ADM1' };
const ICCID_FILE = {
  path: '3F002FE2',
  what: 'EF(ICCID)',
  size: 10,
  used: 10,
  ...OPEN,
  access: 'READ: always; UPDATE: never',
};
const DIR_FILE = {
  ...{ path: '3F002F00', what: 'EF(DIR)', size: 76, used: 57, ...OPEN },
  ...{ structure: 'linear fixed', records: { length: 38, count: 2 }, sfi: 30 },
};
const PKCS15_FILES = [
  { path: '3F007F505031', what: 'EF(ODF)', size: 64, used: 0, ...OPEN },
  { path: '3F007F506430', what: 'EF(DODF)', size: 128, used: 0, ...OPEN },
  { path: '3F007F506431', what: 'EF DM_Bootstrap', size: 4096, used: 0, ...OPEN },
];
const BLANK_FILES = [{ ...ICCID_FILE, sfi: 2 }, DIR_FILE, ...PKCS15_FILES];

async function connectionTo(card: Uicc): Promise<CardConnection> {
  const service = createInProcessReaders();
  service.insert('reader', card);
  return service.connect('reader');
}

const hexLength = (hex: string, more = 0) => (hex.length / 2 + more).toString(16).padStart(2, '0').toUpperCase();

describe('card sheet', () => {
  it('reads a blank card', async () => {
    const card = createUicc();
    const sheet = await readSheet(await connectionTo(card));
    expect(sheet).toMatchObject({
      atr: '3B9F96801FC78031A073BE21136743200718000001A5',
      iccid: DEFAULT_ICCID,
      applications: [
        { aid: 'A0000000871002FF33FF018900000100', label: 'USIM' },
        { aid: 'A000000063504B43532D3135', label: 'PKCS-15', path: '3F007F50' },
      ],
      files: BLANK_FILES,
      pin1: { enabled: false, triesLeft: 3, needed: false },
      admTriesLeft: 3,
      problems: [],
    });
    expect(sheet.files).toEqual(BLANK_FILES);
    expect(sheet.atrWords).toContain('checksum right');
    expect([sheet.bootstraps, sheet.objects]).toEqual([[], []]);
    expect(sheet.directory).toEqual({
      path: '3F007F50',
      access: 'DELETE CHILD, CREATE EF, CREATE DF, DELETE: ADM1',
    });
    expect(card.admTriesLeft).toBe(3);
  });

  it('shows the bootstrap that a handset finds, without padding', async () => {
    const document = Uint8Array.of(2, 164, 1, 106, 0, 255, 0, 1);
    const connection = await connectionTo(createUicc());
    await writePlan(connection, await planCard(connection, document), Secret.ofText(DEFAULT_ADM1));
    const sheet = await readSheet(connection);
    expect(sheet.files.map(file => file.used)).toEqual([10, 57, 12, 28, 8]);
    expect(sheet.bootstraps.map(({ profile, path, bytes }) => [profile, path, toHex(bytes)])).toEqual([
      ['dm', '3F007F506431', toHex(document)],
    ]);
    expect(sheet.objects).toEqual([
      { dodf: '3F007F506430', label: 'DM', oid: '2.23.43.7.1', name: 'DM bootstrap', path: '3F007F506431' },
    ]);
  });

  it('reads the rules of files also where the card keeps them in EF.ARR', async () => {
    const sheet = await readSheet(await connectionTo(createUicc({ habits: { rules: 'referenced' } })));
    expect(sheet.files).toEqual(BLANK_FILES);
  });

  it('reads a SIM in class A0, which tells its rules in its own way, and no tries', async () => {
    const sim = createUicc({ profile: blankSimProfile(DEFAULT_ICCID), habits: { classes: 'A0-only' } });
    const sheet = await readSheet(await connectionTo(sim));
    expect(sheet.files).toEqual([ICCID_FILE, ...PKCS15_FILES]);
    expect(sheet).toMatchObject({ iccid: DEFAULT_ICCID, pin1: { enabled: false, triesLeft: 3 }, problems: [] });
    expect(sheet.admTriesLeft).toBeUndefined();
  });

  it.each<[string, Partial<Habits>]>([
    ['wants Le exactly', { exactLe: true }],
    ['reads four bytes at a time', { mostRead: 4 }],
    ['knows both classes', { classes: 'A0' }],
  ])('reads a card that %s', async (_, habits) => {
    const sheet = await readSheet(await connectionTo(createUicc({ habits })));
    expect([sheet.files, sheet.problems]).toEqual([BLANK_FILES, []]);
  });

  it('says what it could not read and shows the rest', async () => {
    const profile = blankUiccProfile(DEFAULT_ICCID);
    const without = (fids: readonly number[]): DfProfile => ({
      ...profile,
      files: profile.files.filter(file => !fids.includes(file.fid)),
    });
    const noDir = await readSheet(await connectionTo(createUicc({ profile: without([0x2f00]) })));
    expect(noDir).toMatchObject({
      iccid: DEFAULT_ICCID,
      applications: [],
      files: [{ path: '3F002FE2' }],
      admTriesLeft: 3,
    });
    expect(noDir.problems).toEqual(['the card has no file 3F002F00']);
    const noDf = await readSheet(await connectionTo(createUicc({ profile: without([0x7f50]) })));
    expect(noDf.applications).toHaveLength(2);
    expect(noDf.problems).toEqual(['the card has no file 3F007F505031']);
  });

  it.each([
    ['each EF(DODF) once', Array.from({ length: 300 }, (_, i) => (i % 2 ? '04063F007F506430' : '04026430')), 5, []],
    [
      'no more of them than a card may have, and says so',
      Array.from({ length: 9 }, (_, i) => `04063F007F50644${i}`),
      2,
      ['EF(ODF) 3F007F505031 leads to 9 EF(DODF), more than 8'],
    ],
  ])('reads %s', async (_, paths, files, problems) => {
    const content = paths.map(path => `A7${hexLength(path, 2)}30${hexLength(path)}${path}`).join('');
    const blank = blankUiccProfile(DEFAULT_ICCID);
    const pointing = blank.files.map(
      (file): FileProfile =>
        file.kind === 'df' && file.fid === 0x7f50
          ? {
              ...file,
              files: file.files.map(own => (own.fid === 0x5031 ? { ...own, size: 4000, content } : own) as FileProfile),
            }
          : file,
    );
    const sheet = await readSheet(await connectionTo(createUicc({ profile: { ...blank, files: pointing } })));
    expect([sheet.files.length, sheet.problems]).toEqual([files, problems]);
  });

  it('ends with an error when the card is pulled', async () => {
    const card = createUicc();
    const connection = await connectionTo(card);
    card.tearAfter(6);
    await expect(readSheet(connection)).rejects.toMatchObject({ name: 'CardError', code: 'card-removed' });
  });
});
