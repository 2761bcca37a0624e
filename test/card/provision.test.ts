import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { Secret } from '../../src-core/base/secret.ts';
import { parseAdm, presentAdm } from '../../src-core/card/adm.ts';
import { basicChannel } from '../../src-core/card/file-access.ts';
import { readBootstrapAsHandset } from '../../src-core/card/handset-view.ts';
import {
  backupOf,
  type CardBackup,
  type Plan,
  planCard,
  planErase,
  planRestore,
  verifyPlan,
  writePlan,
} from '../../src-core/card/provision.ts';
import type { CardConnection } from '../../src-core/card/reader.ts';
import { type ApduTrace, traceConnection } from '../../src-core/card/trace.ts';
import type { Habits } from '../../src-core/virtual/uicc/card.ts';
import {
  type Access,
  blankSimProfile,
  blankUiccProfile,
  DEFAULT_ICCID,
  type DfProfile,
} from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, type Uicc, type UiccOptions } from '../../src-core/virtual/uicc/uicc.ts';
import { document, inReader, RIGHT } from '../support/card-in-reader.ts';
import { expectLostTries } from '../support/lost-tries.ts';

const _READER = 'reader';
const BOOTSTRAP = '3F007F506431';
const DODF = '3F007F506430';
const ODF = '3F007F505031';
const DODF_ENTRY = '301A30040C02444D30060604672B0701A10A300804063F007F506431';
/** As nobody finds it: 2.23.43.7.0. */
const OUT_OF_USE = '301A30040C02444D30060604672B0700A10A300804063F007F506431';
const ODF_ENTRY = 'A70A300804063F007F506430';
const WRONG = Secret.ofText('00000000');

const plan = (card: Uicc, bytes: Uint8Array) => inReader(card, connection => planCard(connection, bytes));
const write = (card: Uicc, made: Plan, adm = RIGHT) => inReader(card, connection => writePlan(connection, made, adm));
const verify = (card: Uicc, made: Plan) => inReader(card, connection => verifyPlan(connection, made));
const provision = async (card: Uicc, bytes: Uint8Array) => write(card, await plan(card, bytes));

/** What a handset finds: the document, or why it finds none. */
function handsetReads(card: Uicc): Promise<string> {
  return inReader(card, readBootstrapAsHandset).then(toHex, error => String(error.code));
}

function used(card: Uicc, path: string): string {
  return toHex(card.file(path)).replace(/(FF)+$/, '');
}

/** The default card with other contents or sizes of its PKCS#15 files. */
function cardWith(
  changes: Readonly<Record<number, { content?: string; size?: number } | 'missing'>>,
  access: Access = 'adm1',
): Uicc {
  const blank = blankUiccProfile(DEFAULT_ICCID);
  const change = (df: DfProfile): DfProfile => ({
    ...df,
    change: access,
    files: df.files.flatMap(file => {
      const wanted = changes[file.fid];
      if (wanted === 'missing') return [];
      const changed = file.kind === 'transparent' && wanted ? { ...file, ...wanted } : file;
      return [changed.kind === 'df' ? change(changed) : changed];
    }),
  });
  return createUicc({ profile: change(blank) });
}

/** The default card whose application DF may be changed by others. */
function cardOf({ change, ...options }: { change?: Access } & UiccOptions): Uicc {
  const blank = blankUiccProfile(DEFAULT_ICCID);
  const files = blank.files.map(file => (file.fid === 0x7f50 && change ? { ...file, change } : file));
  return createUicc({ profile: { ...blank, files }, ...options });
}

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
    expect(used(card, BOOTSTRAP) + used(card, DODF) + used(card, ODF)).toBe('');
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
    expect(used(card, ODF)).toBe(foreignOdf + ODF_ENTRY);
    expect(used(card, DODF)).toBe(foreignDodf + DODF_ENTRY);
    expect(await handsetReads(card)).toBe(toHex(document(20, 1)));
    expect((await plan(card, document(600, 2))).withdrawnDodf.replace(/(FF)+$/, '')).toBe(foreignDodf + OUT_OF_USE);

    const oidDo = 'A11C30040C02444D3000A11230100604672B0701300804063F007F506431';
    const other = cardWith({ 20529: { content: ODF_ENTRY }, 25648: { content: oidDo } });
    await provision(other, document(20, 3));
    expect(used(other, DODF)).toBe(oidDo.replace('506431', '506432'));
    expect(await handsetReads(other)).toBe(toHex(document(20, 3)));
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
    expect(used(card, DODF)).toBe(content);
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
    expect(used(card, ODF)).toBe(ODF_ENTRY);
    expect(used(card, DODF)).toBe(DODF_ENTRY);
    expect(used(card, BOOTSTRAP)).toBe(toHex(bytes));
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
    expect(used(card, BOOTSTRAP)).toBe(toHex(document(300, 2)));
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

