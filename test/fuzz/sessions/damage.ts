/** A message whose bytes are damaged on the way; its HMAC is of the bytes that were sent. */

import { bytesEqual } from '../../../src-core/base/bytes.ts';
import { EncodingError } from '../../../src-core/base/errors.ts';
import type { Wire } from '../../../src-core/session/wire.ts';
import { decodeMessage, type Encoding } from '../../../src-core/syncml/codec.ts';
import { mutateBytes } from '../mutations/mutate-bytes.ts';
import { mutateXml } from '../mutations/mutate-xml.ts';
import { Random } from '../random.ts';

/** Undefined where it cannot be read any more, or is the same. */
export function damaged(wire: Wire, seed: number, encoding: Encoding): Wire | undefined {
  const bytes = (encoding === 'wbxml' ? mutateBytes : mutateXml)(wire.bytes, new Random(seed, 0), wire.bytes);
  if (bytesEqual(bytes, wire.bytes)) return undefined;
  try {
    return { ...wire, message: decodeMessage(bytes, encoding), bytes };
  } catch (error) {
    if (error instanceof EncodingError) return undefined;
    throw error;
  }
}
