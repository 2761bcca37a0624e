/** What fits a leaf by its format (OMA-TS-DM_TND-V1_2_1 §7.7.2 and §9.5.2). Pure. */

/** Formats that a leaf may have, as people meet them. */
export const LEAF_FORMATS = ['chr', 'int', 'bool', 'float', 'date', 'time', 'b64', 'bin', 'xml', 'null'] as const;

export const isBinary = (format: string): boolean => format === 'b64' || format === 'bin';

const CHECKS: Record<string, { readonly fits: (value: string) => boolean; readonly expected: string }> = {
  int: { fits: v => /^[+-]?\d+$/.test(v), expected: 'a whole number, such as 42' },
  float: {
    fits: v => /^([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|-?INF|NaN)$/.test(v),
    expected: 'a number, such as 4.2',
  },
  bool: { fits: v => v === 'true' || v === 'false', expected: 'true or false' },
  date: { fits: isDate, expected: 'a date, such as 2026-11-23 or 20261123' },
  time: { fits: isTime, expected: 'a time of day, such as 22:14:07 or 221407Z' },
  b64: { fits: isBase64, expected: 'base64' },
  bin: { fits: isBase64, expected: 'base64' },
  null: { fits: v => v === '', expected: 'no value' },
};

/** Why the value does not fit the format; undefined where it does. */
export function refuseValue(format: string, value: string): string | undefined {
  const check = CHECKS[format];
  return check && !check.fits(value) ? `Format ${format} takes ${check.expected}` : undefined;
}

function isBase64(value: string): boolean {
  const packed = value.replace(/\s+/g, '');
  return packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed);
}

/** ISO 8601, basic or extended, a day that the calendar has. */
function isDate(value: string): boolean {
  const [, year, , month, day] = /^(\d{4})(-?)(\d{2})\2(\d{2})$/.exec(value) ?? [];
  if (year === undefined) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
}

function isTime(value: string): boolean {
  const [, hour, , minute, second = '0'] =
    /^(\d{2})(:?)(\d{2})(?:\2(\d{2})(?:[.,]\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?$/.exec(value) ?? [];
  return hour !== undefined && Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60;
}

/** Names under which devices keep what nobody should read over a shoulder (StdObj §5.3.1: AAuthSecret, AAuthData). */
export function isSecretNode(uri: string): boolean {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  return name === 'AAuthData' || /(secret|password|passwd|passphrase|pwd|pin)$/i.test(name);
}

export const BULLETS = '••••••';

/** The value as it stands in lists: secrets are shown only where a person asks for one. */
export function shownValue(uri: string, value: string): string;
export function shownValue(uri: string, value: string | undefined): string | undefined;
export function shownValue(uri: string, value: string | undefined): string | undefined {
  return value && isSecretNode(uri) ? BULLETS : value;
}

/** `32 characters, 34 bytes`: only what differs is said twice. */
export function lengthInWords(value: string): string {
  const characters = [...value].length;
  const bytes = new TextEncoder().encode(value).length;
  const counted = `${characters.toLocaleString('en-US')} character${characters === 1 ? '' : 's'}`;
  return bytes === characters ? counted : `${counted}, ${bytes.toLocaleString('en-US')} bytes`;
}
