/** Batches of client provisioning documents: one template, filled in for each card. */
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cpDocument, cpFacts, readCpDocument } from '../../src-core/bootstrap/cp-document.ts';
import { readBootstrapAsHandset } from '../../src-core/card/handset-view.ts';
import { PROFILE_KINDS } from '../../src-core/card/profile-kind.ts';
import { DocumentProfile } from '../../src-core/workbench/cards/batch/cp-profile.ts';
import { CpTemplate } from '../../src-core/workbench/cards/batch/cp-template.ts';
import { readCardList } from '../../src-core/workbench/cards/batch/list.ts';
import { fillIn, hasStrayBraces, placeholdersIn } from '../../src-core/workbench/cards/batch/placeholders.ts';
import { hasControls } from '../../src-core/workbench/cards/batch/template.ts';
import { type Bench, batchBench, closeBench, csvOf, present, type TrayCard, trayCard } from '../support/card-tray.ts';

const A = 'Reader A';
const XML = `<?xml version="1.0"?>
<wap-provisioningdoc version="1.0">
  <characteristic type="NAPDEF">
    <parm name="NAPID" value="N1"/>
    <parm name="NAME" value="Meter {{iccid:-8}}"/>
    <parm name="NAP-ADDRESS" value="{{APN}}"/>
    <characteristic type="NAPAUTHINFO">
      <parm name="AUTHTYPE" value="PAP"/>
      <parm name="AUTHNAME" value="{{site}}-{{iccid}}"/>
      <parm name="AUTHSECRET" value="{{word}}"/>
    </characteristic>
  </characteristic>
</wap-provisioningdoc>`;

const bytesOf = (text: string) => new TextEncoder().encode(text);
const random = (bytes: number) => new Uint8Array(bytes).fill(5);
const doc = (parm: string) =>
  `<wap-provisioningdoc><characteristic type="NAPDEF">${parm}</characteristic></wap-provisioningdoc>`;

function problemsOf(xml: string, csv: string) {
  const profile = new DocumentProfile('settings.xml', new CpTemplate(bytesOf(xml)), random);
  return readCardList(csv, profile.cells()).problems.map(({ line, column, text, severity }) => [
    line,
    column,
    severity,
    text,
  ]);
}

