/** What a list may set in the profile of each card, with placeholders for what the list knows of it. */

export const PROFILE_VARIABLES = ['user', 'password', 'server_id', 'server_password', 'address'] as const;
export type ProfileVariable = (typeof PROFILE_VARIABLES)[number];

/** Values that nobody sees again. */
export const SECRET_VARIABLES: ReadonlySet<ProfileVariable> = new Set(['password', 'server_password']);

const MOST_CHARACTERS = 255;

export interface Filled {
  readonly value: string;
  /** Why it cannot be used; never quotes a secret. */
  readonly fault?: string;
}

/** `{{iccid}}`, and `{{iccid:-8}}` for its last eight digits. */
export function fill(name: ProfileVariable, template: string, known: { readonly iccid: string }): Filled {
  let fault: string | undefined;
  const value = template.replace(/\{\{([^}]*)\}\}/g, (_, inner: string) => {
    const [, digits] = /^\s*iccid\s*(?::\s*-(\d{1,2}))?\s*$/.exec(inner) ?? [undefined, undefined];
    if (!/^\s*iccid/.test(inner)) {
      const shown = SECRET_VARIABLES.has(name) ? 'what is between {{ and }}' : `{{${inner.slice(0, 40)}}}`;
      fault = `${shown} is no placeholder; {{iccid}} and {{iccid:-8}} are`;
    }
    return digits === undefined ? known.iccid : known.iccid.slice(-Number(digits));
  });
  fault ??= faultOf(name, value);
  return fault === undefined ? { value } : { value, fault };
}

function faultOf(name: ProfileVariable, value: string): string | undefined {
  if (value.length > MOST_CHARACTERS) return `has more than ${MOST_CHARACTERS} characters`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a name must not have
  if (/[\0-\x1f\x7f]/.test(value)) return 'has a character that cannot be shown';
  if (name === 'address' && !isHttpAddress(value))
    return `${JSON.stringify(value)} is no address of a DM server: http or https`;
  return undefined;
}

export function isHttpAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
