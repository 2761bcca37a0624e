/**
 * An entry of EF(DODF) changed in place: its lengths stay, so that the entries behind it stay where they are. One byte, the
 * last of its OID, puts it out of use and into use again: the last arc 0 is nobody's.
 */
import { bytesEqual, fromHex } from '../base/bytes.ts';
import { readTlvs, type Tlv } from './ber-tlv.ts';
import { encodeOid, objectParts, pathOctets } from './pkcs15.ts';

/** The OID of an entry that nobody finds: 2.23.43.7.0 for 2.23.43.7.1. */
export function outOfUse(oid: string): string {
  return oid.replace(/\d+$/, '0');
}

/** Where the bytes are that put it in use and out of it: an oidDO may name its OID twice. */
export function switchesOf(raw: Uint8Array, oid: string): number[] {
  const [entry] = readTlvs(raw);
  const oids = entry ? objectParts(entry).oids : [];
  const known = [oid, outOfUse(oid)].map(encodeOid);
  return oids.filter(({ value }) => known.some(bytes => bytesEqual(bytes, value))).map(lastByte);
}

export function putOutOfUse(raw: Uint8Array, oid: string): Uint8Array {
  return withSwitches(raw, oid, 0);
}

export function putIntoUse(raw: Uint8Array, oid: string): Uint8Array {
  return withSwitches(raw, oid, Number(oid.split('.').at(-1)));
}

/** With another path of the same length; undefined where it has another length. */
export function withPath(raw: Uint8Array, path: string): Uint8Array | undefined {
  const [entry] = readTlvs(raw);
  const tlv = entry && objectParts(entry).path;
  const octets = tlv && pathOctets(tlv);
  if (octets?.value.length !== path.length / 2) return undefined;
  const changed = raw.slice();
  changed.set(fromHex(path), octets.valueOffset);
  return changed;
}

function withSwitches(raw: Uint8Array, oid: string, lastArc: number): Uint8Array {
  const changed = raw.slice();
  for (const at of switchesOf(raw, oid)) changed[at] = lastArc;
  return changed;
}

function lastByte({ valueOffset, value }: Tlv): number {
  return valueOffset + value.length - 1;
}
