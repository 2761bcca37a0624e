/** Reads a bootstrap the way a handset does (OMA DM Bootstrap 1.2, smart card appendix): own channel, fresh selection. */
import { CardError } from '../base/errors.ts';
import { partOf } from '../encoding/pkcs15.ts';
import {
  type CardChannel,
  onLogicalChannel,
  readBinary,
  selectApplication,
  selectFile,
  transparentSize,
} from './file-access.ts';
import { type BootstrapLayout, identifyCard, pkcs15Application, readApplications, readLayout } from './layout.ts';
import { PROFILE_KINDS, type ProfileKind } from './profile-kind.ts';
import type { CardConnection } from './reader.ts';

export interface HandsetView {
  readonly layout: BootstrapLayout;
  /** With its padding, as far as its entry gives it; undefined when no pointer leads to one. */
  readonly bootstrapFile: Uint8Array | undefined;
}

/**
 * EF.DIR → AID → ODF → DODF → EF DM_Bootstrap; on a SIM the directory file 7F50 in class A0.
 * @throws CardError `no-pkcs15`, `file-not-found`, `file-malformed`.
 */
export function viewAsHandset(connection: CardConnection, kind: ProfileKind, gsm?: true): Promise<HandsetView> {
  return onLogicalChannel(connection, channel => follow(channel, kind), gsm);
}

/** The bootstrap document without padding, as a handset takes it. @throws CardError `no-bootstrap`. */
export async function readBootstrapAsHandset(
  connection: CardConnection,
  kind: ProfileKind = PROFILE_KINDS.dm,
): Promise<Uint8Array> {
  const { channel } = await identifyCard(connection);
  const { bootstrapFile } = await viewAsHandset(connection, kind, channel.gsm);
  const document = bootstrapFile && withoutPadding(bootstrapFile);
  if (document && document.length > 0) return document;
  throw new CardError('no-bootstrap', `the card holds no ${kind.name}`, {
    advice: 'Plan and write one in the Cards room',
  });
}

async function follow(channel: CardChannel, kind: ProfileKind): Promise<HandsetView> {
  const application = pkcs15Application(await readApplications(channel));
  if (!channel.gsm && (await selectApplication(channel, application.aid)) === undefined)
    throw new CardError('no-pkcs15', 'EF.DIR lists a PKCS#15 application that cannot be selected', {
      advice: 'The card issuer must correct EF.DIR or create the application',
    });
  const layout = await readLayout(channel, application, kind);
  if (!layout.provisioned) return { layout, bootstrapFile: undefined };
  const path = layout.bootstrapPath;
  const size = transparentSize(await selectFile(channel, path), path);
  return { layout, bootstrapFile: partOf(await readBinary(channel, path, size), layout.bootstrapPart) };
}

/** The bytes before the FF padding at the end. */
export function withoutPadding(file: Uint8Array): Uint8Array {
  return file.slice(0, file.findLastIndex(byte => byte !== 0xff) + 1);
}
