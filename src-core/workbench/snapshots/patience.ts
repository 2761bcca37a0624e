/** Large trees are built a piece at a time, so that sessions go on meanwhile. */
import { setImmediate } from 'node:timers/promises';
import type { Reading } from '../../tree/device-tree.ts';
import { type KnownNode, TreeBuilder } from '../../tree/known.ts';

/** Some milliseconds of work. */
const PIECE = 2000;

export async function buildTree(readings: Iterable<Reading>): Promise<KnownNode> {
  const builder = new TreeBuilder();
  let count = 0;
  for (const reading of readings) {
    builder.add(reading);
    if (++count % PIECE === 0) await setImmediate();
  }
  return builder.root;
}
