/** What reading and writing a DDF share: its elements, its errors, its size. */
import { EncodingError } from '../../base/errors.ts';
import type { MarkupElement } from '../../encoding/markup.ts';
import { DMDDF_NAMESPACE } from '../../encoding/wbxml/types/dm-ddf.ts';

/** Bytes of one document. */
export const MAX_DDF_BYTES = 1024 * 1024;

/** Some write no namespace, some that of an earlier version: only others are extensions. */
export function isForeign({ namespace }: MarkupElement): boolean {
  return namespace !== '' && namespace !== DMDDF_NAMESPACE && !namespace.toLowerCase().startsWith('syncml:dmddf');
}

export function fail(element: MarkupElement, message: string): never {
  throw new EncodingError('ddf', `DDF: ${message}`, element.range?.start ?? 0);
}
