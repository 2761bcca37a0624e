/** Write: carries out a plan on the card it was made for, from whatever state an interrupted write left. */
import { bytesEqual, fromHex } from '../base/bytes.ts';
import { CardError, RequestError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import { presentAdm } from './adm.ts';
import { basicChannel, type CardChannel, readFile, selectFile, updateBinary } from './file-access.ts';
import { readIccid } from './layout.ts';
import type { Plan, PlannedFile } from './plan.ts';
import type { CardConnection } from './reader.ts';
import { type BootstrapFiles, type FileRole, type FileUpdate, orderUpdates } from './updates.ts';

export interface WriteProgress {
  /** UPDATE BINARY commands done, and in all for this run. */
  readonly done: number;
  readonly total: number;
  /** Path of the file just written. */
  readonly path: string;
}

export interface WriteOptions {
  readonly onProgress?: (progress: WriteProgress) => void;
  /** Stops between two commands; the plan can be resumed. */
  readonly signal?: AbortSignal;
}

export interface WriteResult {
  /** UPDATE BINARY commands and bytes of this run; none when the card was already as planned, and then no key was presented. */
  readonly updates: number;
  readonly bytesWritten: number;
}

const RESUME = 'Insert the same card again and write the same plan: it goes on where it stopped';

/**
 * Written is not done: verify afterwards.
 * @throws CardError `other-card`, `card-changed`, the refusals of presentAdm, `command-refused`, `card-removed`;
 * RequestError `write-cancelled`; TransportError.
 */
export async function writePlan(
  connection: CardConnection,
  plan: Plan,
  adm: Secret,
  options: WriteOptions = {},
): Promise<WriteResult> {
  try {
    return await write(basicChannel(connection), plan, adm, options);
  } catch (error) {
    if (!(error instanceof CardError) || error.code !== 'card-removed') throw error;
    throw new CardError('card-removed', 'the card was pulled before the plan was written; the plan can be resumed', {
      advice: RESUME,
      cause: error,
    });
  }
}

async function write(channel: CardChannel, plan: Plan, adm: Secret, options: WriteOptions): Promise<WriteResult> {
  await checkIccid(channel, plan);
  const files = { bootstrap: fileOf(plan, 'bootstrap'), dodf: fileOf(plan, 'dodf'), odf: fileOf(plan, 'odf') };
  const withdrawn = fromHex(plan.withdrawnDodf);
  const current: BootstrapFiles = {
    bootstrap: await readFile(channel, files.bootstrap.path),
    dodf: await readFile(channel, files.dodf.path),
    odf: await readFile(channel, files.odf.path),
  };
  checkDirectory(files.dodf, current.dodf, [withdrawn]);
  checkDirectory(files.odf, current.odf, []);
  const target: BootstrapFiles = {
    bootstrap: fromHex(files.bootstrap.after),
    dodf: fromHex(files.dodf.after),
    odf: fromHex(files.odf.after),
  };
  const updates = orderUpdates(current, target, withdrawn);
  if (updates.length === 0) return { updates: 0, bytesWritten: 0 };
  stopIfCancelled(options.signal);
  await presentAdm(channel, adm);
  const bytesWritten = await carryOut(channel, updates, files, options);
  return { updates: updates.length, bytesWritten };
}

async function carryOut(
  channel: CardChannel,
  updates: readonly FileUpdate[],
  files: Readonly<Record<FileRole, PlannedFile>>,
  options: WriteOptions,
): Promise<number> {
  let selected: FileRole | undefined;
  let bytesWritten = 0;
  for (const [i, update] of updates.entries()) {
    stopIfCancelled(options.signal);
    const { path } = files[update.role];
    if (selected !== update.role) await selectFile(channel, path);
    selected = update.role;
    await updateBinary(channel, path, update.offset, update.data);
    bytesWritten += update.data.length;
    options.onProgress?.({ done: i + 1, total: updates.length, path });
  }
  return bytesWritten;
}

/** @throws CardError `other-card`. */
export async function checkIccid(channel: CardChannel, plan: Plan): Promise<void> {
  const iccid = await readIccid(channel);
  if (iccid === plan.iccid) return;
  throw new CardError('other-card', `the plan is for card ${plan.iccid}, this is card ${iccid}`, {
    advice: 'Insert the card of the plan, or make a plan for this one',
    details: { expected: plan.iccid, found: iccid },
  });
}

/** A directory file lists what others own too: it must be as a write of this plan found or left it. */
function checkDirectory(file: PlannedFile, found: Uint8Array, between: readonly Uint8Array[]): void {
  const expected = [fromHex(file.before), fromHex(file.after), ...between];
  if (expected.some(bytes => bytesEqual(bytes, found))) return;
  throw new CardError('card-changed', `${file.what} ${file.path} has changed since the plan was made`, {
    advice: 'Make a new plan for this card',
    details: { path: file.path },
  });
}

export function fileOf(plan: Plan, role: FileRole): PlannedFile {
  const file = plan.files.find(candidate => candidate.role === role);
  if (file) return file;
  throw new RequestError('plan-incomplete', `the plan does not say what becomes of the ${role} file`, {
    advice: 'Make a new plan for this card',
  });
}

function stopIfCancelled(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new RequestError('write-cancelled', 'writing was cancelled; the plan can be resumed', { advice: RESUME });
}
