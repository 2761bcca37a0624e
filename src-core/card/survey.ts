/** What a plan needs to know of a card before it decides anything: read only, costs no try. */

import { CardError } from '../base/errors.ts';
import type { AccessRule } from '../encoding/access-rules.ts';
import type { Fcp } from '../encoding/fcp.ts';
import { accessRulesOf, conditionWords, keyFor, opensWith } from './access.ts';
import { ADM1_REFERENCE } from './adm.ts';
import { type CardChannel, findFile, readBinary, transparentSize } from './file-access.ts';
import { type BootstrapLayout, identifyCard, pkcs15Application, readApplications, readLayout } from './layout.ts';
import { PIN1_REFERENCE, readPinState } from './pin.ts';
import { readTries } from './present.ts';
import type { ProfileKind } from './profile-kind.ts';
import type { CardConnection } from './reader.ts';
import { traceConnection } from './trace.ts';

export interface CardSurvey {
  readonly channel: CardChannel;
  readonly iccid: string;
  readonly layout: BootstrapLayout;
  /** The whole file that the card leads to, or where it belongs; undefined where the card has none there. */
  readonly content: Uint8Array | undefined;
  readonly contentFcp: Fcp | undefined;
  /** Reference of the key that opens EF(DODF) for writing; ADM1 where the card does not say. */
  readonly key: number;
  /** Of this key; null where the card does not say. */
  readonly admTriesLeft: number | null;
  /** Commands that reading all this took, without the question for tries. */
  readonly apdus: number;
}

/** @throws CardError `no-pkcs15`, `file-malformed`, `file-taken`, `not-transparent`, `pin-needed`. */
export async function surveyCard(connection: CardConnection, kind: ProfileKind): Promise<CardSurvey> {
  const counted = traceConnection(
    connection,
    () => 0,
    () => undefined,
  );
  const { channel, iccid } = await identifyCard(counted);
  const { layout, content, contentFcp } = await readAll(channel, kind).catch(error => sayPin(channel, error));
  const { apdus } = counted;
  const key = keyFor(await rulesOf({ channel, layout }, layout.dodf.fcp), 'UPDATE') ?? ADM1_REFERENCE;
  const admTriesLeft = (await readTries(channel, key)) ?? null;
  return { channel, iccid, layout, content, contentFcp, key, admTriesLeft, apdus };
}

async function readAll(channel: CardChannel, kind: ProfileKind) {
  const layout = await readLayout(channel, pkcs15Application(await readApplications(channel)), kind);
  const path = layout.bootstrapPath;
  const contentFcp = await findFile(channel, path);
  const content = contentFcp && (await readBinary(channel, path, transparentSize(contentFcp, path)));
  return { layout, content, contentFcp };
}

export async function rulesOf(
  { channel, layout }: { readonly channel: CardChannel; readonly layout: Pick<BootstrapLayout, 'base'> },
  fcp: Fcp | undefined,
): Promise<AccessRule[] | undefined> {
  return fcp && accessRulesOf(channel, fcp, layout.base);
}

/** A file that is not read says after what it is. @throws CardError `pin-needed` where that is PIN1; any other error as it is. */
export async function sayPin(channel: CardChannel, error: unknown): Promise<never> {
  if (!(error instanceof CardError) || error.code !== 'read-locked') throw error;
  const path = String(error.details.path);
  const rules = await rulesOf({ channel, layout: { base: path.slice(0, -4) } }, await findFile(channel, path));
  const asked = rules ? `; it is read after ${conditionWords(rules, 'READ')}` : '';
  const options = { ...(error.statusWord !== undefined && { statusWord: error.statusWord }), cause: error };
  if (rules && !opensWith(rules, 'READ', PIN1_REFERENCE))
    throw new CardError('read-locked', `${error.message}${asked}`, {
      ...options,
      advice: 'Of the keys of a card only PIN1 is presented for reading',
      details: error.details,
    });
  const { triesLeft } = await readPinState(channel);
  const left = triesLeft === undefined ? '' : `; PIN1 has ${triesLeft} ${triesLeft === 1 ? 'try' : 'tries'} left`;
  throw new CardError('pin-needed', `${error.message}${asked}${left}`, {
    ...options,
    advice: 'Enter PIN1 of this card (dmw card: --pin), or switch its PIN off in a handset',
    details: { ...error.details, ...(triesLeft !== undefined && { triesLeft }) },
  });
}

/** The whole file; undefined where the card has none. @throws CardError `pin-needed`. */
export async function readContent(channel: CardChannel, path: string): Promise<Uint8Array | undefined> {
  const fcp = await findFile(channel, path);
  return fcp && readBinary(channel, path, transparentSize(fcp, path)).catch(error => sayPin(channel, error));
}
