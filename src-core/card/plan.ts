/** Plan: what is on the card now, what will be, byte for byte, and which commands lead there. Writes nothing. */
import { fromHex } from '../base/bytes.ts';
import { CardError } from '../base/errors.ts';
import { partOf } from '../encoding/pkcs15.ts';
import { looksLike, withDocument } from './content.ts';
import { contentPlace } from './content-place.ts';
import { ADDRESSABLE } from './file-access.ts';
import { withoutPadding } from './handset-view.ts';
import { formerBootstraps, lookAtSlots, placeOf, updateLock } from './place.ts';
import { planOf, remains } from './plan-of.ts';
import type { CardBackup, Plan } from './planned.ts';
import { dodfTo, dodfWithout, odfTo, refuseTooLong } from './pointers.ts';
import { PROFILE_KINDS, type ProfileId, type ProfileKind } from './profile-kind.ts';
import type { CardConnection } from './reader.ts';
import { type CardSurvey, surveyCard } from './survey.ts';

export interface PlanOptions {
  /** Default: DM. */
  readonly profile?: ProfileId;
  /** Without a second file: the card was found to have no room for one. */
  readonly inPlace?: boolean;
}

/**
 * @param bootstrap the bootstrap document, application/vnd.syncml.dm+wbxml or application/vnd.wap.connectivity-wbxml.
 * @throws CardError `no-pkcs15`, `file-not-found`, `file-too-small`, `file-malformed`, `file-taken`.
 */
export async function planCard(
  connection: CardConnection,
  bootstrap: Uint8Array,
  options: PlanOptions = {},
): Promise<Plan> {
  const survey = await surveyCard(connection, PROFILE_KINDS[options.profile ?? 'dm']);
  return provision('provision', survey, bootstrap, options);
}

/** No handset finds a bootstrap any more, and nothing of one is left in any file for it. */
export async function planErase(connection: CardConnection, profile: ProfileId = 'dm'): Promise<Plan> {
  return erase('erase', await surveyCard(connection, PROFILE_KINDS[profile]));
}

/** The bootstrap that the backup has, or none where it has none. @throws CardError `other-card`. */
export async function planRestore(
  connection: CardConnection,
  backup: CardBackup,
  options: PlanOptions = {},
): Promise<Plan> {
  const survey = await surveyCard(connection, PROFILE_KINDS[backup.profile ?? 'dm']);
  if (survey.iccid !== backup.iccid) throw otherCard(backup.iccid, survey.iccid);
  if (backup.document === undefined) return erase('restore', survey);
  return provision('restore', survey, fromHex(backup.document), options);
}

async function provision(
  kind: Plan['kind'],
  survey: CardSurvey,
  document: Uint8Array,
  { inPlace = false }: PlanOptions,
): Promise<Plan> {
  const { layout, content, contentFcp } = survey;
  const { dodf, odf, bootstrapPath, bootstrapPart } = layout;
  refuseTooLong(document.length, ADDRESSABLE, bootstrapPath);
  // A write that was cut may have left a former bootstrap somewhere.
  const slots = layout.provisioned && content ? await lookAtSlots(survey) : undefined;
  const places = {
    dodf: await placeOf(survey, dodf.path, dodf.fcp && dodf.bytes, dodf),
    odf: await placeOf(survey, odf.path, odf.fcp && odf.bytes, odf),
    bootstrap: await contentPlace(survey, document, inPlace, slots),
  };
  const { path, part, current } = places.bootstrap;
  refuseTooLong(document.length, partOf(current, part).length, path);
  const target = {
    bootstrap: withDocument(current, part, document),
    dodf: dodfTo(layout, places.dodf.current, places.bootstrap),
    odf: odfTo(layout, places.odf.current),
  };
  const moves = layout.provisioned && content !== undefined && bootstrapPath !== path;
  const former = slots ? formerBootstraps(survey, slots).filter(one => one.path !== path) : [];
  const left = moves
    ? [{ path: bootstrapPath, part: bootstrapPart, current: content, fcp: contentFcp }, ...former]
    : former;
  return planOf(kind, survey, places, target, left);
}

async function erase(kind: Plan['kind'], survey: CardSurvey): Promise<Plan> {
  const { layout, content, contentFcp, iccid } = survey;
  const { odf, dodf, bootstrapPath: path, bootstrapPart: part } = layout;
  if (!odf.fcp || !dodf.fcp) throw nothingThere(iccid, layout.kind);
  const left = formerBootstraps(survey, await lookAtSlots(survey));
  const current = content ?? new Uint8Array();
  const places = {
    dodf: { path: dodf.path, current: dodf.bytes, fcp: dodf.fcp },
    odf: { path: odf.path, current: odf.bytes, fcp: odf.fcp },
    bootstrap: { path, part, current, fcp: contentFcp },
  };
  // What lies where no pointer leads, and is no bootstrap, is somebody else's.
  const foreign = !layout.provisioned && content && !looksLike(content, layout.kind);
  const lock = await updateLock(survey, contentFcp);
  const stays = foreign || lock !== undefined;
  const target = {
    bootstrap: stays ? current : withDocument(current, part, new Uint8Array()),
    dodf: dodfWithout(layout, dodf.bytes),
    odf: odf.bytes,
  };
  const plan = await planOf(kind, survey, places, target, left);
  if (lock === undefined || foreign || withoutPadding(partOf(current, part)).length === 0) return plan;
  return { ...plan, hindrances: [...plan.hindrances, remains(survey, path, lock)] };
}

export function otherCard(expected: string, found: string): CardError {
  return new CardError('other-card', `the plan is for card ${expected}, this is card ${found}`, {
    advice: 'Insert the card of the plan, or make a plan for this one',
    details: { expected, found },
  });
}

function nothingThere(iccid: string, { name }: ProfileKind): CardError {
  return new CardError('no-bootstrap', `card ${iccid} has no files of a ${name}: there is nothing to erase`, {
    advice: `Insert a card that carries a ${name}`,
  });
}
