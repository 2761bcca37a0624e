/** Runs expressions over slices of a tree, away from the page: one that never ends is ended with its worker. */
import { type Slice, searchSlice, type Wanted } from './search-query.ts';

addEventListener('message', ({ data: { wanted, slice } }: MessageEvent<{ wanted: Wanted; slice: Slice }>) => {
  postMessage(searchSlice(wanted, slice));
});
