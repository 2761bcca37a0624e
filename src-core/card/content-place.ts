/** Which file takes a bootstrap: the one in use, the one where it belongs, or another. */
import { CardError } from '../base/errors.ts';
import { partOf } from '../encoding/pkcs15.ts';
import { contentUpdates, isOneByte } from './byte-updates.ts';
import { isFree, withDocument } from './content.ts';
import { mayCreate, type Place, placeOf, type Slots, spareFor, updateLock } from './place.ts';
import { refuseTooLong } from './pointers.ts';
import type { ProfileKind } from './profile-kind.ts';
import type { CardSurvey } from './survey.ts';

/**
 * In place, where a single byte changes or nothing leads there; else in the second file, for a command can be cut in the middle.
 * @param inPlace without a second file: the card was found to have no room for one.
 * @throws CardError `file-not-found`, `file-too-small`, `file-taken`.
 */
export async function contentPlace(
  survey: CardSurvey,
  document: Uint8Array,
  inPlace: boolean,
  slots: Slots | undefined,
): Promise<Place> {
  const { layout, content, contentFcp: fcp } = survey;
  if (!layout.provisioned || !content) return firstPlace(survey, document, inPlace);
  const { bootstrapPath: path, bootstrapPart: part } = layout;
  const here: Place = { path, current: content, fcp, part };
  const room = partOf(content, part).length;
  const fits = document.length <= room;
  const updates = fits ? contentUpdates(content, withDocument(content, part, document)) : undefined;
  if (updates?.length === 0) return here;
  const locked = (await updateLock(survey, fcp)) !== undefined;
  if (updates && isOneByte(updates) && !locked) return here;
  const spare = inPlace && !locked ? undefined : await spareFor(survey, document, slots);
  if (!spare && !fits) refuseTooLong(document.length, room, path);
  return spare ?? here;
}

/** Where the file is free and large enough; where the card has none there, a new one; else wherever there is room. */
async function firstPlace(survey: CardSurvey, document: Uint8Array, inPlace: boolean): Promise<Place> {
  const { layout, content, contentFcp: fcp } = survey;
  const { kind, provisioned, bootstrapPath: path } = layout;
  const { length } = document;
  const suits = content !== undefined && isFree(content, kind, document) && length <= content.length;
  if (suits && (await updateLock(survey, fcp)) === undefined) return { path, current: content, fcp };
  const creates = !content && !inPlace && (await mayCreate(survey));
  const spare = provisioned || creates ? undefined : await spareFor(survey, document);
  if (spare) return spare;
  if (!content) return placeOf(survey, path, content, { length });
  if (!isFree(content, kind, document)) throw unknownContent(path, kind);
  refuseTooLong(length, content.length, path);
  return { path, current: content, fcp };
}

function unknownContent(path: string, { name }: ProfileKind): CardError {
  return new CardError('file-taken', `file ${path} holds something that is no ${name}, and no directory says whose`, {
    advice: 'Read it with dmw card read; the card issuer must blank it or create another file',
    details: { path },
  });
}
