/** Commands as a card takes them in: short APDUs, and extended ones where its ATR says so (ISO/IEC 7816-3 §12.1.3). */
import { type CommandApdu, decodeCommand } from '../../encoding/apdu.ts';

export interface CardCommand extends CommandApdu {
  /** Le is all zeros: as much as there is. */
  readonly leIsMost: boolean;
}

const MOST = { short: 256, extended: 0x10000 };

/** Undefined where the lengths do not fit the bytes. */
export function takeCommand(bytes: Uint8Array, extended: boolean): CardCommand | undefined {
  const isExtended = bytes.length > 6 && bytes[4] === 0;
  if (isExtended) return extended ? takeExtended(bytes) : undefined;
  if (bytes.length < 4 || !fitsShort(bytes)) return undefined;
  const command = decodeCommand(bytes);
  return { ...command, leIsMost: command.le === MOST.short };
}

/** Cases 1, 2, 3 and 4 by their lengths. */
function fitsShort(bytes: Uint8Array): boolean {
  const lc = bytes[4] ?? 0;
  return bytes.length <= 5 || (lc > 0 && (bytes.length === 5 + lc || bytes.length === 6 + lc));
}

/** Cases 2E, 3E and 4E: 00, then two bytes for each length. */
function takeExtended(bytes: Uint8Array): CardCommand | undefined {
  const [cla = 0, ins = 0, p1 = 0, p2 = 0] = bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const header = { cla, ins, p1, p2 };
  const leAt = (offset: number) => ({ le: view.getUint16(offset) || MOST.extended, leIsMost: !view.getUint16(offset) });
  if (bytes.length === 7) return { ...header, ...leAt(5) };
  const end = 7 + view.getUint16(5);
  const data = bytes.slice(7, end);
  if (data.length === 0) return undefined;
  if (bytes.length === end) return { ...header, data, leIsMost: false };
  return bytes.length === end + 2 ? { ...header, data, ...leAt(end) } : undefined;
}