describe('ADM tries', () => {
  it('a wrong key costs one try and says so; the next wrong one is the last presented', async () => {
    expectLostTries(2);
    const card = createUicc();
    const made = await plan(card, document(300, 1));
    await expect(write(card, made, WRONG)).rejects.toMatchObject({
      code: 'adm-wrong',
      statusWord: 0x63c2,
      details: { triesLeft: 2 },
    });
    await expect(write(card, made, WRONG)).rejects.toMatchObject({ code: 'adm-wrong', details: { triesLeft: 1 } });
    await expect(write(card, made, WRONG)).rejects.toMatchObject({ code: 'adm-last-try' });
    await expect(write(card, made, RIGHT)).rejects.toMatchObject({ code: 'adm-last-try' });
    expect(card.admTriesLeft).toBe(1);
    expect(used(card, BOOTSTRAP)).toBe('');
    const consent = { iccid: made.iccid };
    await inReader(card, connection => writePlan(connection, made, RIGHT, { consent }));
    expect(card.admTriesLeft).toBe(3);
  });

  it('never presents to a blocked card', async () => {
    expectLostTries(3);
    const card = createUicc();
    const made = await plan(card, document(300, 1));
    card.power(true);
    for (let i = 0; i < 3; i++) card.transmit(fromHex('0020000A083030303030303030'));
    await expect(write(card, made, RIGHT)).rejects.toMatchObject({ code: 'adm-blocked' });
  });

  it('spends none on planning, verifying, a finished card, a key of the wrong length, or a cancelled write', async () => {
    const card = createUicc();
    const made = await plan(card, document(300, 1));
    await expect(write(card, made, Secret.ofText('1234'))).rejects.toMatchObject({ code: 'adm-format' });
    const cancelled = inReader(card, connection => writePlan(connection, made, WRONG, { signal: AbortSignal.abort() }));
    await expect(cancelled).rejects.toMatchObject({ name: 'RequestError', code: 'write-cancelled' });
    await write(card, made);
    expect(await write(card, made, WRONG)).toEqual({ updates: 0, bytesWritten: 0 });
    await verify(card, made);
    expect(card.admTriesLeft).toBe(3);
  });

  it('a key goes to the card once, whatever it answers', async () => {
    for (const answer of ['6C08', '6108', '6300', '9F08']) {
      const sent: string[] = [];
      const connection: CardConnection = {
        atr: new Uint8Array(),
        extended: false,
        disconnect: async () => undefined,
        async transmit(apdu) {
          sent.push(toHex(apdu));
          return fromHex(apdu.length > 5 ? answer : '63C3');
        },
      };
      await expect(presentAdm(basicChannel(connection), RIGHT)).rejects.toMatchObject({ code: 'adm-refused' });
      expect(sent).toEqual(['0020000A', '0020000A083132333435363738']);
    }
  });

  it('reads keys as digits and as hexadecimal', () => {
    expect(toHex(parseAdm(' 12345678 ').reveal())).toBe('3132333435363738');
    expect(toHex(parseAdm('01020304A5a60708').reveal())).toBe('01020304A5A60708');
    for (const text of ['', '1234567', '123456789', 'zz020304a5a60708'])
      expect(() => parseAdm(text)).toThrow(expect.objectContaining({ code: 'adm-format' }));
  });

  it('shows in no trace and no error', async () => {
    expectLostTries(1);
    const card = createUicc();
    const made = await plan(card, document(300, 1));
    const traces: ApduTrace[] = [];
    let clock = 1000;
    const error = await inReader(card, connection =>
      writePlan(
        traceConnection(
          connection,
          () => clock++,
          entry => traces.push(entry),
        ),
        made,
        WRONG,
      ).catch(e => e),
    );
    const verifies = traces.filter(entry => entry.name === 'VERIFY');
    expect(verifies.map(entry => [entry.command, entry.statusWord, entry.ok, entry.meaning])).toEqual([
      // Asking for the counter is no failure.
      ['0020000A', '63C3', true, '3 tries left'],
      ['0020000A08•••', '63C2', false, 'verification failed, 2 tries left'],
    ]);
    expect(traces[0]).toMatchObject({ at: 1000, ms: 1, name: 'SELECT', statusWord: '9000', meaning: 'done' });
    expect(JSON.stringify([traces, error.message, error.details])).not.toContain('3030303030303030');
  });
});

