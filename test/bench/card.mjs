/**
 * APDUs to provision a card: plan, write and verify. Reference: the least possible, which is two full reads, one write in the
 * largest chunks, and the selections they need. A card that carries the bootstrap already is not written at all.
 */
import assert from 'node:assert/strict';
import { Secret } from '../../src-core/base/secret.ts';
import { createInProcessReaders } from '../../src-core/card/in-process.ts';
import { planCard, verifyPlan, writePlan } from '../../src-core/card/provision.ts';
import { traceConnection } from '../../src-core/card/trace.ts';
import { blankUiccProfile, DEFAULT_ICCID } from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, DEFAULT_ADM1 } from '../../src-core/virtual/uicc/uicc.ts';
import { batchBench, closeBench, csvOf, feedTray, makeTray } from '../support/card-tray.ts';

const READ = 256;
const WRITE = 255;
/** EF.ICCID, EF.DIR with two records, EF(ODF), EF(DODF): select and read each. */
const FIXED_READS = 2 + 3 + 2 + 2;
/** VERIFY twice (tries, key), and EF(DODF) and EF(ODF): select and update each; before the key the ICCID is read again. */
const FIXED_WRITES = 2 + 2 + 2 + 2;
/** The second read is a handset's: channel opened and closed, application selected. */
const HANDSET = 3;

export async function* card() {
  yield provisioned('1k', 1024);
  yield provisioned('16k', 16 * 1024);
  yield unchanged('1k', 1024);
  yield batch(500);
}

async function provisioned(name, size) {
  const uicc = cardWithRoomFor(size);
  const { apdus } = await provision(uicc, document(size, 1));
  const reads = FIXED_READS + 1 + Math.ceil(size / READ);
  const writes = FIXED_WRITES + 1 + Math.ceil(size / WRITE);
  return { case: `write/${name}`, value: apdus, unit: 'APDUs', baseline: 2 * reads + HANDSET + writes };
}

async function unchanged(name, size) {
  const uicc = cardWithRoomFor(size);
  await provision(uicc, document(size, 1));
  const { apdus, written } = await provision(uicc, document(size, 1));
  assert.equal(written, 0);
  const reads = FIXED_READS + 1 + Math.ceil(size / READ);
  return { case: `unchanged/${name}`, value: apdus, unit: 'APDUs', baseline: 2 * reads + HANDSET };
}

/** Three cards of a hundred are faulty, each in another way; two readers, time that goes on by itself. Every result must be right. */
async function batch(size) {
  const readers = ['Reader A', 'Reader B'];
  const tray = makeTray(size, 33);
  const bench = batchBench(readers);
  const { key } = await bench.room.importList('tray.csv', csvOf(tray));
  await bench.room.start(key);
  await feedTray(bench, readers, tray);
  const rows = new Map((await bench.store.batches.cards(key)).map(row => [row.iccid, row]));
  const isRight = ({ iccid, card, expected }) =>
    rows.get(iccid)?.state === expected.state && card.admTriesLeft === expected.triesLeft;
  const right = tray.filter(isRight).length;
  assert.equal(right, size);
  await closeBench(bench);
  return { case: `batch/${size}`, value: right, unit: 'right results', baseline: size };
}

/** As the workbench does it: a connection for each step. */
async function provision(uicc, bytes) {
  const service = createInProcessReaders();
  service.insert('bench', uicc);
  let apdus = 0;
  const step = async work => {
    const connection = await service.connect('bench');
    const traced = traceConnection(
      connection,
      () => 0,
      () => apdus++,
    );
    try {
      return await work(traced);
    } finally {
      await traced.disconnect();
    }
  };
  const plan = await step(connection => planCard(connection, bytes));
  let written = 0;
  if (plan.apdusToWrite > 0) {
    const key = Secret.ofText(DEFAULT_ADM1);
    written = (await step(connection => writePlan(connection, plan, key, { asPlanned: true }))).bytesWritten;
  }
  await step(connection => verifyPlan(connection, plan));
  await service.close();
  return { apdus, written };
}

function cardWithRoomFor(size) {
  const blank = blankUiccProfile(DEFAULT_ICCID);
  const files = blank.files.map(file =>
    file.fid === 0x7f50
      ? { ...file, files: file.files.map(inner => (inner.fid === 0x6431 ? { ...inner, size } : inner)) }
      : file,
  );
  return createUicc({ profile: { ...blank, files } });
}

function document(length, seed) {
  return Uint8Array.from({ length }, (_, i) => [0x02, 0xa4, 0x01][i] ?? (i * 7 + seed) % 250);
}
