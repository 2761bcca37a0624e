/** Plan, write and verify: what goes onto a card, byte for byte. */
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import { verifyPlan, writePlan } from '../../src-core/card/provision.ts';
import { traceConnection } from '../../src-core/card/trace.ts';
import { blankSimProfile, blankUiccProfile, DEFAULT_ICCID } from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, type Uicc } from '../../src-core/virtual/uicc/uicc.ts';
import { document, foundBy, inReader, RIGHT, usedBytes } from '../support/card-in-reader.ts';
import { expectLostTries } from '../support/lost-tries.ts';
import {
  BOOTSTRAP,
  cardOf,
  cardWith,
  DODF,
  DODF_ENTRY,
  ODF,
  ODF_ENTRY,
  plan,
  provision,
  verify,
  WRONG,
  write,
} from '../support/provisioning.ts';

/** As nobody finds it: 2.23.43.7.0. */
const OUT_OF_USE = DODF_ENTRY.replace('2B0701', '2B0700');

describe('planCard', () => {
  it('plans a blank card: content, DODF, ODF; plain data; writes nothing', async () => {
    const card = createUicc();
    const bytes = document(600, 1);
    const made = await plan(card, bytes);
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
    expect(made).toMatchObject({ iccid: DEFAULT_ICCID, admTriesLeft: 3, apdusToWrite: 6 });
    expect(
      made.files.map(file => [file.path, file.what, file.size, file.usedBefore, file.usedAfter, file.apdus]),
    ).toEqual([
      [BOOTSTRAP, 'EF DM_Bootstrap', 4096, 0, 600, 3],
      [DODF, 'EF(DODF)', 128, 0, 28, 1],
      [ODF, 'EF(ODF)', 64, 0, 12, 2],
    ]);
    expect(made.updates).toEqual([
      { path: BOOTSTRAP, offset: 0, data: toHex(bytes.slice(0, 255)) },
      { path: BOOTSTRAP, offset: 255, data: toHex(bytes.slice(255, 510)) },
      { path: BOOTSTRAP, offset: 510, data: toHex(bytes.slice(510)) },
      { path: DODF, offset: 0, data: DODF_ENTRY },
      // What makes it all valid is one byte, last.
      { path: ODF, offset: 1, data: ODF_ENTRY.slice(2) },
      { path: ODF, offset: 0, data: ODF_ENTRY.slice(0, 2) },
    ]);
    expect(usedBytes(card, BOOTSTRAP) + usedBytes(card, DODF) + usedBytes(card, ODF)).toBe('');
  });

  it('writes only what differs, near differences in one command', async () => {
    const card = cardOf({ change: 'never' });
    const bytes = document(600, 1);
    await provision(card, bytes);
    expect((await plan(card, bytes)).updates).toEqual([]);
    const changed = bytes.slice();
    changed[10] = 0xaa;
    expect((await plan(card, changed)).updates).toEqual([{ path: BOOTSTRAP, offset: 10, data: 'AA' }]);
    changed[20] = 0xbb;
    changed[100] = 0xcc;
    const { gap, updates, withdrawnDodf } = await plan(card, changed);
    expect(gap).toBe(true);
    expect(updates[1]).toEqual({ path: BOOTSTRAP, offset: 10, data: toHex(changed.slice(10, 21)) });
    expect(updates.map(({ path, offset }) => [path, offset])).toEqual([
      [DODF, 15],
      [BOOTSTRAP, 10],
      [BOOTSTRAP, 100],
      [DODF, 15],
    ]);
    expect([updates[0]?.data, updates[3]?.data]).toEqual(['00', '01']);
    expect(withdrawnDodf.replace(/(FF)+$/, '')).toBe(OUT_OF_USE);
  });

  it('keeps the entries of others, and a bootstrap entry in another form where it leads', async () => {
    const foreignOdf = 'A00A300804063F007F506440';
    const foreignDodf = '3014300030060604672B0901A108300604043F006F01';
    const card = cardWith({ 20529: { content: foreignOdf }, 25648: { content: foreignDodf } });
    await provision(card, document(20, 1));
    expect(usedBytes(card, ODF)).toBe(foreignOdf + ODF_ENTRY);
    expect(usedBytes(card, DODF)).toBe(foreignDodf + DODF_ENTRY);
    expect(await foundBy(card)).toBe(toHex(document(20, 1)));
    expect((await plan(card, document(600, 2))).withdrawnDodf.replace(/(FF)+$/, '')).toBe(foreignDodf + OUT_OF_USE);

    const oidDo = 'A11C30040C02444D3000A11230100604672B0701300804063F007F506431';
    const other = cardWith({ 20529: { content: ODF_ENTRY }, 25648: { content: oidDo } });
    await provision(other, document(20, 3));
    expect(usedBytes(other, DODF)).toBe(oidDo.replace('506431', '506432'));
    expect(await foundBy(other)).toBe(toHex(document(20, 3)));
  });

  it.each<[string, Uicc, string, string | undefined]>([
    ['no file for the content', cardWith({ 25649: 'missing' }, 'never'), 'file-not-found', BOOTSTRAP],
    ['no DODF', cardWith({ 25648: 'missing' }, 'never'), 'file-not-found', DODF],
    ['no ODF', cardWith({ 20529: 'missing' }, 'never'), 'file-not-found', ODF],
    ['too small for the content', cardWith({ 25649: { size: 10 } }, 'never'), 'file-too-small', BOOTSTRAP],
    ['too small for the pointer', cardWith({ 25648: { size: 20 } }), 'file-too-small', DODF],
    ['a broken DODF', cardWith({ 25648: { content: '3010' }, 20529: { content: ODF_ENTRY } }), 'file-malformed', DODF],
  ])('refuses a card with %s', async (_, card, code, path) => {
    await expect(plan(card, document(20, 1))).rejects.toMatchObject({
      name: 'CardError',
      code,
      details: { path },
      advice: expect.any(String),
    });
  });

  it('refuses a card without the application, and keeps off a file that belongs to another object', async () => {
    const dir = blankUiccProfile(DEFAULT_ICCID);
    const files = dir.files.map(file =>
      file.kind === 'linear-fixed' ? { ...file, records: file.records.slice(0, 1) } : file,
    );
    await expect(plan(createUicc({ profile: { ...dir, files } }), document(9, 1))).rejects.toMatchObject({
      code: 'no-pkcs15',
    });
    const lwm2m = DODF_ENTRY.replace('2B0701', '2B0901');
    const taken = cardWith({ 25648: { content: lwm2m }, 20529: { content: ODF_ENTRY } });
    expect((await plan(taken, document(9, 1))).files[0]).toMatchObject({ path: '3F007F506432' });
    const both = cardWith({ 25648: { content: lwm2m + DODF_ENTRY }, 20529: { content: ODF_ENTRY } });
    await expect(plan(both, document(9, 1))).rejects.toMatchObject({
      code: 'file-taken',
      details: { path: BOOTSTRAP },
    });
  });

  it('changes a byte of the pointer, however long the entries behind it are', async () => {
    const foreign = `A081C8${'AB'.repeat(200)}`;
    const content = DODF_ENTRY + foreign + foreign;
    const card = cardWith({ 25648: { content, size: 600 }, 20529: { content: ODF_ENTRY } }, 'never');
    const made = await plan(card, document(600, 1));
    expect(made.updates.filter(({ path }) => path === DODF)).toEqual([
      { path: DODF, offset: 15, data: '00' },
      { path: DODF, offset: 15, data: '01' },
    ]);
    await write(card, made);
    await verify(card, made);
    expect(usedBytes(card, DODF)).toBe(content);
  });
});

