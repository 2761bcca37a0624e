/** What a person may do with a node and type into it, by its ACL and format (OMA-TS-DM_TND-V1_2_1, properties). Pure. */

/** Commands that an ACL gives to anyone, in its order: `Get=*&Replace=dm.example` gives Get, Replace. */
export function commandsOf(acl: string): { readonly command: string; readonly who: string }[] {
  return acl
    .split('&')
    .filter(Boolean)
    .map(entry => {
      const [command = entry, servers = ''] = entry.split('=');
      return { command, who: servers.split('+').join(', ') };
    });
}

export const isBinary = (format: string): boolean => format === 'b64' || format === 'bin';

const CHECKS: Record<string, { readonly fits: (value: string) => boolean; readonly expected: string }> = {
  int: { fits: v => /^[+-]?\d+$/.test(v), expected: 'a whole number, such as 42' },
  float: { fits: v => /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(v), expected: 'a number, such as 4.2' },
  bool: { fits: v => v === 'true' || v === 'false', expected: 'true or false' },
  date: { fits: v => /^\d{4}-?\d{2}-?\d{2}$/.test(v), expected: 'a date, such as 2026-11-23' },
  time: { fits: v => /^\d{2}:?\d{2}(:?\d{2})?Z?$/.test(v), expected: 'a time of day, such as 22:14:07' },
  b64: { fits: isBase64, expected: 'base64' },
  bin: { fits: isBase64, expected: 'base64' },
};

function isBase64(value: string): boolean {
  const packed = value.replace(/\s+/g, '');
  return packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed);
}

/** Why the value does not fit the format; undefined where it does. */
export function refuseValue(format: string, value: string): string | undefined {
  const check = CHECKS[format];
  return check && !check.fits(value) ? `Format ${format} takes ${check.expected}` : undefined;
}