describe('placeholders', () => {
  it('are names of columns in any spelling, whole or the end of the value', () => {
    const text = '{{iccid}} {{ ICCID:-3 }} {{phone number}}{{x}}';
    expect(placeholdersIn(text)).toEqual(['iccid', 'iccid', 'phone number', 'x']);
    const values: Record<string, string> = { iccid: '898821', 'phone number': '12', x: '{{iccid}}' };
    expect(fillIn(text, name => values[name] ?? '')).toBe('898821 821 12{{iccid}}');
  });

  it('leave braces that are none to be told', () => {
    expect(['{{a', 'a}}', '{{a}} }}', '{{a{b}}', 'a}b{c', '{{a}}'].map(hasStrayBraces)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('a CP document as a template', () => {
  it('is filled in where it is XML and where it is WBXML, and stays byte for byte without a placeholder', async () => {
    const values = { iccid: '8988211000000304173', apn: 'internet & <more>', site: 'north', word: 'pass"word' };
    const [fromXml, fromWbxml] = [new CpTemplate(bytesOf(XML)), new CpTemplate(cpDocument(bytesOf(XML)))];
    expect(fromXml.document(values)).toEqual(fromWbxml.document(values));
    expect(cpFacts(readCpDocument(fromXml.document(values))).map(({ name, value }) => `${name}=${value}`)).toEqual([
      'NAPDEF=',
      '  NAPID=N1',
      '  NAME=Meter 00304173',
      '  NAP-ADDRESS=internet & <more>',
      '  NAPAUTHINFO=',
      '    AUTHTYPE=PAP',
      '    AUTHNAME=north-8988211000000304173',
      '    AUTHSECRET=pass"word',
    ]);
    const plain = new Uint8Array(await readFile('test/fixtures/provisioning/w7.wbxml'));
    expect(new CpTemplate(plain).document({})).toEqual(plain);
  });

  it('carries every value that a list can have as it is, also what looks like markup or a placeholder', () => {
    const template = new CpTemplate(bytesOf(XML));
    const value = fc.string({ unit: 'grapheme', minLength: 1 }).filter(text => !hasControls(text));
    const values = fc.record({ iccid: fc.constant('8988211000000304173'), apn: value, site: value, word: value });
    fc.assert(
      fc.property(values, filled => {
        const facts = cpFacts(readCpDocument(template.document(filled)));
        expect(facts.map(fact => fact.value)).toEqual([
          ...['', 'N1', 'Meter 00304173', filled.apn, '', 'PAP', `${filled.site}-${filled.iccid}`, filled.word],
        ]);
      }),
    );
  });

  it.each([
    [doc('<parm name="{{apn}}" value="x"/>'), '{{apn}}, name'],
    [doc('<parm name="NAME" value="{{apn"/>'), 'NAME, value'],
    [doc('<parm name="NAME" value="a}}"/>'), 'NAME, value'],
    ['<wap-provisioningdoc><characteristic type="{{x}}"/></wap-provisioningdoc>', '{{x}}, type'],
  ])('%s is none', (xml, where) => {
    expect(() => new CpTemplate(bytesOf(xml))).toThrow(
      expect.objectContaining({
        name: 'EncodingError',
        code: 'template-braces',
        message: expect.stringContaining(`${where}: braces`),
      }),
    );
  });
});

describe('a list for a CP document', () => {
  const [one, two] = [trayCard(1), trayCard(2)];

  it('must have every column that the document names; others are left out with a warning', () => {
    expect(problemsOf(XML, `iccid,adm,apn,colour\n${one.iccid},${one.adm},internet,red`)).toEqual([
      [1, 'site', 'error', 'AUTHNAME of the CP document names it, and the list has no such column'],
      [1, undefined, 'error', 'AUTHSECRET of the CP document names a column that the list does not have'],
      [1, undefined, 'warning', 'column colour means nothing here and is left out'],
    ]);
    expect(problemsOf(XML, `iccid,adm,APN,Site,word,user\n${one.iccid},${one.adm},a,b,c,d`)).toEqual([
      [1, undefined, 'warning', 'column user means nothing here and is left out'],
    ]);
  });

  it('tells empty cells and what no parameter can hold by line and column, secrets never quoted', () => {
    const csv = `iccid,adm,apn,site,word\n${one.iccid},${one.adm},,b,"sec\nret"\n${two.iccid},${two.adm},a,${'x'.repeat(40_000)},hunter2`;
    const problems = problemsOf(XML, csv);
    expect(problems).toEqual([
      [3, 'apn', 'error', 'is empty, and the CP document needs it'],
      [3, 'word', 'error', 'has a character that cannot be shown'],
      [
        4,
        undefined,
        'error',
        expect.stringMatching(/^its CP document would have 40\d\d\d bytes: a card takes 32768 at most$/),
      ],
    ]);
    expect(JSON.stringify(problems)).not.toMatch(/sec|hunter2/);
  });

  it('never puts a key into a profile', () => {
    const xml = doc('<parm name="NAME" value="{{adm}}"/><parm name="NAPID" value="{{pin}}"/>');
    expect(problemsOf(xml, `iccid,adm,pin\n${one.iccid},${one.adm},1234`)).toEqual([
      [1, 'adm', 'error', 'NAME of the CP document names it, and a key never goes into a profile'],
      [1, 'pin', 'error', 'NAPID of the CP document names it, and a key never goes into a profile'],
    ]);
  });
});

describe('a batch of CP documents', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = batchBench([A]);
  });
  afterEach(() => closeBench(bench));

  const cp = { name: 'settings.xml', bytes: bytesOf(XML) };
  const listOf = (tray: readonly TrayCard[], apn = 'internet', word = 'hunter2') =>
    ['iccid,adm,apn,site,word', ...tray.map(({ iccid, adm }, i) => `${iccid},${adm},${apn},site${i},${word}`)].join(
      '\n',
    );
  const take = async (text: string, options: Parameters<Bench['room']['importList']>[2] = { cp }) => {
    await bench.room.stop();
    const { key = '', problems, resumed } = await bench.room.importList('tray.csv', text, options);
    expect(problems).toEqual([]);
    await bench.room.start(key);
    return { key, resumed };
  };
  const feed = async ({ card }: TrayCard) => {
    const stage = await present(bench, A, card);
    bench.readers.remove(A);
    return stage;
  };
  const valuesOn = async ({ card }: TrayCard) => {
    bench.readers.insert(A, card);
    const bytes = await bench.cards.withCard(A, connection => readBootstrapAsHandset(connection, PROFILE_KINDS.cp));
    bench.readers.remove(A);
    return cpFacts(readCpDocument(bytes)).map(({ value }) => value);
  };

  it('writes each card its own, beside the DM bootstrap of another batch for the same tray', async () => {
    const tray = [trayCard(1), trayCard(2)] as const;
    const dm = await take(csvOf(tray), {});
    for (const one of tray) expect(await feed(one)).toBe('verified');
    const { key, resumed } = await take(listOf(tray));
    expect([resumed, key === dm.key]).toEqual([false, false]);
    for (const one of tray) expect(await feed(one)).toBe('verified');
    await bench.room.stop();
    expect(await valuesOn(tray[1])).toEqual(
      expect.arrayContaining(['internet', `site1-${tray[1].iccid}`, 'hunter2', `Meter ${tray[1].iccid.slice(-8)}`]),
    );
    expect(await bench.store.accounts()).toHaveLength(2);
    expect((await bench.room.state()).batches.map(({ document }) => document)).toEqual(['settings.xml', undefined]);
  });

  it('goes on another day with its document, and leaves done cards alone that have what the list says', async () => {
    const tray = [trayCard(1), trayCard(2)] as const;
    const { key } = await take(listOf(tray));
    expect(await feed(tray[0])).toBe('verified');
    await bench.room.close();
    bench = batchBench([A], bench.store);
    await bench.room.start(key);
    expect(await feed(tray[0])).toBe('already-done');
    expect(await feed(tray[1])).toBe('verified');
    expect(await take(listOf(tray))).toEqual({ key, resumed: true });
    for (const one of tray) expect(await feed(one)).toBe('already-done');
    await take(listOf(tray, 'internet', 'hunter3'));
    expect(await feed(tray[0])).toBe('verified');
    await take(listOf(tray, 'other', 'hunter3'));
    expect(await feed(tray[0])).toBe('verified');
    const changed = { name: cp.name, bytes: bytesOf(XML.replace('N1', 'N2')) };
    await take(listOf(tray, 'other', 'hunter3'), { cp: changed });
    expect(await feed(tray[0])).toBe('verified');
    await bench.room.stop();
    expect(await valuesOn(tray[0])).toEqual(expect.arrayContaining(['other', 'hunter3', 'N2']));
  });

  it('shows what each card gets with its secrets as bullets, keeps them no longer than needed and tells them nowhere', async () => {
    const one = trayCard(1);
    const { key } = await take(listOf([one]));
    const preview = await bench.room.preview(key, 2);
    expect(preview).toMatchObject({ line: 2, iccid: one.iccid, document: 'settings.xml' });
    expect(preview.user).toBeUndefined();
    expect(preview.diff.map(({ text }) => text.trim())).toEqual(
      expect.arrayContaining(['NAP-ADDRESS internet', `AUTHNAME site0-${one.iccid}`, 'AUTHSECRET •••']),
    );
    expect(await feed(one)).toBe('verified');
    const [row] = await bench.store.batches.cards(key);
    expect([row?.secrets, row?.adm, row?.variables]).toEqual([{}, undefined, { apn: 'internet', site: 'site0' }]);
    const [csv, page, trace] = [
      await bench.room.result(key, 'csv'),
      await bench.room.result(key, 'html'),
      await bench.room.traces(key, 'json'),
    ];
    expect(csv.text.split('\r\n')[1]).toMatch(/,,,,CP document settings\.xml$/);
    expect(page.text).toContain('CP document settings.xml');
    expect(page.text).not.toContain('<th>user</th>');
    const said = csv.text + page.text + trace.text + JSON.stringify([preview, row]);
    for (const secret of ['hunter2', Buffer.from('hunter2').toString('hex').toUpperCase()])
      expect(said).not.toContain(secret);
  });

  it('shows a column that goes into a secret as bullets wherever it stands', () => {
    const template = new CpTemplate(
      bytesOf(doc('<parm name="NAME" value="for {{word}}"/><parm name="AUTHSECRET" value="{{word}}"/>')),
    );
    expect(template.facts({ word: 'hunter2' }).map(({ secret }) => secret)).toEqual([false, true, true]);
  });

  it('refuses a document that is none', async () => {
    const bytes = bytesOf('<html/>');
    await expect(
      bench.room.importList('a.csv', csvOf([trayCard(1)]), { cp: { name: 'x', bytes } }),
    ).rejects.toMatchObject({ code: 'not-provisioning' });
  });
});