describe('writePlan and verifyPlan', () => {
  it('writes, and a verify tells written from unwritten', async () => {
    const card = createUicc();
    const bytes = document(300, 1);
    const made = await plan(card, bytes);
    await expect(verify(card, made)).rejects.toMatchObject({
      code: 'verify-failed',
      details: { path: ODF, offset: 0 },
    });
    const progress: string[] = [];
    const result = await inReader(card, connection =>
      writePlan(connection, made, RIGHT, {
        onProgress: ({ done, total, path }) => progress.push(`${done}/${total} ${path}`),
      }),
    );
    expect(result).toEqual({ updates: 5, bytesWritten: 340 });
    expect(progress).toEqual([`1/5 ${BOOTSTRAP}`, `2/5 ${BOOTSTRAP}`, `3/5 ${DODF}`, `4/5 ${ODF}`, `5/5 ${ODF}`]);
    await verify(card, made);
    expect(usedBytes(card, ODF)).toBe(ODF_ENTRY);
    expect(usedBytes(card, DODF)).toBe(DODF_ENTRY);
    expect(usedBytes(card, BOOTSTRAP)).toBe(toHex(bytes));
  });

  it('finds one wrong byte by file and offset', async () => {
    const card = createUicc();
    const made = await plan(card, document(300, 1));
    const other = document(300, 1);
    other[77] = 0xee;
    await provision(card, other);
    await expect(verify(card, made)).rejects.toMatchObject({
      name: 'CardError',
      code: 'verify-failed',
      details: { path: BOOTSTRAP, offset: 77 },
    });
  });

  it('counts the commands of a verification as planned', async () => {
    const card = createUicc();
    const made = await plan(card, document(300, 1));
    await write(card, made);
    const sent = await inReader(card, async connection => {
      const traced = traceConnection(
        connection,
        () => 0,
        () => undefined,
      );
      await verifyPlan(traced, made);
      return traced.apdus;
    });
    expect(sent).toBe(made.apdusToVerify);
  });

  it('replaces a longer bootstrap without a rest of it', async () => {
    const card = cardOf({ change: 'never' });
    await provision(card, document(900, 1));
    const made = await plan(card, document(300, 2));
    await write(card, made);
    await verify(card, made);
    expect(usedBytes(card, BOOTSTRAP)).toBe(toHex(document(300, 2)));
  });

  it('refuses another card and a card that changed, before it presents the key', async () => {
    const made = await plan(createUicc(), document(300, 1));
    const other = createUicc({ iccid: '89882110000003041' });
    await expect(write(other, made, WRONG)).rejects.toMatchObject({ code: 'other-card' });
    await expect(verify(other, made)).rejects.toMatchObject({ code: 'other-card' });
    const changed = cardWith({ 25648: { content: '3014300030060604672B0901A108300604043F006F01' } });
    await expect(write(changed, made, WRONG)).rejects.toMatchObject({ code: 'card-changed', details: { path: DODF } });
    expect([other.admTriesLeft, changed.admTriesLeft]).toEqual([3, 3]);
  });
});

