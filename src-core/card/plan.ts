/** Plan: what is on the card now, what will be, byte for byte, and which commands lead there. Writes nothing. */
import { concatBytes, toHex } from '../base/bytes.ts';
import { CardError } from '../base/errors.ts';
import {
  type DirectoryEntry,
  DM_BOOTSTRAP_OID,
  encodeDataObject,
  encodeOdfEntry,
  ODF_DATA_OBJECTS,
} from '../encoding/pkcs15.ts';
import { readAdmTries } from './adm.ts';
import { basicChannel, readFile } from './file-access.ts';
import { withoutPadding } from './handset-view.ts';
import {
  type BootstrapLayout,
  type DirectoryFile,
  isBootstrap,
  pkcs15Application,
  readApplications,
  readIccid,
  readLayout,
} from './layout.ts';
import type { CardConnection } from './reader.ts';
import { traceConnection } from './trace.ts';
import { type BootstrapFiles, type FileRole, orderUpdates } from './updates.ts';

/** Plain data, all bytes hexadecimal: a plan can be stored, shown, and written later, also after an interruption. */
export interface Plan {
  readonly iccid: string;
  /** When planned; null when the card does not say. */
  readonly admTriesLeft: number | null;
  /** In the order in which they are completed: content, then pointers. */
  readonly files: readonly PlannedFile[];
  /** EF(DODF) without the bootstrap, as it is while the content changes. */
  readonly withdrawnDodf: string;
  /** The UPDATE BINARY commands, in order; empty when the card is already as planned. */
  readonly updates: readonly PlannedUpdate[];
  /** UPDATE BINARY commands. */
  readonly apdusToWrite: number;
  /** Commands that a verification sends; one GET RESPONSE may come on top. */
  readonly apdusToVerify: number;
}

export interface PlannedFile {
  readonly role: FileRole;
  readonly path: string;
  readonly what: string;
  readonly size: number;
  /** Whole files. */
  readonly before: string;
  readonly after: string;
  /** Bytes before the FF padding. */
  readonly usedBefore: number;
  readonly usedAfter: number;
  /** UPDATE BINARY commands on this file. */
  readonly apdus: number;
}

export interface PlannedUpdate {
  readonly path: string;
  readonly offset: number;
  readonly data: string;
}

/** A handset reads what the planner reads, and opens a channel, selects the application and closes the channel. */
const HANDSET_COMMANDS = 3;

/** Label of the data object; handsets go by its OID. */
const LABEL = 'DM';

const NAMES: Readonly<Record<FileRole, string>> = { bootstrap: 'EF DM_Bootstrap', dodf: 'EF(DODF)', odf: 'EF(ODF)' };

/**
 * @param bootstrap the bootstrap document, application/vnd.syncml.dm+wbxml.
 * @throws CardError `no-pkcs15`, `file-not-found`, `file-too-small`, `file-malformed`, `file-taken`, `pointer-not-atomic`.
 */
export async function planCard(connection: CardConnection, bootstrap: Uint8Array): Promise<Plan> {
  const counted = traceConnection(
    connection,
    () => 0,
    () => undefined,
  );
  const channel = basicChannel(counted);
  const iccid = await readIccid(channel);
  const applications = await readApplications(channel);
  const layout = await readLayout(channel, pkcs15Application(applications));
  const content = await readFile(channel, layout.bootstrapPath);
  const apdusToVerify = counted.apdus + HANDSET_COMMANDS;
  const admTriesLeft = (await readAdmTries(channel)) ?? null;

  const current: BootstrapFiles = { bootstrap: content, dodf: layout.dodf.bytes, odf: layout.odf.bytes };
  const paths = { bootstrap: layout.bootstrapPath, dodf: layout.dodf.path, odf: layout.odf.path };
  const target: BootstrapFiles = {
    bootstrap: padded(bootstrap, content.length, paths.bootstrap),
    dodf: targetDodf(layout),
    odf: targetOdf(layout),
  };
  const withdrawn = dodfWithout(layout);
  const updates = orderUpdates(current, target, withdrawn);
  const files = (['bootstrap', 'dodf', 'odf'] as const).map(role =>
    plannedFile(role, paths[role], current[role], target[role], updates.filter(update => update.role === role).length),
  );
  return {
    iccid,
    admTriesLeft,
    files,
    withdrawnDodf: toHex(withdrawn),
    updates: updates.map(({ role, offset, data }) => ({ path: paths[role], offset, data: toHex(data) })),
    apdusToWrite: updates.length,
    apdusToVerify,
  };
}

function plannedFile(role: FileRole, path: string, before: Uint8Array, after: Uint8Array, apdus: number): PlannedFile {
  return {
    role,
    path,
    what: NAMES[role],
    size: before.length,
    before: toHex(before),
    after: toHex(after),
    usedBefore: withoutPadding(before).length,
    usedAfter: withoutPadding(after).length,
    apdus,
  };
}

/** Entries of others stay as they are; one that already leads to the bootstrap stays too, in whatever form it has. */
function targetDodf(layout: BootstrapLayout): Uint8Array {
  const { dodf } = layout;
  if (dodf.entries.some(isBootstrap)) return dodf.bytes;
  return appended(
    dodf,
    encodeDataObject({ label: LABEL, applicationOid: DM_BOOTSTRAP_OID, path: layout.bootstrapPath }),
  );
}

function targetOdf(layout: BootstrapLayout): Uint8Array {
  if (layout.dodfListed) return layout.odf.bytes;
  return appended(layout.odf, encodeOdfEntry({ tag: ODF_DATA_OBJECTS, path: layout.dodf.path }));
}

/** The file with one more entry; the padding after it stays whatever it was. */
function appended(file: DirectoryFile<unknown>, own: Uint8Array): Uint8Array {
  const entries = concatBytes([...file.entries.map(entry => entry.raw), own]);
  refuseTooLong(entries, file.bytes.length, file.path);
  const result = file.bytes.slice();
  // Something that is no padding may lie after the padding that ended the list: end the longer list as well.
  if (result[entries.length] !== 0x00) result[entries.length] = 0xff;
  result.set(entries);
  return result;
}

/** The DODF without entries for the DM bootstrap. */
function dodfWithout({ dodf }: BootstrapLayout): Uint8Array {
  const raw = (entries: readonly DirectoryEntry<unknown>[]) => concatBytes(entries.map(entry => entry.raw));
  const others = raw(dodf.entries.filter(entry => !isBootstrap(entry)));
  const result = dodf.bytes.slice().fill(0xff, others.length, raw(dodf.entries).length);
  result.set(others);
  return result;
}

function padded(content: Uint8Array, size: number, path: string): Uint8Array {
  refuseTooLong(content, size, path);
  const file = new Uint8Array(size).fill(0xff);
  file.set(content);
  return file;
}

function refuseTooLong(content: Uint8Array, size: number, path: string): void {
  if (content.length <= size) return;
  throw new CardError('file-too-small', `file ${path} has ${size} bytes, ${content.length} are needed`, {
    advice: 'Shorten the profile, or use a card with a larger file',
    details: { path, size, needed: content.length },
  });
}
