/** A part of the page that takes files dropped on it. */
import { type DragEvent, useState } from 'react';

/** Who takes one file takes the first. */
export type FilesTaken = (first: File, all: readonly File[]) => void;

export function useFileDrop(onFiles: FilesTaken) {
  const [over, setOver] = useState(false);
  const handlers = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const files = [...event.dataTransfer.files];
      if (files[0]) onFiles(files[0], files);
    },
  };
  return { over, handlers };
}
