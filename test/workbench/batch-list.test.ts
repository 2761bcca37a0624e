import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeError, type WorkbenchError } from '../../src-core/base/errors.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { AccountProfile } from '../../src-core/workbench/cards/batch/account.ts';
import { readCardList as readList } from '../../src-core/workbench/cards/batch/list.ts';
import type { ListDefaults } from '../../src-core/workbench/cards/batch/template.ts';
import { type Bench, batchBench, closeBench, csvOf, present, trayCard } from '../support/card-tray.ts';
import { expectLostTries } from '../support/lost-tries.ts';

const store = openSqliteStore(':memory:');
const random = (bytes: number) => new Uint8Array(bytes);
const ICCID = '8988211000000304173';
const OTHER = '8988211000000304181';

/** For accounts of this server; who has which is not looked at. */
const readCardList = (text: string, defaults?: ListDefaults) =>
  readList(text, new AccountProfile({ store, now: () => 0, random, serverUrl: '' }, defaults).cells());

const problemsOf = (text: string) =>
  readCardList(text).problems.map(({ line, column, text: what, severity }) => [line, column, severity, what]);

describe('a list of cards', () => {
  it('is read with commas, semicolons or tabs, a byte order mark, and columns in any order', () => {
    for (const sign of [',', ';', '\t']) {
      const list = readCardList(`\uFEFFADM${sign}ICCID\r\n12345678${sign}${ICCID}\r\n`);
      expect(list.problems).toEqual([]);
      expect(list.cards.map(({ line, iccid, adm }) => [line, iccid, adm.revealText()])).toEqual([
        [2, ICCID, '12345678'],
      ]);
    }
  });

  it('tells all that is wrong at once, each with its line, and never quotes a key', () => {
    const text = [
      'iccid,adm,user,address,colour',
      '8.98821E+18,12345678,,,',
      `${ICCID},123456789,,,`,
      `${ICCID},12345678,same,ftp://x,`,
      `${OTHER},12345678,same,,`,
      '898821100000030418,12345678,,',
    ].join('\n');
    expect(problemsOf(text)).toEqual([
      [1, undefined, 'warning', 'column colour means nothing here and is left out'],
      [2, 'iccid', 'error', expect.stringContaining('a spreadsheet has rounded it')],
      [3, 'adm', 'error', 'an ADM key has 8 characters or 16 hexadecimal digits'],
      [4, 'iccid', 'error', `${ICCID} is in line 3 already`],
      [4, 'address', 'error', '"ftp://x" is no address of a DM server: http or https'],
      [5, 'user', 'error', '"same" is the user of line 4 already'],
      [6, undefined, 'error', 'expected 5 cells, found 4'],
      [6, 'iccid', 'warning', expect.stringContaining('check digit')],
    ]);
    expect(JSON.stringify(problemsOf(text))).not.toContain('123456789');
  });

  it('tells what cannot be read as CSV by its line, without what it says', () => {
    const said = (text: string): string => {
      try {
        return JSON.stringify(readCardList(text).problems);
      } catch (error) {
        expect(error).toMatchObject({ code: 'list-unreadable' });
        return describeError(error as WorkbenchError);
      }
    };
    const faulty = {
      [`iccid,adm\n${ICCID},8765"4321`]: 'line 2: a quote stands inside a cell',
      [`iccid,adm\n\n${ICCID},"8765"4321`]: 'line 3: something follows a closing quote',
      [`iccid,adm\n${ICCID},"87654321`]: 'line 2: a quote is not closed',
      [`${ICCID},87654321`]: 'there is no column adm',
      [`iccid,adm\n87654321,${ICCID}`]: 'what looks like a key is no ICCID',
      [`iccid,adm,password\n${ICCID},12345678,{{87654321}}`]: 'what is between {{ and }} is no placeholder',
    };
    for (const [text, expected] of Object.entries(faulty)) {
      expect(said(text)).toContain(expected);
      expect(said(text)).not.toMatch(/8765|4321/);
    }
    expect(said(`iccid,adm,user\n${ICCID},12345678,{{imsi}}`)).toContain('{{imsi}} is no placeholder');
  });

  it('without its columns or without a card it is none', () => {
    expect(problemsOf('iccid\n1')).toEqual([[1, undefined, 'error', 'there is no column adm']]);
    expect(problemsOf('iccid,adm')).toEqual([[1, undefined, 'error', 'the list has no card']]);
  });

  it('fills empty cells from a template; a cell of its own counts more', () => {
    const text = `iccid,adm,user\n${ICCID},12345678,\n${OTHER},12345678,own`;
    const { cards } = readCardList(text, { user: 'meter-{{iccid:-4}}' });
    expect(cards.map(({ variables }) => variables.user)).toEqual(['meter-4173', 'own']);
  });
});

