/** Whether a value is of its format (OMA-TS-DM_TND-V1_2_1 §9.4.2.9 to §9.4.2.19). */
import { EncodingError } from '../../base/errors.ts';
import { readXml } from '../../encoding/xml/reader.ts';
import type { NodeFormat } from '../node.ts';

interface Check {
  readonly fits: (value: string) => boolean;
  /** What a value looks like. */
  readonly expected: string;
}

/** Binary values are base64 text here, as everywhere in the tree. */
const BASE64: Check = { fits: isBase64, expected: 'base64' };

const CHECKS: Readonly<Partial<Record<NodeFormat, Check>>> = {
  int: { fits: isInt, expected: 'a whole number from -2147483648 to 2147483647' },
  float: { fits: isFloat, expected: 'a number such as 4.2 or 1e-3' },
  bool: { fits: value => value === 'true' || value === 'false', expected: 'true or false' },
  date: { fits: isDate, expected: 'a date such as 2026-11-23' },
  time: { fits: isTime, expected: 'a time such as 22:14:07' },
  b64: BASE64,
  bin: BASE64,
  null: { fits: value => value === '', expected: 'no value' },
  node: { fits: value => value === '', expected: 'no value: an interior node has children' },
  xml: { fits: isXml, expected: 'well-formed XML' },
};

/** What the format expects where the value is none of it; undefined where it is. */
export function misfit(format: NodeFormat, value: string): string | undefined {
  const check = CHECKS[format];
  return check && !check.fits(value) ? check.expected : undefined;
}

/** 32 bits, signed (§9.4.2.13). */
function isInt(value: string): boolean {
  if (!/^[+-]?\d{1,20}$/.test(value)) return false;
  const number = Number(value);
  return number >= -(2 ** 31) && number < 2 ** 31;
}

/** The float of XML Schema, single precision (§9.4.2.19). */
function isFloat(value: string): boolean {
  return /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?|-?INF|NaN)$/.test(value);
}

/** ISO 8601 with the century, in either form (§9.4.2.17). */
function isDate(value: string): boolean {
  const [, year, , month, day] = /^(\d{4})(-?)(\d{2})\2(\d{2})$/.exec(value) ?? [];
  if (year === undefined) return false;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

/** ISO 8601; some write the date before it (§9.4.2.18). */
function isTime(value: string): boolean {
  const [before, time = before, ...more] = value.split('T');
  if (more.length > 0 || time === undefined) return false;
  if (before !== time && before !== '' && !isDate(before ?? '')) return false;
  const [, hour, minute, second = '0'] =
    /^(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?$/.exec(time) ?? [];
  return hour !== undefined && Number(hour) <= 24 && Number(minute) < 60 && Number(second) <= 60;
}

function isBase64(value: string): boolean {
  const packed = value.replace(/\s+/g, '');
  return packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed);
}

function isXml(value: string): boolean {
  try {
    readXml(value);
    return true;
  } catch (error) {
    if (error instanceof EncodingError) return false;
    throw error;
  }
}

/** RFC 2045: type/subtype, both tokens; parameters may follow. */
export function isMimeType(text: string): boolean {
  return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;.*)?$/.test(text);
}

/** A URI, or the reversed domain name with version and name (§7.7.7.2). */
export function isObjectIdentifier(text: string): boolean {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(text)) return true;
  return /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+\/[1-9]\d*\.(?:0|[1-9]\d*)(?:\/[A-Za-z0-9._-]+)+$/.test(text);
}
