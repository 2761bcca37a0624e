/** Hands a file to the browser, which asks where to keep it or keeps it among the downloads. */
import type { ExportedFile } from '../../../src-core/workbench/session-views.ts';

export function download({ name, type, text }: ExportedFile): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the data by then.
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
