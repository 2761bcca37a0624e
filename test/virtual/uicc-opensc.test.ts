/** OpenSC's explorer reads a virtual card that the workbench wrote, through the real pcscd: files, EF.DIR and PKCS#15 as a third party sees them. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { Secret } from '../../src-core/base/secret.ts';
import { createInProcessReaders } from '../../src-core/card/in-process.ts';
import { openPcscReaders } from '../../src-core/card/pcsc.ts';
import { planCard, writePlan } from '../../src-core/card/provision.ts';
import { waitForReader } from '../../src-core/card/reader.ts';
import { attachToVpcd, VPCD_SLOTS } from '../../src-core/card/vpcd.ts';
import { createUicc, DEFAULT_ADM1, type Uicc, type UiccOptions } from '../../src-core/virtual/uicc/uicc.ts';
import { type PcscdBench, usePcscd } from '../support/pcscd.ts';

const [SLOT] = VPCD_SLOTS;
const DOCUMENT = Uint8Array.from({ length: 300 }, (_, i) => [0x02, 0xa4, 0x01][i] ?? i % 250);
/** Without it OpenSC first asks the card for every product it knows, some hundred APDUs. */
const CONFIGURATION = 'app default { card_drivers = default; }';

let bench: PcscdBench;
let folder: string;
beforeAll(async () => {
  bench = await usePcscd();
  folder = await mkdtemp(join(tmpdir(), 'dmw-opensc-'));
  await writeFile(join(folder, 'opensc.conf'), CONFIGURATION);
}, 150_000);
afterAll(async () => {
  await rm(folder, { recursive: true });
  await bench.release();
});

async function written(options: UiccOptions): Promise<Uicc> {
  const card = createUicc(options);
  const service = createInProcessReaders();
  service.insert('reader', card);
  const connection = await service.connect('reader');
  await writePlan(connection, await planCard(connection, DOCUMENT), Secret.ofText(DEFAULT_ADM1));
  await connection.disconnect();
  await service.close();
  return card;
}

/** What the explorer prints for a script of its commands; runs of spaces are one. */
async function explore(card: Uicc, commands: readonly string[]): Promise<string[]> {
  const script = join(folder, 'script');
  await writeFile(script, commands.join('\n'));
  const service = await openPcscReaders();
  const attached = await attachToVpcd({ host: '127.0.0.1', port: SLOT.port, card });
  try {
    await waitForReader(service, SLOT.reader, reader => reader.state === 'present', 5000);
    const env = { ...process.env, OPENSC_CONF: join(folder, 'opensc.conf'), LC_ALL: 'C' };
    const { stdout } = await promisify(execFile)('opensc-explorer', ['--reader', SLOT.reader, script], { env });
    return stdout.split('\n').map(line => line.trim().replaceAll(/ +/g, ' '));
  } finally {
    await attached.detach();
    await service.close();
  }
}

it.each<[string, UiccOptions]>([
  ['a plain card', {}],
  ['a card with its rules in EF.ARR, and 6Cxx to every other Le', { habits: { rules: 'referenced', exactLe: true } }],
])('reads %s', async (_, options) => {
  const card = await written(options);
  const copy = join(folder, '6431');
  const commands = ['cat 2FE2', 'info 2F00', 'cat 2F00', 'cd aid:A000000063504B43532D3135', 'asn1 5031', 'asn1 6430'];
  const text = await explore(card, [...commands, 'info 6431', `get 6431 ${copy}`]);

  expect(text).toContain('00000000: 98 88 12 01 00 00 30 40 71 F3 ......0@q.');
  expect(text).toContain('File path: 3F00/2F00');
  expect(text).toContain('EF structure: Linear fixed');
  expect(text).toContain('Max. record size: 38 bytes');
  expect(text).toContain('00000000: 61 1D 4F 0C A0 00 00 00 63 50 4B 43 53 2D 31 35 a.O.....cPKCS-15');
  // EF(ODF) leads to the DODF, and that to the bootstrap: the object identifier is the one of OMA DM.
  expect(text).toContain('04 OCTET STRING (6 bytes): 3F 00 7F 50 64 30 ?..Pd0');
  expect(text).toContain('06 OBJECT IDENTIFIER (4 bytes): 2.23.43.7.1');
  expect(text).toContain('04 OCTET STRING (6 bytes): 3F 00 7F 50 64 31 ?..Pd1');
  expect(text).toContain('Life cycle: Operational, activated');
  expect(toHex(await readFile(copy))).toBe(toHex(card.file('3F007F506431')));
});

it('a card of T=1 takes an extended command through pcscd', async () => {
  const card = await written({ habits: { extended: true } });
  const service = await openPcscReaders();
  const attached = await attachToVpcd({ host: '127.0.0.1', port: SLOT.port, card });
  try {
    await waitForReader(service, SLOT.reader, reader => reader.state === 'present', 5000);
    const connection = await service.connect(SLOT.reader);
    const send = async (command: string) => toHex(await connection.transmit(fromHex(command)));
    const content = toHex(Uint8Array.from({ length: 600 }, (_, i) => i % 251));
    const commands = ['0020000A083132333435363738', '00A4080C047F506431', `00D60000000258${content}`, '00B00000000080'];
    const answers: string[] = [];
    for (const command of commands) answers.push(await send(command));
    expect(answers).toEqual(['9000', '9000', '9000', `${content.slice(0, 256)}9000`]);
    expect(toHex(card.file('3F007F506431').subarray(0, 600))).toBe(content);
    await connection.disconnect();
  } finally {
    await attached.detach();
    await service.close();
  }
});
