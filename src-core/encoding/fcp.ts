/** File control parameters that SELECT returns (ETSI TS 102 221 §11.1.1.3), as far as transparent and record files need. */
import { concatBytes } from '../base/bytes.ts';
import { EncodingError } from '../base/errors.ts';
import { child, children, readTlvs, type Tlv, writeTlv } from './ber-tlv.ts';

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
  /** Security attributes as a record of an EF.ARR (tag 8B). */
  readonly rule?: { readonly fid: number; readonly record: number };
  /** CREATE FILE: the file is selected by no short identifier (tag 88, empty; TS 102 222 §6.3.2.2.9). */
  readonly noShortIdentifier?: true;
  /** Tag 88; `shortIdentifierOf` says which one the file has. */
  readonly shortIdentifier?: number;
  /** Life cycle status (tag 8A), `0x05` operational and activated; absent where the card does not say. */
  readonly lifeCycle?: number;
  /** Of a directory: which PINs are asked for. */
  readonly pins?: readonly PinStatus[];
}

/** One PIN of the PIN status template (tag C6; TS 102 221 §9.5.2, §11.1.1.4.10). */
export interface PinStatus {
  /** As VERIFY takes it in P2. */
  readonly reference: number;
  /** False: nobody is asked for it. */
  readonly enabled: boolean;
  /** A SIM says it beside this; a UICC answers VERIFY without data. */
  readonly triesLeft?: number;
}

const TEMPLATE = 0x62;
/** Life cycle status: operational, activated. */
export const OPERATIONAL = 0x05;

/** First byte of the file descriptor (TS 102 221 table 11.5): shareable, working file or DF. */
const DESCRIPTORS = { df: 0x78, transparent: 0x41, 'linear-fixed': 0x42, cyclic: 0x46 } as const;
/** Data coding byte: the value the specification fixes. */
const DATA_CODING = 0x21;

export function encodeFcp(fcp: Fcp): Uint8Array {
  const parts = [writeTlv(0x82, descriptor(fcp))];
  if (fcp.fid !== undefined) parts.push(writeTlv(0x83, uint16(fcp.fid)));
  if (fcp.aid !== undefined) parts.push(writeTlv(0x84, fcp.aid));
  parts.push(writeTlv(0x8a, Uint8Array.of(fcp.lifeCycle ?? OPERATIONAL)));
  if (fcp.rule !== undefined) parts.push(writeTlv(0x8b, uint16(fcp.rule.fid), Uint8Array.of(fcp.rule.record)));
  if (fcp.security !== undefined) parts.push(writeTlv(0xab, fcp.security));
  if (fcp.size !== undefined) parts.push(writeTlv(0x80, uint16(fcp.size)));
  if (fcp.noShortIdentifier) parts.push(writeTlv(0x88));
  return writeTlv(TEMPLATE, ...parts);
}

/**
 * @param assumed the structure where the template does not say it (RESIZE FILE).
 * @throws EncodingError when the template or its file descriptor is missing or malformed.
 */
export function decodeFcp(bytes: Uint8Array, { assumed }: { readonly assumed?: Fcp['structure'] } = {}): Fcp {
  const template = readTlvs(bytes, { padded: true })[0];
  if (template?.tag !== TEMPLATE) throw new EncodingError('not-fcp', 'expected an FCP template (tag 62)', 0);
  const described = child(template, 0x82);
  const kind = described?.value[0];
  if ((described === undefined || kind === undefined) && !assumed)
    throw new EncodingError('no-file-descriptor', 'the FCP template has no file descriptor', template.offset);
  const structure = (described && kind !== undefined ? structureOf(kind, described) : assumed) ?? 'transparent';
  const size = numberOf(child(template, 0x80));
  return {
    structure,
    ...optional('fid', numberOf(child(template, 0x83))),
    ...optional('aid', child(template, 0x84)?.value),
    ...optional('size', size),
    ...optional('security', child(template, 0xab)?.value),
    ...optional('rule', ruleOf(child(template, 0x8b))),
    ...optional('lifeCycle', child(template, 0x8a)?.value[0]),
    ...shortIdentifierIn(child(template, 0x88)),
    ...optional('pins', pinsOf(child(template, 0xc6))),
    ...(described && recordsOf(described.value, size)),
  };
}

/** The five high bits; an empty object: none. */
function shortIdentifierIn(tlv: Tlv | undefined): Pick<Fcp, 'shortIdentifier' | 'noShortIdentifier'> {
  if (!tlv) return {};
  const [value] = tlv.value;
  return value === undefined ? { noShortIdentifier: true } : { shortIdentifier: value >> 3 };
}

/** The short identifier of a file, 1 to 30: without tag 88 the low bits of its identifier (TS 102 221 §11.1.1.4.8, TS 102 222 §6.3.2.2.9). */
export function shortIdentifierOf({ structure, fid, shortIdentifier, noShortIdentifier }: Fcp): number | undefined {
  if (structure === 'df' || noShortIdentifier) return undefined;
  const sfi = shortIdentifier ?? (fid === undefined ? 0 : fid & 0x1f);
  return sfi >= 1 && sfi <= 30 ? sfi : undefined;
}

/** A bit for each key reference, from the highest on. */
function pinsOf(template: Tlv | undefined): readonly PinStatus[] | undefined {
  const bits = template && child(template, 0x90)?.value;
  if (!bits) return undefined;
  const references = children(template).flatMap(({ tag, value }) => (tag === 0x83 ? [value[0] ?? 0] : []));
  return references.map((reference, i) => ({ reference, enabled: ((bits[i >> 3] ?? 0) & (0x80 >> (i & 7))) !== 0 }));
}

/** Record length and count; CREATE FILE leaves the count to the size (TS 102 222 §6.3.2.2). */
function recordsOf(descriptor: Uint8Array, size: number | undefined): Pick<Fcp, 'recordLength' | 'recordCount'> {
  if (descriptor.length < 4) return {};
  const recordLength = uint(descriptor.subarray(2, 4));
  return { recordLength, recordCount: descriptor[4] ?? Math.floor((size ?? 0) / (recordLength || 1)) };
}

/** The short form: identifier of EF.ARR and record number (TS 102 221 §11.1.1.4.7.3). */
function ruleOf(tlv: Tlv | undefined): Fcp['rule'] {
  const record = tlv?.value[2];
  return tlv?.value.length === 3 && record !== undefined ? { fid: uint(tlv.value.subarray(0, 2)), record } : undefined;
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
