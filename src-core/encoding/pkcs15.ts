/**
 * PKCS#15 as a UICC with a bootstrap uses it: EF.DIR application template, EF(ODF) and EF(DODF) (PKCS#15 v1.1 §6.1, §6.3,
 * §6.7; OMA DM Bootstrap 1.2, smart card appendix). Data objects are read in opaque and oidDO form and written as opaque.
 */
import { concatBytes, fromHex, toHex } from '../base/bytes.ts';
import { EncodingError } from '../base/errors.ts';
import { child, children, readTlvs, type Tlv, writeTlv } from './ber-tlv.ts';

/** AID of the PKCS#15 application: RID A000000063 and `PKCS-15`. */
export const PKCS15_AID = 'A000000063504B43532D3135';
/** applicationOID of the data object that is the OMA DM bootstrap. */
export const DM_BOOTSTRAP_OID = '2.23.43.7.1';
/** applicationOID of EF Bootstrap of client provisioning (OMA ProvSC). */
export const CP_BOOTSTRAP_OID = '2.23.43.5.1';

/** Data objects that are known by their applicationOID. */
export const OBJECT_NAMES: Readonly<Record<string, string>> = {
  [DM_BOOTSTRAP_OID]: 'DM bootstrap',
  [CP_BOOTSTRAP_OID]: 'CP bootstrap',
  '2.23.43.5.2': 'CP Config1',
  '2.23.43.5.3': 'CP Config2',
  '2.23.43.9.1': 'LwM2M bootstrap',
  '2.23.43.7.0': 'DM bootstrap, out of use',
  '2.23.43.5.0': 'CP bootstrap, out of use',
};

export interface ApplicationTemplate {
  /** Hexadecimal. */
  readonly aid: string;
  readonly label?: string;
  /** Path of the application DF from the MF, hexadecimal: `3F007F50`. */
  readonly path?: string;
}

/** Bytes of a file, by `index` and `length` of its Path; without a length all from there (PKCS#15 §6.1.5). */
export interface FilePart {
  readonly index: number;
  readonly length?: number;
}

/** What an entry gives of its file: all of it, or the bytes that it names. */
export function partOf(file: Uint8Array, part: FilePart | undefined): Uint8Array {
  if (!part) return file;
  const { index, length = file.length } = part;
  return file.subarray(index, index + length);
}

/** Where a value is. */
export interface Location {
  /** Hexadecimal file identifiers, absolute from 3F00 or relative to the application DF. */
  readonly path: string;
  /** Absent where it is the whole file. */
  readonly part?: FilePart;
}

/** One pointer of EF(ODF): the file at `path` lists objects of the class that `tag` names. */
export interface OdfEntry extends Location {
  /** `0xA7` for data objects. */
  readonly tag: number;
}

export const ODF_DATA_OBJECTS = 0xa7;

export interface DataObject extends Location {
  readonly label: string;
  /** Dotted, empty where the object names none. */
  readonly applicationOid: string;
}

