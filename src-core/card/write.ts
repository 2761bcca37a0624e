/** Write: carries out a plan on the card it was made for, from whatever state an interrupted write left. */
import { fromHex } from '../base/bytes.ts';
import { CardError, RequestError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import { type KeyConsent, presentAdm } from './adm.ts';
import { blanking, type ContentUpdate } from './byte-updates.ts';
import { looksLike } from './content.ts';
import { sameList } from './directory-updates.ts';
import { type CardChannel, createFile, findFile, selectFile, updateBinary } from './file-access.ts';
import { identifyCard } from './layout.ts';
import { selectBase } from './place.ts';
import { otherCard } from './plan.ts';
import type { CardState, Plan, PlannedFile } from './planned.ts';
import { PROFILE_KINDS } from './profile-kind.ts';
import type { CardConnection } from './reader.ts';
import { stateNow } from './state-now.ts';
import { readContent } from './survey.ts';
import { type BootstrapFiles, type FileRole, type FileUpdate, orderUpdates } from './updates.ts';

export interface WriteProgress {
  /** UPDATE BINARY commands done, and in all for this run. */
  readonly done: number;
  readonly total: number;
  /** Path of the file just written. */
  readonly path: string;
}

export interface WriteOptions {
  /** The card has not left the reader since the plan was made, and nothing was written: its files are as the plan says. */
  readonly asPlanned?: boolean;
  /** The key was accepted, and this run changed nothing yet: the moment for a backup of what is there now. What it throws ends the write. */
  readonly beforeChange?: (now: CardState | undefined) => Promise<void>;
  /** With the tries left, right before the key goes out. What it throws keeps the key back. */
  readonly beforeKey?: (triesLeft: number | null) => Promise<void>;
  readonly onProgress?: (progress: WriteProgress) => void;
  /** Stops between two commands; the plan can be resumed. */
  readonly signal?: AbortSignal;
  /** The key is presented at the last try too, or where the card does not say how many are left. */
  readonly consent?: KeyConsent;
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
    return await write(await channelTo(connection, plan), plan, adm, options);
  } catch (error) {
    if (!(error instanceof CardError) || error.code !== 'card-removed') throw error;
    throw new CardError('card-removed', 'the card was pulled before the plan was written; the plan can be resumed', {
      advice: RESUME,
      cause: error,
    });
  }
}

async function write(channel: CardChannel, plan: Plan, adm: Secret, options: WriteOptions): Promise<WriteResult> {
  const files = { bootstrap: fileOf(plan, 'bootstrap'), dodf: fileOf(plan, 'dodf'), odf: fileOf(plan, 'odf') };
  // What is lost by this write is read again: another program may have been at the card.
  const asPlanned = options.asPlanned && plan.found === undefined;
  const found = await readFiles(channel, files, asPlanned);
  // A file of this plan that nobody is led to yet is in whatever state its card and a cut made it.
  const isHidden = files.dodf.create !== undefined && !(found.odf && sameList(found.odf, fromHex(files.odf.after)));
  if (!isHidden) checkDirectory(plan, files.dodf, found.dodf);
  checkDirectory(plan, files.odf, found.odf);
  checkContent(plan, files.bootstrap, found.bootstrap);
  const missing = ROLES.filter(role => found[role] === undefined);
  const former = await readLeft(channel, plan, asPlanned);
  const left = former.flatMap(({ path, current, after }) =>
    blanking(current, after).map(update => ({ path, ...update })),
  );
  if (missing.length === 0 && left.length === 0 && updatesFor(plan, files, found).length === 0)
    return { updates: 0, bytesWritten: 0 };
  refuseHindered(plan);
  stopIfCancelled(options.signal);
  await presentAdm(channel, adm, {
    consented: options.consent?.iccid === plan.iccid,
    reference: plan.key.reference,
    beforeKey: options.beforeKey,
  });
  const there = ROLES.flatMap(role => (found[role] ? [[files[role].path, found[role]] as const] : []));
  await options.beforeChange?.(
    stateNow(plan, new Map([...there, ...former.map(file => [file.path, file.current] as const)])),
  );
  for (const role of missing) {
    stopIfCancelled(options.signal);
    await create(channel, plan, files[role]);
  }
  // What a card puts into a new file is its own business.
  const current = missing.length > 0 ? await readFiles(channel, files) : found;
  const updates = updatesFor(plan, files, current).map(({ role, ...update }) => ({
    ...update,
    path: files[role].path,
  }));
  return carryOut(channel, [...updates, ...left], options);
}

const ROLES = ['bootstrap', 'dodf', 'odf'] as const;
type Files<T> = Readonly<Record<FileRole, T>>;

interface PathUpdate extends ContentUpdate {
  readonly path: string;
}

/** Undefined: the card has no such file, and the plan creates it. @throws CardError `file-not-found` where it does not. */
async function readFiles(
  channel: CardChannel,
  files: Files<PlannedFile>,
  asPlanned = false,
): Promise<Files<Uint8Array | undefined>> {
  const read = async ({ path, create, size }: PlannedFile) => {
    const bytes = await readContent(channel, path);
    // Says which one it misses.
    if (!bytes && create === undefined) await selectFile(channel, path);
    // Of a directory file EF(ODF) may give a part only.
    return bytes?.subarray(0, size);
  };
  // The pointers are read in any case: they are everybody's.
  const { before, create } = files.bootstrap;
  const bootstrap = asPlanned && create === undefined ? fromHex(before) : await read(files.bootstrap);
  return { bootstrap, dodf: await read(files.dodf), odf: await read(files.odf) };
}

