/** A trace tells every command in words and keeps keys and the content of bootstrap files to itself. */
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { Secret } from '../../src-core/base/secret.ts';
import { createInProcessReaders } from '../../src-core/card/in-process.ts';
import { planCard, verifyPlan, writePlan } from '../../src-core/card/provision.ts';
import { type ApduTrace, traceConnection } from '../../src-core/card/trace.ts';
import {
  blankSimProfile,
  blankUiccProfile,
  DEFAULT_ICCID,
  type FileProfile,
} from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, DEFAULT_ADM1, type UiccOptions } from '../../src-core/virtual/uicc/uicc.ts';
import { traceFile } from '../../src-core/workbench/cards/trace-file.ts';

const ADM = Secret.ofText(DEFAULT_ADM1);
/** In EF(DODF). */
const ENTRY = '301A30040C02444D30060604672B0701A10A300804063F007F506431';
const DOCUMENT = Uint8Array.from({ length: 600 }, (_, i) => [0x02, 0xa4, 0x01][i] ?? (i * 7) % 250);

/** Planned, written and verified; what was said. */
async function traced(options: UiccOptions = {}): Promise<ApduTrace[]> {
  const entries: ApduTrace[] = [];
  const service = createInProcessReaders();
  service.insert('reader', createUicc(options));
  let clock = 0;
  const connection = traceConnection(
    await service.connect('reader'),
    () => clock++,
    entry => entries.push(entry),
  );
  const plan = await planCard(connection, DOCUMENT);
  await writePlan(connection, plan, ADM, { consent: { iccid: DEFAULT_ICCID } });
  await verifyPlan(connection, plan);
  return entries;
}

/** A card that gives these answers, all of them 9000. */
function scripted(answers: string[]) {
  const entries: ApduTrace[] = [];
  const connection = traceConnection(
    {
      atr: new Uint8Array(),
      extended: false,
      transmit: async () => fromHex(`${answers.shift() ?? ''}9000`),
      disconnect: async () => {},
    },
    () => 0,
    entry => entries.push(entry),
  );
  return { entries, connection };
}

/** No six bytes of the document in a row. */
function expectNothingOf(document: Uint8Array, text: string): void {
  for (let at = 0; at + 6 <= document.length; at++) expect(text).not.toContain(toHex(document.slice(at, at + 6)));
}

