/** What a plan needs to know of a card before it decides anything: read only, costs no try. */

import type { Fcp } from '../encoding/fcp.ts';
import { readAdmTries } from './adm.ts';
import { type CardChannel, findFile, readBinary, transparentSize } from './file-access.ts';
import { type BootstrapLayout, identifyCard, pkcs15Application, readApplications, readLayout } from './layout.ts';
import type { CardConnection } from './reader.ts';
import { traceConnection } from './trace.ts';

export interface CardSurvey {
  readonly channel: CardChannel;
  readonly iccid: string;
  readonly layout: BootstrapLayout;
  /** The file that the card leads to, or where it belongs; undefined where the card has none there. */
  readonly content: Uint8Array | undefined;
  readonly contentFcp: Fcp | undefined;
  /** Null where the card does not say. */
  readonly admTriesLeft: number | null;
  /** Commands that reading all this took, without the question for tries. */
  readonly apdus: number;
}

/** @throws CardError `no-pkcs15`, `file-malformed`, `file-taken`, `not-transparent`. */
export async function surveyCard(connection: CardConnection): Promise<CardSurvey> {
  const counted = traceConnection(
    connection,
    () => 0,
    () => undefined,
  );
  const { channel, iccid } = await identifyCard(counted);
  const layout = await readLayout(channel, pkcs15Application(await readApplications(channel)));
  const path = layout.bootstrapPath;
  const contentFcp = await findFile(channel, path);
  const content = contentFcp && (await readBinary(channel, path, transparentSize(contentFcp, path)));
  const { apdus } = counted;
  return { channel, iccid, layout, content, contentFcp, admTriesLeft: (await readAdmTries(channel)) ?? null, apdus };
}

/** The whole file; undefined where the card has none. */
export async function readContent(channel: CardChannel, path: string): Promise<Uint8Array | undefined> {
  const fcp = await findFile(channel, path);
  return fcp && readBinary(channel, path, transparentSize(fcp, path));
}
