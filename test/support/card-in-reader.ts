/** One virtual card in one reader of this process: plan, write and verify it, also where it is pulled in the middle of a command. */
import { toHex } from '../../src-core/base/bytes.ts';
import { CardError } from '../../src-core/base/errors.ts';
import { Secret } from '../../src-core/base/secret.ts';
import { readBootstrapAsHandset } from '../../src-core/card/handset-view.ts';
import { createInProcessReaders } from '../../src-core/card/in-process.ts';
import { PROFILE_KINDS, type ProfileId } from '../../src-core/card/profile-kind.ts';
import { type Plan, verifyPlan, writePlan } from '../../src-core/card/provision.ts';
import type { CardConnection } from '../../src-core/card/reader.ts';
import { INS } from '../../src-core/encoding/apdu.ts';
import { type Access, blankUiccProfile, DEFAULT_ICCID, type FileProfile } from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, DEFAULT_ADM1, type Uicc } from '../../src-core/virtual/uicc/uicc.ts';

export const RIGHT = Secret.ofText(DEFAULT_ADM1);
const HEADER = 5;

/** It begins as a SyncML message does, differs from others of another seed in every byte behind, and never ends in padding. */
export function document(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => [0x02, 0xa4, 0x01][i] ?? (i * 7 + seed) % 250);
}

/** A UICC with these files in its PKCS#15 directory: identifiers and contents in hexadecimal, FF behind them. */
export function cardWithFiles(
  contents: Readonly<Record<string, string>>,
  { creates = 'never', sizeOf = () => 128 }: { creates?: Access; sizeOf?: (fid: string) => number } = {},
): Uicc {
  const own = Object.entries(contents).map(
    ([fid, content]): FileProfile => ({
      kind: 'transparent',
      fid: Number.parseInt(fid, 16),
      size: sizeOf(fid),
      content,
      read: 'always',
      update: 'adm1',
    }),
  );
  const blank = blankUiccProfile(DEFAULT_ICCID);
  const files = blank.files.map(file =>
    file.kind === 'df' && file.fid === 0x7f50 ? { ...file, change: creates, files: own } : file,
  );
  return createUicc({ profile: { ...blank, files } });
}

/** What a handset finds: the document, or why it finds none. */
export function foundBy(card: Uicc, profile: ProfileId = 'dm'): Promise<string> {
  return inReader(card, connection => readBootstrapAsHandset(connection, PROFILE_KINDS[profile])).then(
    bytes => toHex(bytes),
    error => String(error.code),
  );
}

/** A file without its padding. */
export function usedBytes(card: Uicc, path: string): string {
  return toHex(card.file(path)).replace(/(FF)+$/, '');
}

export async function inReader<T>(card: Uicc, work: (connection: CardConnection) => Promise<T>): Promise<T> {
  const service = createInProcessReaders();
  service.insert('reader', card);
  const connection = await service.connect('reader');
  try {
    return await work(connection);
  } finally {
    await connection.disconnect();
  }
}

export function carryOut(card: Uicc, plan: Plan): Promise<void> {
  return inReader(card, async connection => {
    await writePlan(connection, plan, RIGHT);
    await verifyPlan(connection, plan);
  });
}

/** Lets `bytes` bytes of the `nth` update through, and nothing after it. */
export function torn(connection: CardConnection, nth: number, bytes: number): CardConnection {
  let updates = 0;
  let dead = false;
  return {
    ...connection,
    disconnect: () => connection.disconnect(),
    async transmit(apdu) {
      if (dead) throw new CardError('card-removed', 'torn');
      if (apdu[1] !== INS.updateBinary || updates++ !== nth) return connection.transmit(apdu);
      dead = true;
      const half = apdu.slice(0, HEADER + bytes);
      half[HEADER - 1] = bytes;
      if (bytes > 0) await connection.transmit(half);
      throw new CardError('card-removed', 'torn');
    },
  };
}
