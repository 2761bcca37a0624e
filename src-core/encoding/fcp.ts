/** File control parameters that SELECT returns (ETSI TS 102 221 §11.1.1.3), as far as transparent and record files need. */
import { concatBytes } from '../base/bytes.ts';
import { EncodingError } from '../base/errors.ts';
import { child, readTlvs, type Tlv, writeTlv } from './ber-tlv.ts';

export interface Fcp {
  readonly structure: 'df' | 'transparent' | 'linear-fixed' | 'cyclic';
  /** File identifier, absent for some ADFs. */
  readonly fid?: number;
  /** AID of an application DF. */
  readonly aid?: Uint8Array;
  /** Bytes in the body of an EF. */
  readonly size?: number;
  readonly recordLength?: number;
  readonly recordCount?: number;
  /** Security attributes in expanded format, the value of tag AB. */
  readonly security?: Uint8Array;
}

const TEMPLATE = 0x62;
const LIFE_CYCLE_OPERATIONAL = Uint8Array.of(0x05);

/** First byte of the file descriptor (TS 102 221 table 11.5): shareable, working file or DF. */
const DESCRIPTORS = { df: 0x78, transparent: 0x41, 'linear-fixed': 0x42, cyclic: 0x46 } as const;
/** Data coding byte: the value the specification fixes. */
const DATA_CODING = 0x21;

export function encodeFcp(fcp: Fcp): Uint8Array {
  const parts = [writeTlv(0x82, descriptor(fcp))];
  if (fcp.fid !== undefined) parts.push(writeTlv(0x83, uint16(fcp.fid)));
  if (fcp.aid !== undefined) parts.push(writeTlv(0x84, fcp.aid));
  parts.push(writeTlv(0x8a, LIFE_CYCLE_OPERATIONAL));
  if (fcp.security !== undefined) parts.push(writeTlv(0xab, fcp.security));
  if (fcp.size !== undefined) parts.push(writeTlv(0x80, uint16(fcp.size)));
  return writeTlv(TEMPLATE, ...parts);
}

/** @throws EncodingError when the template or its file descriptor is missing or malformed. */
export function decodeFcp(bytes: Uint8Array): Fcp {
  const template = readTlvs(bytes, { padded: true })[0];
  if (template?.tag !== TEMPLATE) throw new EncodingError('not-fcp', 'expected an FCP template (tag 62)', 0);
  const described = child(template, 0x82);
  const kind = described?.value[0];
  if (described === undefined || kind === undefined)
    throw new EncodingError('no-file-descriptor', 'the FCP template has no file descriptor', template.offset);
  const structure = structureOf(kind, described);
  const records = described.value.length >= 5;
  return {
    structure,
    ...optional('fid', numberOf(child(template, 0x83))),
    ...optional('aid', child(template, 0x84)?.value),
    ...optional('size', numberOf(child(template, 0x80))),
    ...optional('security', child(template, 0xab)?.value),
    ...(records ? { recordLength: uint(described.value.subarray(2, 4)), recordCount: described.value[4] ?? 0 } : {}),
  };
}

function structureOf(kind: number, described: Tlv): Fcp['structure'] {
  if ((kind & 0x38) === 0x38) return (kind & 0x07) === 0 ? 'df' : unknownStructure(described);
  if ((kind & 0x07) === 0x01) return 'transparent';
  if ((kind & 0x07) === 0x02) return 'linear-fixed';
  if ((kind & 0x07) === 0x06) return 'cyclic';
  return unknownStructure(described);
}

function unknownStructure(described: Tlv): never {
  throw new EncodingError(
    'unknown-structure',
    'the file structure is not one of ETSI TS 102 221',
    described.valueOffset,
  );
}

function descriptor(fcp: Fcp): Uint8Array {
  const first = Uint8Array.of(DESCRIPTORS[fcp.structure], DATA_CODING);
  if (fcp.recordLength === undefined) return first;
  return concatBytes([first, uint16(fcp.recordLength), Uint8Array.of(fcp.recordCount ?? 0)]);
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}

function numberOf(tlv: Tlv | undefined): number | undefined {
  return tlv && uint(tlv.value);
}

function uint(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}
