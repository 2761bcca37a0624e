/**
 * Where a new bootstrap goes on a card. While the old one is in use, the new one is written into a second file and the
 * pointer changes last, so that a handset finds one or the other at any moment; a card without room for two loses the old
 * one for as long as the write takes.
 */
import { toHex } from '../base/bytes.ts';
import { CardError } from '../base/errors.ts';
import { encodeAccessRule } from '../encoding/access-rules.ts';
import { encodeFcp, type Fcp } from '../encoding/fcp.ts';
import { PKCS15_AID } from '../encoding/pkcs15.ts';
import { accessRulesOf, opensWithAdm } from './access.ts';
import { ADM1_REFERENCE } from './adm.ts';
import { type CardChannel, findFile, readBinary, selectApplication, selectFile } from './file-access.ts';
import { isBootstrap, resolvePath } from './layout.ts';
import type { CardSurvey } from './survey.ts';

/** A file of a plan as it is on the card now, or as it will be created. */
export interface Place {
  readonly path: string;
  /** Whole; FF where it is still to be created. */
  readonly current: Uint8Array;
  /** CREATE FILE template, hexadecimal; absent where the file is there. */
  readonly create?: string;
}

/** Identifiers for the content, in the order in which they are tried. */
const CONTENT_FIDS = ['6431', '6432', '6433'];
/** A new file has room for a longer bootstrap later. */
const SMALLEST_CONTENT = 1024;
const CONTENT_STEP = 256;
const DIRECTORY_SIZE = 128;

/** The file that the content is written to while the one in use stays as it is; undefined where the card has no room for two. */
export async function spareFor(survey: CardSurvey, length: number): Promise<Place | undefined> {
  const { channel, layout } = survey;
  let free: string | undefined;
  for (const path of sparePaths(survey)) {
    const fcp = await findFile(channel, path);
    if (!fcp) {
      free ??= path;
      continue;
    }
    const { size } = fcp;
    if (fcp.structure !== 'transparent' || size === undefined || size < length) continue;
    const rules = channel.gsm ? undefined : await accessRulesOf(channel, fcp, layout.base);
    if (rules && !opensWithAdm(rules, 'UPDATE')) continue;
    if (fcp.rule) await selectFile(channel, path);
    return { path, current: await readBinary(channel, path, size) };
  }
  return free !== undefined && (await mayCreate(survey)) ? created(survey, free, contentSize(length)) : undefined;
}

/** The file where it is, or as it will be created. @throws CardError `file-not-found` where the card has none and lets none be created. */
export async function placeOf(
  survey: CardSurvey,
  path: string,
  current: Uint8Array | undefined,
  length?: number,
): Promise<Place> {
  if (current) return { path, current };
  if (await mayCreate(survey))
    return created(survey, path, length === undefined ? DIRECTORY_SIZE : contentSize(length));
  throw new CardError('file-not-found', `the card has no file ${path}, and lets nobody with the ADM1 key create it`, {
    advice: 'The card issuer must create it before a bootstrap can be written',
    statusWord: 0x6a82,
    details: { path },
  });
}

/** Selects the directory of the application. */
export async function selectBase(channel: CardChannel, base: string): Promise<Fcp | undefined> {
  return base === '' ? selectApplication(channel, PKCS15_AID) : findFile(channel, base);
}

/** Files for the content that no other data object has. */
export function sparePaths({ layout: { base, dodf, bootstrapPath } }: Pick<CardSurvey, 'layout'>): string[] {
  const taken = new Set(
    dodf.entries.flatMap(entry => (entry.value && !isBootstrap(entry) ? [resolvePath(base, entry.value.path)] : [])),
  );
  return CONTENT_FIDS.map(fid => `${base}${fid}`).filter(path => path !== bootstrapPath && !taken.has(path));
}

async function mayCreate({ channel, layout: { base } }: CardSurvey): Promise<boolean> {
  if (channel.gsm) return false;
  const directory = await selectBase(channel, base);
  return directory !== undefined && opensWithAdm(await accessRulesOf(channel, directory, base), 'CREATE EF');
}

/** With the access rules of the files beside it. */
function created({ layout: { odf, dodf } }: CardSurvey, path: string, size: number): Place {
  const sibling = odf.fcp ?? dodf.fcp;
  const rules = sibling?.rule ? { rule: sibling.rule } : { security: sibling?.security ?? READ_ALWAYS_UPDATE_ADM1 };
  const template = encodeFcp({ structure: 'transparent', fid: Number.parseInt(path.slice(-4), 16), size, ...rules });
  return { path, current: new Uint8Array(size).fill(0xff), create: toHex(template) };
}

const READ_ALWAYS_UPDATE_ADM1 = Uint8Array.from([
  ...encodeAccessRule(0x01, { kind: 'always' }),
  ...encodeAccessRule(0x02, { kind: 'key', reference: ADM1_REFERENCE }),
]);

function contentSize(length: number): number {
  return Math.max(SMALLEST_CONTENT, Math.ceil(length / CONTENT_STEP) * CONTENT_STEP);
}
