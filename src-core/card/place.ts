/**
 * Where a new bootstrap goes on a card. While the old one is in use, the new one is written into a second file and the
 * pointer changes last, so that a handset finds one or the other at any moment; a card without room for two loses the old
 * one for as long as the write takes.
 */
import { toHex } from '../base/bytes.ts';
import { CardError } from '../base/errors.ts';
import { encodeAccessRule, keyName } from '../encoding/access-rules.ts';
import { encodeFcp, type Fcp } from '../encoding/fcp.ts';
import { type FilePart, PKCS15_AID, partOf } from '../encoding/pkcs15.ts';
import { lockOf, opensWith } from './access.ts';
import { isBlank, isFree, looksLike } from './content.ts';
import { type CardChannel, findFile, readBinary, selectApplication, transparentSize } from './file-access.ts';
import { belonged, belongsTo, resolvePath, sameFile, takenFiles } from './layout.ts';
import { type CardSurvey, rulesOf } from './survey.ts';

/** A file of a plan as it is on the card now, or as it will be created. */
export interface Place {
  readonly path: string;
  /** Whole; FF where it is still to be created. */
  readonly current: Uint8Array;
  /** CREATE FILE template, hexadecimal; absent where the file is there. */
  readonly create?: string;
  /** As the card describes it; absent where it is not there. */
  readonly fcp?: Fcp | undefined;
  /** What of it is ours; absent where all of it is. */
  readonly part?: FilePart | undefined;
}

/** A new file has room for a longer bootstrap later. */
const SMALLEST_CONTENT = 1024;
const CONTENT_STEP = 256;
const DIRECTORY_SIZE = 128;

/** The file that the content is written to while the one in use stays as it is; undefined where the card has no room for two. */
export async function spareFor(survey: CardSurvey, document: Uint8Array, slots?: Slots): Promise<Place | undefined> {
  const { length } = document;
  const { there, missing } = slots ?? (await lookAtSlots(survey));
  for (const { path, fcp, current, part } of there) {
    // Around a part may be what others own.
    if ((part && !isBlank(current)) || current.length < length || (await updateLock(survey, fcp)) !== undefined)
      continue;
    if (isFree(current, survey.layout.kind, document)) return { path, current, fcp };
  }
  const [free] = missing;
  return free !== undefined && (await mayCreate(survey)) ? created(survey, free, contentSize(length)) : undefined;
}

interface Slot extends Place {
  readonly fcp: Fcp;
}

/** Files for the content besides the one in use, and nobody else's: those that are there, and the paths of those that are not. */
export interface Slots {
  readonly there: readonly Slot[];
  readonly missing: readonly string[];
}

/** Files besides the one in use, and nobody else's, that hold a bootstrap. */
export function formerBootstraps({ layout }: CardSurvey, { there }: Slots): Place[] {
  return there.filter(({ current, part }) => looksLike(partOf(current, part), layout.kind));
}

export async function lookAtSlots(survey: CardSurvey): Promise<Slots> {
  const { channel } = survey;
  const there: Slot[] = [];
  const missing: string[] = [];
  for (const [path, part] of slotPaths(survey)) {
    const fcp = await describedFile(channel, path);
    if (!fcp) missing.push(path);
    else if (fcp.structure === 'transparent' && fcp.size !== undefined)
      there.push({ path, part, fcp, current: await readBinary(channel, path, transparentSize(fcp, path)) });
  }
  return { there, missing };
}

/** An odd file is passed by. */
async function describedFile(channel: CardChannel, path: string): Promise<Fcp | undefined> {
  try {
    return await findFile(channel, path);
  } catch (error) {
    if (error instanceof CardError && error.code === 'fcp-malformed') return { structure: 'df' };
    throw error;
  }
}

function slotPaths({ layout, content }: CardSurvey): (readonly [path: string, part: FilePart | undefined])[] {
  const { base, bootstrapPath, dodf, dodfListed, kind } = layout;
  const isTaken = takenFiles(layout, kind);
  const slots = new Map(kind.fids.map(fid => [resolvePath(base, fid), undefined as FilePart | undefined]));
  // Some cards have more than one entry for a bootstrap, and those that were put out of use.
  const entries = dodfListed ? dodf.entries : [];
  for (const { value } of entries.filter(entry => belongsTo(entry, kind) || belonged(entry, kind)))
    if (value) slots.set(resolvePath(base, value.path), value.part);
  // Where it is missing, its place is the first for a new one.
  return [...slots].filter(([path]) => !isTaken(path) && !(content && sameFile(base, path, bootstrapPath)));
}

/** Why this file cannot be changed with the key of the plan; undefined where it can, or where the card does not say. */
export async function updateLock(survey: CardSurvey, fcp: Fcp | undefined): Promise<string | undefined> {
  return lockOf(await rulesOf(survey, fcp), 'UPDATE', survey.key);
}

/** The file where it is, or as it will be created. @throws CardError `file-not-found` where the card has none and lets none be created. */
export async function placeOf(
  survey: CardSurvey,
  path: string,
  current: Uint8Array | undefined,
  { fcp, length }: { readonly fcp?: Fcp | undefined; readonly length?: number } = {},
): Promise<Place> {
  if (current) return { path, current, fcp };
  if (isInside(survey, path) && (await mayCreate(survey)))
    return created(survey, path, length === undefined ? DIRECTORY_SIZE : contentSize(length));
  throw new CardError(
    'file-not-found',
    `the card has no file ${path}, and lets nobody with the ${keyName(survey.key)} key create it`,
    {
      advice: 'The card issuer must create it before a bootstrap can be written',
      statusWord: 0x6a82,
      details: { path },
    },
  );
}

/** A file of another directory is not created: CREATE FILE makes it where the application is. */
function isInside({ layout }: CardSurvey, path: string): boolean {
  return path === `${layout.base}${path.slice(-4)}`;
}

/** Selects the directory of the application. */
export async function selectBase(channel: CardChannel, base: string): Promise<Fcp | undefined> {
  return base === '' ? selectApplication(channel, PKCS15_AID) : findFile(channel, base);
}

export async function mayCreate(survey: CardSurvey): Promise<boolean> {
  const { channel, layout, key } = survey;
  if (channel.gsm) return false;
  const directory = await selectBase(channel, layout.base);
  return directory !== undefined && opensWith(await rulesOf(survey, directory), 'CREATE EF', key);
}

/** With the access rules of the files beside it, where those open with the key. */
async function created(survey: CardSurvey, path: string, size: number): Promise<Place> {
  const { contentFcp, layout, key } = survey;
  const own = Uint8Array.from([
    ...encodeAccessRule(0x01, { kind: 'always' }),
    ...encodeAccessRule(0x02, { kind: 'key', reference: key }),
  ]);
  let rules: Pick<Fcp, 'rule' | 'security'> = { security: own };
  for (const sibling of [contentFcp, layout.dodf.fcp, layout.odf.fcp]) {
    if (!sibling?.rule && !sibling?.security) continue;
    if (!opensWith(await rulesOf(survey, sibling), 'UPDATE', key)) continue;
    rules = sibling.rule ? { rule: sibling.rule } : { security: sibling.security ?? own };
    break;
  }
  const fid = Number.parseInt(path.slice(-4), 16);
  const template = encodeFcp({ structure: 'transparent', fid, size, noShortIdentifier: true, ...rules });
  return { path, current: new Uint8Array(size).fill(0xff), create: toHex(template) };
}

function contentSize(length: number): number {
  return Math.max(SMALLEST_CONTENT, Math.ceil(length / CONTENT_STEP) * CONTENT_STEP);
}
