/** Plan: what is on the card now, what will be, byte for byte, and which commands lead there. Writes nothing. */
import { bytesEqual, fromHex, toHex } from '../base/bytes.ts';
import { CardError } from '../base/errors.ts';
import { withoutPadding } from './handset-view.ts';
import { leadsTo } from './layout.ts';
import { type Place, placeOf, spareFor } from './place.ts';
import { dodfTo, dodfWithout, odfTo, refuseTooLong } from './pointers.ts';
import type { CardConnection } from './reader.ts';
import { type CardSurvey, readContent, surveyCard } from './survey.ts';
import { type BootstrapFiles, type FileRole, orderUpdates } from './updates.ts';

/** Plain data, all bytes hexadecimal: a plan can be stored, shown, and written later, also after an interruption. */
export interface Plan {
  readonly kind: 'provision' | 'erase' | 'restore';
  readonly iccid: string;
  /** A SIM of the second generation, spoken to in class A0. */
  readonly gsm?: true;
  /** Path of the application DF; empty where EF.DIR does not say it. */
  readonly base: string;
  /** When planned; null when the card does not say. */
  readonly admTriesLeft: number | null;
  /** In the order in which they are completed: content, then pointers. */
  readonly files: readonly PlannedFile[];
  /** EF(DODF) without the bootstrap, as it is while the content changes. */
  readonly withdrawnDodf: string;
  /** The UPDATE BINARY commands, in order; empty when the card is already as planned. */
  readonly updates: readonly PlannedUpdate[];
  /** Between the first and the last of them the card has no bootstrap at all. */
  readonly gap: boolean;
  /** CREATE FILE and UPDATE BINARY commands. */
  readonly apdusToWrite: number;
  /** Commands that a verification sends; one GET RESPONSE may come on top. */
  readonly apdusToVerify: number;
}

export interface PlannedFile {
  readonly role: FileRole;
  readonly path: string;
  readonly what: string;
  readonly size: number;
  /** Whole files; FF before where the file is still to be created. */
  readonly before: string;
  readonly after: string;
  /** CREATE FILE template, where the file is created. */
  readonly create?: string;
  /** Bytes before the FF padding. */
  readonly usedBefore: number;
  readonly usedAfter: number;
  /** Commands on this file. */
  readonly apdus: number;
}

export interface PlannedUpdate {
  readonly path: string;
  readonly offset: number;
  readonly data: string;
}

/** A card as it was before a plan was written: enough to put it back. */
export interface CardBackup {
  readonly iccid: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Path of the content that a handset found then; absent where it found none. */
  readonly bootstrapPath?: string;
  /** Whole files, hexadecimal. */
  readonly files: readonly { readonly role: FileRole; readonly path: string; readonly bytes: string }[];
}

/** A handset reads what the planner reads, and opens a channel, selects the application and closes the channel. */
const HANDSET_COMMANDS = 3;

const NAMES: Readonly<Record<FileRole, string>> = { bootstrap: 'EF DM_Bootstrap', dodf: 'EF(DODF)', odf: 'EF(ODF)' };

/**
 * @param bootstrap the bootstrap document, application/vnd.syncml.dm+wbxml.
 * @throws CardError `no-pkcs15`, `file-not-found`, `file-too-small`, `file-malformed`, `file-taken`, `pointer-not-atomic`.
 */
export async function planCard(connection: CardConnection, bootstrap: Uint8Array): Promise<Plan> {
  const survey = await surveyCard(connection);
  const { layout } = survey;
  const places = await directories(survey);
  const content = await contentPlace(survey, bootstrap);
  return planOf(
    'provision',
    survey,
    { ...places, bootstrap: content },
    {
      bootstrap: padded(bootstrap, content.current.length, content.path),
      dodf: dodfTo(layout, places.dodf.current, content.path),
      odf: odfTo(layout, places.odf.current),
    },
  );
}

/** No handset finds a bootstrap any more, and nothing of it is left in the file. */
export async function planErase(connection: CardConnection): Promise<Plan> {
  const survey = await surveyCard(connection);
  const { layout, content } = survey;
  if (!layout.odf.fcp || !layout.dodf.fcp || !content) throw nothingThere(survey.iccid);
  const places = await directories(survey);
  const bootstrap = { path: layout.bootstrapPath, current: content };
  return planOf(
    'erase',
    survey,
    { ...places, bootstrap },
    {
      bootstrap: new Uint8Array(content.length).fill(0xff),
      dodf: dodfWithout(layout, places.dodf.current),
      odf: places.odf.current,
    },
  );
}

/** The card as the backup has it. @throws CardError `other-card`, `backup-does-not-fit`. */
export async function planRestore(connection: CardConnection, backup: CardBackup): Promise<Plan> {
  const survey = await surveyCard(connection);
  if (survey.iccid !== backup.iccid) throw otherCard(backup.iccid, survey.iccid);
  const places: Record<FileRole, Place> = {
    bootstrap: await placeIn(survey, backup, 'bootstrap'),
    dodf: await placeIn(survey, backup, 'dodf'),
    odf: await placeIn(survey, backup, 'odf'),
  };
  const bytesOf = (role: FileRole) => fromHex(savedFile(backup, role).bytes);
  return planOf('restore', survey, places, {
    bootstrap: bytesOf('bootstrap'),
    dodf: bytesOf('dodf'),
    odf: bytesOf('odf'),
  });
}

