/** What a list may set in the profile of each card, with placeholders for what the list knows of it. */
import { fillIn, placeholdersIn } from './placeholders.ts';

export const PROFILE_VARIABLES = ['user', 'password', 'server_id', 'server_password', 'address'] as const;
export type ProfileVariable = (typeof PROFILE_VARIABLES)[number];

/** What cells that are empty or not there stand for, placeholders and all. */
export type ListDefaults = Readonly<Partial<Record<ProfileVariable, string>>>;

/** Values that nobody sees again. */
export const SECRET_VARIABLES: ReadonlySet<ProfileVariable> = new Set(['password', 'server_password']);

const MOST_CHARACTERS = 255;
export const CONTROLS = 'has a character that cannot be shown';

export interface Filled {
  readonly value: string;
  /** Why it cannot be used; never quotes a secret. */
  readonly fault?: string;
}

/** `{{iccid}}`, and `{{iccid:-8}}` for its last eight digits. */
export function fill(name: ProfileVariable, template: string, known: { readonly iccid: string }): Filled {
  const value = fillIn(template, placeholder => (placeholder === 'iccid' ? known.iccid : ''));
  const unknown = placeholdersIn(template).find(placeholder => placeholder !== 'iccid');
  if (unknown === undefined) {
    const fault = faultOf(name, value);
    return fault === undefined ? { value } : { value, fault };
  }
  const shown = SECRET_VARIABLES.has(name) ? 'what is between {{ and }}' : `{{${unknown.slice(0, 40)}}}`;
  return { value, fault: `${shown} is no placeholder; {{iccid}} and {{iccid:-8}} are` };
}

/** Characters that no name, password or parameter has. */
export function hasControls(value: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a value must not have
  return /[\0-\x1f\x7f]/.test(value);
}

function faultOf(name: ProfileVariable, value: string): string | undefined {
  if (value.length > MOST_CHARACTERS) return `has more than ${MOST_CHARACTERS} characters`;
  if (hasControls(value)) return CONTROLS;
  if (name === 'address' && !isHttpAddress(value))
    return `${JSON.stringify(value)} is no address of a DM server: http or https`;
  return undefined;
}

export function isHttpAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
