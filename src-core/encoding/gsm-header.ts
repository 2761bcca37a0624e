/** What a SIM of the second generation tells of a file after SELECT (3GPP TS 51.011 §9.2.1), as the same value that FCP gives. */
import { EncodingError } from '../base/errors.ts';
import type { Fcp } from './fcp.ts';

const TYPE = 6;
const STRUCTURE = 13;
const RECORD_LENGTH = 14;
const ELEMENTARY = 0x04;
const STRUCTURES: Readonly<Record<number, Fcp['structure']>> = { 0: 'transparent', 1: 'linear-fixed', 3: 'cyclic' };

/** @throws EncodingError where the header is cut or its type unknown. */
export function decodeGsmHeader(bytes: Uint8Array): Fcp {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length <= TYPE) throw new EncodingError('unexpected-end', 'the header of a GSM file is cut', bytes.length);
  const fid = view.getUint16(4);
  const type = view.getUint8(TYPE);
  if (type === 0x01 || type === 0x02) return { structure: 'df', fid };
  if (type !== ELEMENTARY) throw new EncodingError('unknown-structure', `${type} is no type of a GSM file`, TYPE);
  if (bytes.length <= STRUCTURE)
    throw new EncodingError('unexpected-end', 'the header of a GSM file is cut', bytes.length);
  const structure = STRUCTURES[view.getUint8(STRUCTURE)];
  if (!structure) throw new EncodingError('unknown-structure', 'the structure of a GSM file is unknown', STRUCTURE);
  const size = view.getUint16(2);
  const recordLength = structure === 'transparent' ? 0 : (bytes[RECORD_LENGTH] ?? 0);
  const records = recordLength > 0 ? { recordLength, recordCount: Math.floor(size / recordLength) } : {};
  return { structure, fid, size, ...records };
}