function updatesFor(
  plan: Plan,
  files: Files<PlannedFile>,
  found: Files<Uint8Array | undefined>,
): readonly FileUpdate[] {
  const target: BootstrapFiles = {
    bootstrap: fromHex(files.bootstrap.after),
    dodf: fromHex(files.dodf.after),
    odf: fromHex(files.odf.after),
  };
  const current: BootstrapFiles = {
    bootstrap: found.bootstrap ?? fromHex(files.bootstrap.before),
    dodf: found.dodf ?? fromHex(files.dodf.before),
    odf: found.odf ?? fromHex(files.odf.before),
  };
  const { path } = files.bootstrap;
  return orderUpdates({ kind: PROFILE_KINDS[plan.profile], base: plan.base, path, current, target }).updates;
}

interface FormerFile {
  readonly path: string;
  readonly current: Uint8Array;
  readonly after: Uint8Array;
}

/** Files that held a bootstrap are blanked last, when no pointer leads there any more. */
async function readLeft(channel: CardChannel, plan: Plan, asPlanned = false): Promise<FormerFile[]> {
  const found: FormerFile[] = [];
  for (const file of plan.files) {
    if (file.role !== 'left') continue;
    const current = asPlanned ? fromHex(file.before) : await readContent(channel, file.path);
    checkContent(plan, file, current);
    if (current) found.push({ path: file.path, current, after: fromHex(file.after) });
  }
  return found;
}

async function create(
  channel: CardChannel,
  { base }: Plan,
  { path, create: template = '' }: PlannedFile,
): Promise<void> {
  if ((await findFile(channel, path)) !== undefined) return;
  await selectBase(channel, base);
  await createFile(channel, path, fromHex(template));
}

async function carryOut(
  channel: CardChannel,
  updates: readonly PathUpdate[],
  options: WriteOptions,
): Promise<WriteResult> {
  let selected: string | undefined;
  let bytesWritten = 0;
  for (const [i, { path, offset, data }] of updates.entries()) {
    stopIfCancelled(options.signal);
    if (selected !== path) await selectFile(channel, path);
    selected = path;
    await updateBinary(channel, path, offset, data);
    bytesWritten += data.length;
    options.onProgress?.({ done: i + 1, total: updates.length, path });
  }
  return { updates: updates.length, bytesWritten };
}

/** The card of the plan, in the class that it speaks. @throws CardError `other-card`. */
export async function channelTo(connection: CardConnection, plan: Plan): Promise<CardChannel> {
  const { channel, iccid } = await identifyCard(connection);
  if (iccid === plan.iccid) return channel;
  throw otherCard(plan.iccid, iccid);
}

/** A directory file lists what others own too: it must be as a write of this plan found or left it. */
function checkDirectory(plan: Plan, file: PlannedFile, found: Uint8Array | undefined): void {
  if (!found) return;
  const expected = [file.before, file.after, ...(file.role === 'dodf' ? [plan.withdrawnDodf] : [])].map(fromHex);
  // What lies behind the list may be the half of a new entry; a file just created is in whatever state its card makes it.
  if (expected.some(bytes => sameList(bytes, found))) return;
  // Cut between two commands or in the middle of one.
  if (found.every((byte, i) => expected.some(bytes => byte === bytes[i]))) return;
  throw new CardError('card-changed', `${file.what} ${file.path} has changed since the plan was made`, {
    advice: 'Make a new plan for this card',
    details: { path: file.path },
  });
}

/** The content file is as it was, or a write of this plan was cut in it, or it has a bootstrap of the kind: what else came into it is somebody's. */
function checkContent(
  { profile }: Plan,
  { path, what, before, after, create }: PlannedFile,
  found: Uint8Array | undefined,
): void {
  if (!found || create !== undefined || looksLike(found, PROFILE_KINDS[profile])) return;
  const [old, fresh] = [fromHex(before), fromHex(after)];
  if (found.every((byte, i) => byte === 0xff || byte === old[i] || byte === fresh[i])) return;
  throw new CardError('card-changed', `${what} ${path} has changed since the plan was made`, {
    advice: 'Make a new plan for this card',
    details: { path },
  });
}

export function fileOf(plan: Plan, role: FileRole): PlannedFile {
  const file = plan.files.find(candidate => candidate.role === role);
  if (file) return file;
  throw new RequestError('plan-incomplete', `the plan does not say what becomes of the ${role} file`, {
    advice: 'Make a new plan for this card',
  });
}

/** What the card lets nobody change is no reason to present its key. */
function refuseHindered({ hindrances }: Plan): void {
  const [first] = hindrances.filter(({ blocks }) => blocks);
  if (!first) return;
  throw new CardError('update-locked', `${first.what} ${first.path} cannot be changed: ${first.reason}`, {
    advice: 'The card issuer must change its access rules; the key was not presented',
    details: { path: first.path },
  });
}

function stopIfCancelled(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new RequestError('write-cancelled', 'writing was cancelled; the plan can be resumed', { advice: RESUME });
}
