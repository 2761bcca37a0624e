/** Searches slices of a tree in a worker, one after another, each within its time. */
import type { Hit, Slice, Wanted } from './search-query.ts';

/** A slice takes a few milliseconds; an expression that needs so long never ends. */
const PATIENCE_MS = 2000;

export interface SliceSearcher {
  /** Undefined where it took too long. One at a time. */
  search(wanted: Wanted, slice: Slice): Promise<readonly Hit[] | undefined>;
  close(): void;
}

export function startSliceSearcher(): SliceSearcher {
  let worker: Worker | undefined;
  const end = () => {
    worker?.terminate();
    worker = undefined;
  };
  return {
    search(wanted, slice) {
      worker ??= new Worker(new URL('./search-worker.ts', import.meta.url), { type: 'module' });
      const { promise, resolve, reject } = Promise.withResolvers<readonly Hit[] | undefined>();
      const timer = setTimeout(() => {
        end();
        resolve(undefined);
      }, PATIENCE_MS);
      worker.onmessage = ({ data }: MessageEvent<readonly Hit[]>) => resolve(data);
      worker.onerror = event => reject(new Error(event.message || 'the search cannot start'));
      worker.postMessage({ wanted, slice });
      return promise.finally(() => clearTimeout(timer));
    },
    close: end,
  };
}
