/** Whether URIs of commands are within what the device can address, as it tells in ./DevDetail/URI (OMA-TS-DM_StdObj-V1_2_1 §5.3.3). */
import { childUri, excessOf, excessWords, ROOT, type UriLimits } from '../uri.ts';
import type { Found } from './found.ts';
import { renamedUri, type SinglePlanned, writtenUris } from './planned.ts';
import type { SeenTree } from './seen-tree.ts';

const LIMITS = './DevDetail/URI';

/** Of nodes that are given another place so many are looked at: more would take a person's time. */
const MOST_MOVED = 10_000;

const ADVICE = {
  MaxDepth: 'choose a place nearer to the root',
  MaxTotLen: 'use shorter names, or a place nearer to the root',
  MaxSegLen: 'use a shorter name',
} as const;

/** What was not read, or is no number, is no limit. */
export function limitsIn(tree: SeenTree): UriLimits {
  const limit = (name: string) => {
    const value = tree.get(childUri(LIMITS, name))?.value ?? '';
    return /^\d+$/.test(value) ? Number(value) : 0;
  };
  return { maxDepth: limit('MaxDepth'), maxTotalLength: limit('MaxTotLen'), maxSegmentLength: limit('MaxSegLen') };
}

/** Those that the command names; where it gives nodes another place the first of those that would be beyond. */
export function checkUris(command: SinglePlanned, limits: UriLimits, tree: SeenTree, found: Found): void {
  if (!Object.values(limits).some(limit => limit > 0)) return;
  if (writtenUris(command).filter(uri => isBeyond(uri, limits, found)).length > 0) return;
  let looked = 0;
  for (const uri of movedUris(command, tree)) if (isBeyond(uri, limits, found) || ++looked === MOST_MOVED) return;
}

/** True where it is, and that is noted. */
function isBeyond(uri: string, limits: UriLimits, found: Found): boolean {
  const [node = ROOT] = uri.split('?');
  const excess = excessOf(
    node
      .replace(/^\.(\/|$)/, '')
      .split('/')
      .filter(Boolean),
    limits,
    uri,
  );
  if (!excess) return false;
  found.add('uri', 414, node, undefined, {
    text: `${uri} has ${excessWords(excess)} (${LIMITS}/${excess.limit})`,
    advice: `Expect 414 (URI too long); ${ADVICE[excess.limit]}`,
  });
  return true;
}

/** Where nodes are once the command is done that were elsewhere before, as far as they are known. */
function movedUris(command: SinglePlanned, tree: SeenTree): Generator<string> {
  if (command.kind === 'copy') return below(tree, command.from, command.to);
  return below(tree, command.uri, renamedUri(command));
}

function* below(tree: SeenTree, from: string, to: string | undefined): Generator<string> {
  if (to === undefined) return;
  yield to;
  for (const name of tree.children(from)) yield* below(tree, childUri(from, name), childUri(to, name));
}