describe('what comes out of a batch', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = batchBench(['Reader A']);
  });
  afterEach(() => closeBench(bench));

  it('is a preview of any row with its secrets masked', async () => {
    const { key = '' } = await bench.room.importList('x.csv', `iccid,adm,password\n${ICCID},87654321,hunter2`);
    const preview = await bench.room.preview(key, 2);
    expect(preview).toMatchObject({ iccid: ICCID, user: `card-${ICCID}`, serverId: 'dm-workbench' });
    expect(preview.diff.map(({ text }) => text)).toContain('CLCRED  AAuthSecret •••');
    expect(JSON.stringify(preview)).not.toMatch(/hunter2|87654321/);
    expect(await bench.store.accounts()).toEqual([]);
  });

  it('is a CSV and a page without keys, safe to open in a spreadsheet and in a browser', async () => {
    const one = trayCard(1);
    const text = `iccid,adm,user,password\n${one.iccid},${one.adm},=1+1,hunter2\n${OTHER},87654321,<b>x</b>,secret42`;
    const { key = '' } = await bench.room.importList('tray 7.csv', text);
    await bench.room.start(key);
    await present(bench, 'Reader A', one.card);
    const [csv, page] = [await bench.room.result(key, 'csv'), await bench.room.result(key, 'html')];
    expect(csv.name).toBe('tray-7-result.csv');
    const [, first, second] = csv.text.split('\r\n');
    expect(first).toMatch(
      new RegExp(`^2,${one.iccid},verified,\\d+ bytes written,2026-.*,Reader A,'=1\\+1,dm-workbench,`),
    );
    expect(first).toMatch(/,DM account$/);
    expect(second).toMatch(new RegExp(`^3,${OTHER},waiting,,,,<b>x</b>,`));
    expect(page.text).toContain('&lt;b&gt;x&lt;/b&gt;');
    for (const secret of ['hunter2', 'secret42', one.adm, '87654321'])
      expect(csv.text + page.text + JSON.stringify(await bench.room.state())).not.toContain(secret);
  });

  it('is a page to sign that names the failed cards first', async () => {
    const [good, bad] = [trayCard(1), trayCard(2, 'wrong-key')];
    expectLostTries(1);
    const { key = '' } = await bench.room.importList('a.csv', csvOf([good, bad]));
    await bench.room.start(key);
    await present(bench, 'Reader A', good.card);
    await present(bench, 'Reader B', bad.card);
    const { text } = await bench.room.result(key, 'html');
    const [, failed = '', all = ''] = text.split('<h2>');
    expect([failed.includes(good.iccid), failed.includes(bad.iccid)]).toEqual([false, true]);
    expect([all.includes(good.iccid), all.includes(bad.iccid)]).toEqual([true, true]);
    expect(all).toContain('Signature');
  });

  it('refuses a user that is the account of another card, and two batches at once', async () => {
    const [one, two] = [trayCard(1), trayCard(2)];
    const { key = '' } = await bench.room.importList('a.csv', `iccid,adm,user\n${one.iccid},${one.adm},meter`);
    await bench.room.start(key);
    await present(bench, 'Reader A', one.card);
    await expect(bench.room.start(key)).rejects.toMatchObject({ code: 'batch-running' });
    const taken = await bench.room.importList('b.csv', `iccid,adm,user\n${two.iccid},${two.adm},meter`);
    expect(taken.key).toBeUndefined();
    expect(taken.problems).toMatchObject([{ line: 2, column: 'user', severity: 'error' }]);
  });

  it('is one batch where its list is read twice at the same time, and none of it is lost to a start beside', async () => {
    const tray = [trayCard(1)];
    const [one, two] = await Promise.all([
      bench.room.importList('a.csv', csvOf(tray)),
      bench.room.importList('a.csv', csvOf(tray)),
    ]);
    expect(two).toMatchObject({ key: one.key, resumed: true });
    expect((await bench.room.state()).batches).toHaveLength(1);
    const key = one.key ?? '';
    const [renewed] = await Promise.allSettled([
      bench.room.importList('a.csv', `${csvOf(tray).replace('adm', 'adm,user').replace(/$/, ',meter')}`),
      bench.room.start(key),
    ]);
    expect(await present(bench, 'Reader A', trayCard(1).card)).toBe('verified');
    const [kept] = await bench.store.batches.cards(key);
    expect(kept).toMatchObject({ state: 'verified' });
    expect((await bench.room.state()).batches[0]?.counts).toMatchObject({ verified: 1, waiting: 0 });
    expect(kept?.variables.user).toBe(renewed.status === 'fulfilled' ? 'meter' : undefined);
  });

  it('is removed with its keys', async () => {
    const { key = '' } = await bench.room.importList('a.csv', csvOf([trayCard(1)]));
    await bench.room.remove(key);
    expect((await bench.room.state()).batches).toEqual([]);
    expect(await bench.store.batches.cards(key)).toEqual([]);
  });
});
