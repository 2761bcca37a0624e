/** What a plan needs to know of a card before it decides anything: read only, costs no try. */

import { CardError } from '../base/errors.ts';
import type { AccessRule } from '../encoding/access-rules.ts';
import type { Fcp } from '../encoding/fcp.ts';
import { accessRulesOf, conditionWords, keyFor } from './access.ts';
import { ADM1_REFERENCE, PIN1_REFERENCE, readTries } from './adm.ts';
import { type CardChannel, findFile, readBinary, transparentSize } from './file-access.ts';
import { type BootstrapLayout, identifyCard, pkcs15Application, readApplications, readLayout } from './layout.ts';
import type { ProfileKind } from './profile-kind.ts';
import type { CardConnection } from './reader.ts';
import { traceConnection } from './trace.ts';

export interface CardSurvey {
  readonly channel: CardChannel;
  readonly iccid: string;
  readonly layout: BootstrapLayout;
  /** The file that the card leads to, or where it belongs; undefined where the card has none there. */
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

async function sayPin(channel: CardChannel, error: unknown): Promise<never> {
  if (!(error instanceof CardError) || error.code !== 'read-locked') throw error;
  const path = String(error.details.path);
  const rules = await rulesOf({ channel, layout: { base: path.slice(0, -4) } }, await findFile(channel, path));
  const tries = await readTries(channel, PIN1_REFERENCE);
  const asked = rules ? `; it is read after ${conditionWords(rules, 'READ')}` : '';
  const left = tries === undefined ? '' : `; PIN1 has ${tries} tries left`;
  throw new CardError('pin-needed', `${error.message}${asked}${left}`, {
    ...(error.statusWord !== undefined && { statusWord: error.statusWord }),
    advice: 'Switch the PIN of this card off in a handset, then plan it again: no PIN is presented here',
    details: error.details,
    cause: error,
  });
}

/** The whole file; undefined where the card has none. */
export async function readContent(channel: CardChannel, path: string): Promise<Uint8Array | undefined> {
  const fcp = await findFile(channel, path);
  return fcp && readBinary(channel, path, transparentSize(fcp, path));
}