describe('a card pulled at any moment of a write', () => {
  /** A card with the old bootstrap (or none), torn off after `commands` commands of writing the new one. */
  async function tornWrite(old: Uint8Array | undefined, next: Uint8Array, commands: number) {
    const card = createUicc();
    if (old) await provision(card, old);
    const made = await plan(card, next);
    const outcome = await inReader(card, connection => {
      card.tearAfter(commands);
      return writePlan(connection, made, RIGHT).then(
        () => 'written',
        error => `${error.code}: ${error.message}`,
      );
    });
    return { card, made, outcome };
  }

  const cases: [string, Uint8Array | undefined, Uint8Array][] = [
    ['a blank card', undefined, document(600, 2)],
    ['a longer old bootstrap', document(900, 1), document(600, 2)],
    ['a shorter old bootstrap', document(100, 1), document(600, 2)],
    ['an old bootstrap that differs in one command', document(200, 1), document(200, 2)],
  ];

  it.each(cases)('%s: the old or the new, never neither; written again it is complete', async (_, old, next) => {
    const allowed = new Set([old ? toHex(old) : 'no-bootstrap', toHex(next)]);
    const seen = new Set<string>();
    let pulls = 0;
    for (let commands = 0; ; commands++) {
      const { card, made, outcome } = await tornWrite(old, next, commands);
      if (outcome === 'written') break;
      pulls += 1;
      expect(outcome).toMatch(/^card-removed: .*can be resumed/);
      const found = await handsetReads(card);
      expect(allowed).toContain(found);
      seen.add(found);

      await write(card, JSON.parse(JSON.stringify(made)));
      await verify(card, made);
      expect(await handsetReads(card)).toBe(toHex(next));
      expect(card.admTriesLeft).toBe(3);
    }
    // The write really was cut at each of its commands, from before the first to the response of the last.
    expect(pulls).toBeGreaterThan(10);
    expect(seen).toContain(old ? toHex(old) : 'no-bootstrap');
    expect(seen).toContain(toHex(next));
  });

  it.each(cases)('%s: a new plan for the half-written card completes it too', async (_, old, next) => {
    for (let commands = 0; ; commands++) {
      const { card, outcome } = await tornWrite(old, next, commands);
      if (outcome === 'written') break;
      const again = await plan(card, next);
      await write(card, again);
      await verify(card, again);
    }
  });

  it('a write cancelled between two commands can be resumed', async () => {
    const card = createUicc();
    await provision(card, document(900, 1));
    const made = await plan(card, document(600, 2));
    const stop = new AbortController();
    const cancelled = inReader(card, connection =>
      writePlan(connection, made, RIGHT, { signal: stop.signal, onProgress: () => stop.abort() }),
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'write-cancelled' });
    expect(await handsetReads(card)).toBe(toHex(document(900, 1)));
    await write(card, made);
    await verify(card, made);
  });

  it('without room for a second file: old, none or new, and the plan says so', async () => {
    const locked = () => cardOf({ change: 'never' });
    const blank = await plan(locked(), document(600, 2));
    expect(blank.gap).toBe(false);
    const [old, next] = [document(900, 1), document(600, 2)];
    const seen = new Set<string>();
    for (let commands = 0; ; commands++) {
      const card = locked();
      await provision(card, old);
      const made = await plan(card, next);
      expect([made.gap, made.files[0]?.path]).toEqual([true, BOOTSTRAP]);
      const written = await inReader(card, connection => {
        card.tearAfter(commands);
        return writePlan(connection, made, RIGHT).then(
          () => true,
          () => false,
        );
      });
      if (written) break;
      seen.add(await handsetReads(card));
      await write(card, made);
      await verify(card, made);
    }
    expect(seen).toEqual(new Set([toHex(old), 'no-bootstrap', toHex(next)]));
  });
});

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
    expect([used(card, BOOTSTRAP), used(card, SPARE)]).toEqual(['', toHex(next)]);
    expect(used(card, DODF)).toBe(DODF_ENTRY.replace('6431', '6432'));
    const back = await plan(card, document(700, 3));
    expect(back.files[0]).toMatchObject({ path: BOOTSTRAP });
    await write(card, back);
    await verify(card, back);
    expect(await handsetReads(card)).toBe(toHex(document(700, 3)));
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
    expect(await handsetReads(card)).toBe(toHex(next));
  });

  it('that a card has no room for: it is written in place, and the plan says so', async () => {
    const full = cardOf({ free: 100 });
    await provision(full, old);
    const made = await plan(full, next);
    // Nobody knows before: the card says so when it is asked, and still has its old bootstrap.
    await expect(write(full, made)).rejects.toMatchObject({ code: 'command-refused', statusWord: 0x6a84 });
    expect(await handsetReads(full)).toBe(toHex(old));
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
    expect(await handsetReads(bare)).toBe(toHex(next));
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
      expect(['no-bootstrap', toHex(next)]).toContain(await handsetReads(bare));
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
    expect(used(unknown, '3F007F506432')).toBe('CAFE');
  });

  it('are never the place of the content', async () => {
    const foreign = cardWith({ 25649: { content: 'CAFE' } });
    const beside = await plan(foreign, document(20, 1));
    await write(foreign, beside);
    await verify(foreign, beside);
    expect([used(foreign, BOOTSTRAP), used(foreign, '3F007F506432')]).toEqual(['CAFE', toHex(document(20, 1))]);
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
    expect(await handsetReads(card)).toBe(toHex(document(600, 2)));
  });
});

