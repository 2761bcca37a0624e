/** What a SIM of the second generation tells of a file after SELECT (3GPP TS 51.011 §9.2.1, §9.3), as the same value that FCP gives. */
import { concatBytes } from '../base/bytes.ts';
import { EncodingError } from '../base/errors.ts';
import { type AccessCondition, encodeAccessRule } from './access-rules.ts';
import { type Fcp, OPERATIONAL, type PinStatus } from './fcp.ts';

const TYPE = 6;
const CONDITIONS = 8;
const STATUS = 11;
const STRUCTURE = 13;
const RECORD_LENGTH = 14;
const CHARACTERISTICS = 13;
const CHV1_STATUS = 18;
/** Bit 1 of the status: not invalidated. */
const VALID = 0x01;
/** As a UICC says it: operational, deactivated. */
const DEACTIVATED = 0x04;
const ELEMENTARY = 0x04;
const STRUCTURES: Readonly<Record<number, Fcp['structure']>> = { 0: 'transparent', 1: 'linear-fixed', 3: 'cyclic' };

const CHV1 = 0x01;
const CHV2 = 0x81;
const ADM1 = 0x0a;
const NEVER = 0xf;
/** Not used in this class: as a condition of the card's own. */
const UNKNOWN = '9E0103';

/** Bits of the access mode byte (ISO/IEC 7816-4 table 16). */
const READ = 0x01;
const UPDATE = 0x02;
const DEACTIVATE = 0x08;
const ACTIVATE = 0x10;

/** Which byte of the conditions, and which four bits of it. INCREASE has no bit in the access mode byte, and is nothing for a file of bytes. */
const MODES = [
  { at: 0, shift: 4, mode: READ },
  { at: 0, shift: 0, mode: UPDATE },
  { at: 2, shift: 4, mode: ACTIVATE },
  { at: 2, shift: 0, mode: DEACTIVATE },
] as const;

/** @throws EncodingError where the header is cut or its type unknown. */
export function decodeGsmHeader(bytes: Uint8Array): Fcp {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length <= TYPE) throw new EncodingError('unexpected-end', 'the header of a GSM file is cut', bytes.length);
  const fid = view.getUint16(4);
  const type = view.getUint8(TYPE);
  if (type === 0x01 || type === 0x02) return { structure: 'df', fid, pins: chv1(bytes) };
  if (type !== ELEMENTARY) throw new EncodingError('unknown-structure', `${type} is no type of a GSM file`, TYPE);
  if (bytes.length <= STRUCTURE)
    throw new EncodingError('unexpected-end', 'the header of a GSM file is cut', bytes.length);
  const structure = STRUCTURES[view.getUint8(STRUCTURE)];
  if (!structure) throw new EncodingError('unknown-structure', 'the structure of a GSM file is unknown', STRUCTURE);
  const size = view.getUint16(2);
  const recordLength = structure === 'transparent' ? 0 : (bytes[RECORD_LENGTH] ?? 0);
  const records = recordLength > 0 ? { recordLength, recordCount: Math.floor(size / recordLength) } : {};
  const lifeCycle = view.getUint8(STATUS) & VALID ? OPERATIONAL : DEACTIVATED;
  return { structure, fid, size, lifeCycle, ...records, security: rulesOf(bytes.subarray(CONDITIONS, CONDITIONS + 3)) };
}

/** Bit 8 of the characteristics: CHV1 is disabled; of its status: it was given a value, and so many tries are left (§9.2.1). */
function chv1(bytes: Uint8Array): PinStatus[] {
  const [characteristics, status] = [bytes[CHARACTERISTICS], bytes[CHV1_STATUS]];
  if (characteristics === undefined) return [];
  const tries = status !== undefined && status & 0x80 ? { triesLeft: status & 0x0f } : {};
  return [{ reference: CHV1, enabled: (characteristics & 0x80) === 0, ...tries }];
}

/** The conditions as a UICC says them, in expanded format: READ, UPDATE, REHABILITATE as ACTIVATE, INVALIDATE as DEACTIVATE. What no rule speaks of is never allowed. */
function rulesOf(conditions: Uint8Array): Uint8Array {
  const rules = MODES.map(({ at, shift, mode }) => ({ mode, level: ((conditions[at] ?? 0xff) >> shift) & 0x0f }));
  const spoken = rules.filter(({ mode, level }) => mode === READ || mode === UPDATE || level !== NEVER);
  return concatBytes(spoken.map(({ mode, level }) => encodeAccessRule(mode, conditionOf(level))));
}

/** Which key an administrative level stands for is the issuer's own: here it is the one that is presented. */
function conditionOf(level: number): AccessCondition {
  switch (level) {
    case 0x0:
      return { kind: 'always' };
    case 0x1:
      return { kind: 'key', reference: CHV1 };
    case 0x2:
      return { kind: 'key', reference: CHV2 };
    case 0x3:
      return { kind: 'other', bytes: UNKNOWN };
    case NEVER:
      return { kind: 'never' };
    default:
      return { kind: 'key', reference: ADM1 };
  }
}
