/** Files of trees: to disk as the browser saves, and from disk, packed for the way to the core. */
import type { TreeFile } from '../../../../src-core/workbench/snapshots/views.ts';

/** Characters that a message to the core takes, with room for the rest of it. */
const MOST_PACKED = 15 * 1024 * 1024;

export function saveFile({ name, mediaType, base64 }: TreeFile): void {
  const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after this turn.
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Its bytes, compressed, as base64. @throws Error where even so they are too many for the core */
export async function packFile(file: File): Promise<string> {
  const packed = await new Response(file.stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();
  const base64 = toBase64(new Uint8Array(packed));
  if (base64.length <= MOST_PACKED) return base64;
  throw new Error(
    `${file.name} is too large: compressed it has ${Math.ceil(packed.byteLength / 1024 / 1024)} MiB, 11 fit`,
  );
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
