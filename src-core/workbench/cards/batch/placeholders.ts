/** Placeholders in what a card gets: `{{iccid}}`, `{{iccid:-8}}` for its last eight characters, the same of any column. Pure. */

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const INNER = /^\s*(\S.*?)\s*(?::\s*-(\d{1,2})\s*)?$/s;

/** Every placeholder of the text filled in. */
export function fillIn(text: string, valueIn: (name: string) => string): string {
  return text.replace(PLACEHOLDER, (_, inner: string) => {
    const { name, last } = partsOf(inner);
    const value = valueIn(name);
    return last === undefined ? value : value.slice(-last);
  });
}

/** Names of the placeholders, in small letters; empty where one has no name. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, inner = '']) => partsOf(inner).name);
}

/** Braces that are no placeholder. */
export function hasStrayBraces(text: string): boolean {
  return /\{\{|\}\}/.test(text.replace(PLACEHOLDER, ''));
}

function partsOf(inner: string): { readonly name: string; readonly last?: number } {
  const [, name = '', last] = INNER.exec(inner) ?? [];
  return { name: name.toLowerCase(), ...(last !== undefined && { last: Number(last) }) };
}