describe('a trace', () => {
  it('says what each command does, to which file', async () => {
    const texts = (await traced()).map(({ text }) => text);
    expect(texts.slice(0, 4)).toEqual([
      'SELECT 2FE2',
      'READ BINARY 2FE2, 10 bytes from 0',
      'SELECT 2F00',
      'READ RECORD 1 of 2F00',
    ]);
    expect(texts).toContain('VERIFY ADM1: how many tries are left');
    expect(texts).toContain('VERIFY ADM1');
    expect(texts).toContain('UPDATE BINARY 6431, 255 bytes at 255');
    expect(texts).toContain('UPDATE BINARY 5031, 1 bytes at 0');
    expect(texts).toContain('MANAGE CHANNEL: open');
    expect(texts).toContain('SELECT application A000000063504B43532D3135');
  });

  it.each<[string, UiccOptions]>([
    ['a UICC', {}],
    [
      'a SIM, which answers with GET RESPONSE',
      { profile: blankSimProfile(DEFAULT_ICCID), habits: { classes: 'A0-only' } },
    ],
    ['a card that gives four bytes at a time', { habits: { mostRead: 4 } }],
  ])('of %s shows how many bytes of a bootstrap went by, and none of them', async (_, options) => {
    const entries = await traced(options);
    expectNothingOf(DOCUMENT, JSON.stringify(entries));
    expect(JSON.stringify(entries)).not.toContain(toHex(ADM.reveal()));
    const updates = entries.filter(({ text }) => text.startsWith('UPDATE BINARY 6431'));
    expect(updates.map(({ command }) => command.slice(-5))).toEqual(['FF•••', 'FF•••', '5A•••']);
    expect(entries.find(({ text }) => text.startsWith('READ BINARY 6431'))?.response).toMatch(/^••• \d+ bytes$/);
    // The pointers are no secret.
    expect(entries.some(({ command }) => command.includes('301A30040C02444D'))).toBe(true);
  });

  it('shows a DODF wherever EF(ODF) says it is', async () => {
    const { entries, connection } = scripted(['', 'A70A300804063F007F506440', '', 'CAFE', '', 'BEEF']);
    for (const fid of ['5031', '6440', '6441']) {
      await connection.transmit(fromHex(`00A4000402${fid}`));
      await connection.transmit(fromHex('00B0000000'));
    }
    expect(entries.map(({ response }) => response)).toEqual([
      '',
      'A70A300804063F007F506440',
      '',
      'CAFE',
      '',
      '••• 2 bytes',
    ]);
  });

  it('hides a bootstrap that the issuer put where the DODF usually is, and shows its pointers', async () => {
    const pointer = '301A30040C02444D30060604672B0701A10A300804063F007F506430';
    const blank = blankUiccProfile(DEFAULT_ICCID);
    const ef = (fid: number, size: number, content: string): FileProfile => ({
      ...{ kind: 'transparent', fid, size, content, read: 'always', update: 'adm1' },
    });
    const own = [
      ef(0x5031, 64, 'A70A300804063F007F506405'),
      ef(0x6405, 128, pointer),
      ef(0x6430, 1024, toHex(DOCUMENT.map(byte => byte ^ 1))),
    ];
    const files = blank.files.map(
      (file): FileProfile =>
        file.kind === 'df' && file.fid === 0x7f50 ? { ...file, change: 'never', files: own } : file,
    );
    const entries = await traced({ profile: { ...blank, files } });
    expectNothingOf(DOCUMENT, JSON.stringify(entries));
    expectNothingOf(
      DOCUMENT.map(byte => byte ^ 1),
      JSON.stringify(entries),
    );
    expect(entries.some(({ text }) => text.startsWith('UPDATE BINARY 6430'))).toBe(true);
    expect(entries.find(({ text }) => text.startsWith('READ BINARY 6405'))?.response).toContain(pointer);
  });

  it.each([
    ['a DODF that is read before EF(ODF)', ['00B000001C'], [ENTRY], [ENTRY]],
    ['nothing else at its place', ['00B000001C'], [toHex(DOCUMENT.slice(0, 28))], ['••• 28 bytes']],
    [
      'a part of it',
      ['00B0000005', '00B0000517'],
      [ENTRY.slice(0, 10), ENTRY.slice(10)],
      ['••• 5 bytes', ENTRY.slice(10)],
    ],
    ['what a short identifier leads to', ['00B0810004'], ['02A4016A'], ['••• 4 bytes']],
  ])('shows %s only where it is one', async (_, commands, contents, shown) => {
    const { entries, connection } = scripted(['', ...contents]);
    await connection.transmit(fromHex('00A40004026430'));
    for (const command of commands) await connection.transmit(fromHex(command));
    expect(entries.slice(1).map(({ response }) => response)).toEqual(shown);
  });

  it('becomes a file of JSON, and one of lines', async () => {
    const entries = (await traced()).map(entry => ({ ...entry, iccid: DEFAULT_ICCID }));
    const json = traceFile('Reader 00 01', entries, 'json');
    expect([json.name, json.type]).toEqual(['apdus-Reader-00-01.json', 'application/json']);
    expect(JSON.parse(json.text)).toEqual({ reader: 'Reader 00 01', apdus: JSON.parse(JSON.stringify(entries)) });
    const lines = traceFile('Reader 00 01', entries, 'text').text.split('\n');
    expect(lines.slice(0, 5)).toEqual([
      `# Reader 00 01: ${entries.length} commands`,
      `# card ${DEFAULT_ICCID}`,
      '1970-01-01T00:00:00.000Z     1 ms  SELECT 2FE2',
      `  > ${entries[0]?.command}`,
      `  < ${entries[0]?.response} 9000  done`,
    ]);
    expect(lines).toHaveLength(2 + 3 * entries.length + 1);
  });
});