describe('a SIM of the second generation', () => {
  const sim = (free = 0) =>
    createUicc({ profile: blankSimProfile(DEFAULT_ICCID), habits: { classes: 'A0-only' }, free });
  const consent = { iccid: DEFAULT_ICCID };

  it('is planned, written and verified in class A0; its key only with consent, for it does not say its tries', async () => {
    const card = sim();
    const made = await plan(card, document(600, 1));
    expect(made).toMatchObject({ admTriesLeft: null, gap: false });
    await expect(write(card, made)).rejects.toMatchObject({ code: 'adm-unknown' });
    const wrongCard = { iccid: '89882110000003041' };
    await expect(
      inReader(card, connection => writePlan(connection, made, RIGHT, { consent: wrongCard })),
    ).rejects.toMatchObject({ code: 'adm-unknown' });
    expect(card.admTriesLeft).toBe(3);
    await inReader(card, connection => writePlan(connection, made, RIGHT, { consent }));
    await verify(card, made);
    expect(await foundBy(card)).toBe(toHex(document(600, 1)));
  });

  it('a wrong key is told from a right one', async () => {
    expectLostTries(1);
    const card = sim();
    const made = await plan(card, document(60, 1));
    await expect(inReader(card, connection => writePlan(connection, made, WRONG, { consent }))).rejects.toMatchObject({
      code: 'adm-wrong',
      statusWord: 0x9804,
    });
    expect(card.admTriesLeft).toBe(2);
  });
});
