/** A file from disk, ready for the way to the core. */
import { toBase64 } from '../node/bytes.ts';

const MOST = 1024 * 1024;

/** Base64. @throws Error for one that is too large */
export async function fileContent(file: File): Promise<string> {
  if (file.size > MOST) {
    throw new Error(`it has ${file.size.toLocaleString('en-US')} bytes, a description has at most 1 MiB`);
  }
  return toBase64(new Uint8Array(await file.arrayBuffer()));
}