/** An entry of a directory file with its own bytes, so that a writer can keep what is not its own as it is. */
export interface DirectoryEntry<T> {
  readonly raw: Uint8Array;
  /** Undefined for an entry that holds its objects itself instead of a path to them. */
  readonly value: T | undefined;
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const TYPE_ATTRIBUTES = 0xa1;
const PATH_LENGTH = 0x80;
const OPAQUE = SEQUENCE;
const OID_DO = 0xa1;

export function encodeApplicationTemplate(application: ApplicationTemplate): Uint8Array {
  const parts = [writeTlv(0x4f, fromHex(application.aid))];
  if (application.label !== undefined) parts.push(writeTlv(0x50, new TextEncoder().encode(application.label)));
  if (application.path !== undefined) parts.push(writeTlv(0x51, fromHex(application.path)));
  return writeTlv(0x61, ...parts);
}

/** Reads one record of EF.DIR; undefined for an empty record. @throws EncodingError */
export function decodeApplicationTemplate(record: Uint8Array): ApplicationTemplate | undefined {
  const template = readTlvs(record, { padded: true })[0];
  if (template === undefined) return undefined;
  if (template.tag !== 0x61) throw unexpected('an application template (tag 61)', template);
  const aid = child(template, 0x4f);
  if (aid === undefined) throw unexpected('an AID (tag 4F) in the application template', template);
  const label = child(template, 0x50);
  const path = child(template, 0x51);
  return {
    aid: toHex(aid.value),
    ...(label ? { label: new TextDecoder().decode(label.value) } : {}),
    ...(path ? { path: toHex(path.value) } : {}),
  };
}

export function encodeOdfEntry(entry: OdfEntry): Uint8Array {
  return writeTlv(entry.tag, encodePath(entry.path));
}

/** Reads EF(ODF); padding after the last entry is tolerated. @throws EncodingError */
export function decodeOdf(bytes: Uint8Array): DirectoryEntry<OdfEntry>[] {
  return readTlvs(bytes, { padded: true }).map(entry => {
    const path = child(entry, SEQUENCE);
    return { raw: rawBytes(bytes, entry), value: path && { tag: entry.tag, ...decodePath(path) } };
  });
}

/** An entry of EF(DODF) in opaque form, for a whole file. */
export function encodeDataObject(object: Omit<DataObject, 'part'>): Uint8Array {
  return writeTlv(
    OPAQUE,
    writeTlv(SEQUENCE, writeTlv(UTF8_STRING, new TextEncoder().encode(object.label))),
    writeTlv(SEQUENCE, writeTlv(OBJECT_IDENTIFIER, encodeOid(object.applicationOid))),
    writeTlv(TYPE_ATTRIBUTES, encodePath(object.path)),
  );
}

/** Reads EF(DODF); padding after the last entry is tolerated. @throws EncodingError */
export function decodeDodf(bytes: Uint8Array): DirectoryEntry<DataObject>[] {
  return readTlvs(bytes, { padded: true }).map(entry => {
    const known = entry.tag === OPAQUE || entry.tag === OID_DO;
    return { raw: rawBytes(bytes, entry), value: known ? decodeDataObject(entry) : undefined };
  });
}

function decodeDataObject(entry: Tlv): DataObject | undefined {
  const { label, oids, path } = objectParts(entry);
  if (path === undefined) return undefined;
  const [oid] = oids;
  return {
    label: label ? new TextDecoder().decode(label.value) : '',
    applicationOid: oid ? decodeOid(oid) : '',
    ...decodePath(path),
  };
}

/** What an entry of EF(DODF) is made of; of its OIDs the first names its application. */
export function objectParts(entry: Tlv): {
  readonly label: Tlv | undefined;
  readonly oids: readonly Tlv[];
  readonly path: Tlv | undefined;
} {
  const [common, classAttributes] = children(entry);
  const typeAttributes = child(entry, TYPE_ATTRIBUTES);
  if (common?.tag !== SEQUENCE || classAttributes?.tag !== SEQUENCE)
    throw unexpected('common object and class attributes in the DODF entry', entry);
  if (typeAttributes === undefined) throw unexpected('type attributes (tag A1) in the DODF entry', entry);
  const { oid, path } = entry.tag === OID_DO ? oidAndPath(typeAttributes) : { path: child(typeAttributes, SEQUENCE) };
  // The class attributes name the application; an oidDO may name it only by its own identifier.
  const oids = [child(classAttributes, OBJECT_IDENTIFIER), oid].filter(tlv => tlv !== undefined);
  return { label: child(common, UTF8_STRING), oids, path };
}

/** OidDO ::= SEQUENCE { id, value }; cards in the field also leave the SEQUENCE out. */
function oidAndPath(typeAttributes: Tlv): { readonly oid?: Tlv | undefined; readonly path: Tlv | undefined } {
  const bare = children(typeAttributes);
  const first = bare[0];
  const members = first?.tag === SEQUENCE && child(first, OBJECT_IDENTIFIER) ? children(first) : bare;
  return {
    oid: members.find(member => member.tag === OBJECT_IDENTIFIER),
    path: members.find(member => member.tag === SEQUENCE),
  };
}

function encodePath(path: string): Uint8Array {
  return writeTlv(SEQUENCE, writeTlv(OCTET_STRING, fromHex(path)));
}

/** Path ::= SEQUENCE { path, index and length [0], both or none }. */
function decodePath(path: Tlv): Location {
  const octets = pathOctets(path);
  if (octets.value.length === 0 || octets.value.length % 2 !== 0)
    throw new EncodingError('wrong-path', 'a path is a sequence of two-byte file identifiers', octets.valueOffset);
  const [index, length] = [child(path, INTEGER), child(path, PATH_LENGTH)];
  const part = { index: index ? decodeCount(index) : 0, ...(length && { length: decodeCount(length) }) };
  return { path: toHex(octets.value), ...((index || length) && { part }) };
}

export function pathOctets(path: Tlv): Tlv {
  const octets = child(path, OCTET_STRING);
  if (octets === undefined) throw unexpected('an octet string in the path', path);
  return octets;
}

/** An INTEGER that counts bytes of a file. */
function decodeCount({ value, valueOffset }: Tlv): number {
  if (value.length === 0 || value.length > 4 || (value[0] ?? 0) >= 0x80)
    throw new EncodingError('wrong-path', 'index and length in a path are numbers from 0 up', valueOffset);
  return value.reduce((number, byte) => number * 256 + byte, 0);
}

function rawBytes(bytes: Uint8Array, entry: Tlv): Uint8Array {
  return bytes.slice(entry.offset, entry.valueOffset + entry.value.length);
}

function unexpected(what: string, where: Tlv): EncodingError {
  return new EncodingError('unexpected-tag', `expected ${what}`, where.offset);
}

/** X.690 §8.19. */
export function encodeOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return concatBytes([40 * first + second, ...rest].map(base128));
}

function decodeOid(tlv: Tlv): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of tlv.value) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  if (arcs.length === 0 || (tlv.value.at(-1) ?? 0) & 0x80)
    throw new EncodingError('wrong-oid', 'the object identifier is cut', tlv.valueOffset);
  const [joined = 0, ...rest] = arcs;
  const first = Math.min(2, Math.floor(joined / 40));
  return [first, joined - 40 * first, ...rest].join('.');
}

function base128(arc: number): Uint8Array {
  const digits = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift((rest % 128) | 0x80);
  return Uint8Array.from(digits);
}
