/** Names that stand in the string table because they have no token (WAP-192-WBXML-20010725 §5.8.4.5). */
import type { Source } from './source.ts';
import type { Strings } from './strings.ts';

/** What XML takes as a name, too, with one prefix or none: the document can be shown as XML. */
const NAME = /^(?:[\p{L}_][\p{L}\p{N}\p{M}._\u00b7-]*:)?[\p{L}_][\p{L}\p{N}\p{M}._\u00b7-]*$/u;

/** After a LITERAL token, which is at `usedAt`. */
export function literalName(source: Source, strings: Strings, usedAt: number): string {
  const name = strings.ofTable(usedAt, 'a literal name');
  if (!NAME.test(name))
    source.fail('literal-name', `expected a name, found ${JSON.stringify(name.slice(0, 32))}`, usedAt);
  return name;
}