const UNKNOWN = { kind: 'transparent', size: 1024, content: 'CAFE', read: 'always', update: 'adm1' } as const;

describe('erase and restore', () => {
  const erase = (card: Uicc) => inReader(card, planErase);
  const restore = (card: Uicc, backup: CardBackup) => inReader(card, connection => planRestore(connection, backup));

  it('erases pointer first, and leaves nothing of the bootstrap', async () => {
    const card = createUicc();
    await provision(card, document(600, 1));
    const made = await erase(card);
    expect(made.updates[0]?.path).toBe(DODF);
    await expect(verify(card, made)).rejects.toMatchObject({ code: 'verify-failed' });
    await write(card, made);
    await verify(card, made);
    expect([await handsetReads(card), used(card, BOOTSTRAP), used(card, DODF)]).toEqual(['no-bootstrap', '', '']);
    expect((await erase(card)).updates).toEqual([]);
  });

  it('puts back what was there before each write, also where the new one went into another file', async () => {
    const documents = [1, 2, 3].map(seed => document(600, seed));
    const card = createUicc();
    const backups: CardBackup[] = [];
    for (const one of documents) {
      const made = await plan(card, one);
      backups.push(JSON.parse(JSON.stringify(backupOf(made, 1000))));
      await write(card, made);
      await verify(card, made);
    }
    expect(backups[2]).toMatchObject({ iccid: DEFAULT_ICCID, at: 1000, document: toHex(document(600, 2)) });
    for (const [i, found] of [2, 1, 0].map(at => [at, at === 0 ? 'no-bootstrap' : toHex(document(600, at))] as const)) {
      const back = await restore(card, backups[i] as CardBackup);
      expect(back.gap).toBe(false);
      await write(card, back);
      await verify(card, back);
      expect(await handsetReads(card)).toBe(found);
    }
  });

  it('leaves nothing in the other file either, where a write was cut before it was blanked', async () => {
    const card = createUicc();
    await provision(card, document(600, 1));
    const made = await plan(card, document(600, 2));
    const stop = new AbortController();
    const cut = inReader(card, connection =>
      writePlan(connection, made, RIGHT, {
        signal: stop.signal,
        onProgress: ({ path }) => path === DODF && stop.abort(),
      }),
    );
    await expect(cut).rejects.toMatchObject({ code: 'write-cancelled' });
    expect([used(card, BOOTSTRAP) === '', await handsetReads(card)]).toEqual([false, toHex(document(600, 2))]);
    await expect(verify(card, made)).rejects.toMatchObject({ code: 'verify-failed', details: { path: BOOTSTRAP } });
    const gone = await erase(card);
    await write(card, gone);
    await verify(card, gone);
    expect([used(card, BOOTSTRAP), used(card, '3F007F506432'), await handsetReads(card)]).toEqual([
      '',
      '',
      'no-bootstrap',
    ]);
  });

  it('an erase cut after its pointer is not done until the content is gone', async () => {
    const card = createUicc();
    await provision(card, document(600, 1));
    const made = await erase(card);
    const stop = new AbortController();
    await inReader(card, connection =>
      writePlan(connection, made, RIGHT, { signal: stop.signal, onProgress: ({ done }) => done === 2 && stop.abort() }),
    ).catch(() => undefined);
    expect(await handsetReads(card)).toBe('no-bootstrap');
    await expect(verify(card, made)).rejects.toMatchObject({ code: 'verify-failed', details: { path: DODF } });
    await write(card, made);
    await verify(card, made);
  });

  it('refuses the backup of another card', async () => {
    const card = createUicc();
    await provision(card, document(60, 1));
    const backup = { ...backupOf(await erase(card), 1), iccid: '89882110000003041' };
    await expect(restore(card, backup)).rejects.toMatchObject({ code: 'other-card' });
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
    expect(await handsetReads(card)).toBe(toHex(document(600, 1)));
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