/** What the plan will change, as it is now. */
export function backupOf(plan: Plan, at: number): CardBackup {
  const { iccid, base, files } = plan;
  const found = files.find(({ role, before }) => role === 'dodf' && before !== '');
  const content = files.find(({ role }) => role === 'bootstrap');
  const inUse = found && content && leadsTo(fromHex(found.before), { base, path: content.path });
  return {
    iccid,
    at,
    ...(inUse && { bootstrapPath: content.path }),
    files: files.map(({ role, path, before }) => ({ role, path, bytes: before })),
  };
}

/** In place, where a single command changes it or nothing leads there; else in the second file. */
async function contentPlace(survey: CardSurvey, bootstrap: Uint8Array): Promise<Place> {
  const { layout, content } = survey;
  const path = layout.bootstrapPath;
  if (!layout.provisioned || !content) return placeOf(survey, path, content, bootstrap.length);
  const fits = bootstrap.length <= content.length;
  if (fits && commandsFor(content, padded(bootstrap, content.length, path)) <= 1) return { path, current: content };
  const spare = await spareFor(survey, bootstrap.length);
  if (!spare && !fits) refuseTooLong(bootstrap.length, content.length, path);
  return spare ?? { path, current: content };
}

async function directories(survey: CardSurvey): Promise<Record<'dodf' | 'odf', Place>> {
  const { dodf, odf } = survey.layout;
  return {
    dodf: await placeOf(survey, dodf.path, dodf.fcp && dodf.bytes),
    odf: await placeOf(survey, odf.path, odf.fcp && odf.bytes),
  };
}

async function placeIn(survey: CardSurvey, backup: CardBackup, role: FileRole): Promise<Place> {
  const { path, bytes } = savedFile(backup, role);
  const current = await readContent(survey.channel, path);
  if (current && current.length === bytes.length / 2) return { path, current };
  throw new CardError('backup-does-not-fit', `file ${path} of the card is not the one that the backup was made of`, {
    advice: 'The file was created or changed in size since; erase the card instead, or plan it anew',
    details: { path },
  });
}

function savedFile(backup: CardBackup, role: FileRole): CardBackup['files'][number] {
  const file = backup.files.find(candidate => candidate.role === role);
  if (file) return file;
  throw new CardError('backup-does-not-fit', `the backup has no ${NAMES[role]}`, { advice: 'Choose another backup' });
}

function planOf(kind: Plan['kind'], survey: CardSurvey, places: Record<FileRole, Place>, target: BootstrapFiles): Plan {
  const { iccid, layout, channel, admTriesLeft, apdus } = survey;
  const { base } = layout;
  const current = { bootstrap: places.bootstrap.current, dodf: places.dodf.current, odf: places.odf.current };
  const withdrawn = dodfWithout(layout, places.dodf.current);
  const inUse = layout.provisioned && leadsTo(current.dodf, { base, path: places.bootstrap.path });
  const updates = orderUpdates({ current, target, withdrawn, inUse });
  const creates = Object.values(places).filter(place => place.create !== undefined).length;
  const files = (['bootstrap', 'dodf', 'odf'] as const).map(role => {
    const count = updates.filter(update => update.role === role).length;
    return plannedFile(role, places[role], target[role], count);
  });
  return {
    kind,
    iccid,
    ...(channel.gsm && { gsm: true }),
    base,
    admTriesLeft,
    files,
    withdrawnDodf: toHex(withdrawn),
    updates: updates.map(({ role, offset, data }) => ({ path: places[role].path, offset, data: toHex(data) })),
    gap: kind !== 'erase' && inUse && updates.filter(({ role }) => role === 'dodf').length > 1,
    apdusToWrite: updates.length + creates,
    apdusToVerify: apdus + HANDSET_COMMANDS,
  };
}

function plannedFile(
  role: FileRole,
  { path, current, create }: Place,
  after: Uint8Array,
  updates: number,
): PlannedFile {
  return {
    role,
    path,
    what: NAMES[role],
    size: after.length,
    before: toHex(current),
    after: toHex(after),
    ...(create !== undefined && { create }),
    usedBefore: withoutPadding(current).length,
    usedAfter: withoutPadding(after).length,
    apdus: updates + (create === undefined ? 0 : 1),
  };
}

function commandsFor(from: Uint8Array, to: Uint8Array): number {
  if (bytesEqual(from, to)) return 0;
  const none = new Uint8Array();
  const current = { bootstrap: from, dodf: none, odf: none };
  return orderUpdates({ current, target: { ...current, bootstrap: to }, withdrawn: none, inUse: false }).length;
}

function padded(content: Uint8Array, size: number, path: string): Uint8Array {
  refuseTooLong(content.length, size, path);
  const file = new Uint8Array(size).fill(0xff);
  file.set(content);
  return file;
}

export function otherCard(expected: string, found: string): CardError {
  return new CardError('other-card', `the plan is for card ${expected}, this is card ${found}`, {
    advice: 'Insert the card of the plan, or make a plan for this one',
    details: { expected, found },
  });
}

function nothingThere(iccid: string): CardError {
  return new CardError('no-bootstrap', `card ${iccid} has no files of a bootstrap: there is nothing to erase`, {
    advice: 'Insert a card that carries a bootstrap',
  });
}
