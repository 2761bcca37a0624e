/**
 * What is read once a device told by a generic alert that an operation on its firmware ended (OMA-TS-DM-FUMO-V1_0 §6.2): the
 * State of the object, and the node that the alert names.
 */
import { findObject } from '../objects/find.ts';
import { FUMO_OPERATIONS, fumoAlertType } from '../objects/fumo.ts';
import { AlertCode } from '../syncml/codes.ts';
import type { Alert } from '../syncml/message.ts';
import type { SeenTree } from '../tree/ddf/seen-tree.ts';
import { parentOf } from '../tree/device-tree.ts';
import { childUri, isNodeName } from '../tree/uri.ts';

/** URIs; none where the alert is about something else, or does not say of which object it is. */
export function readsAfter({ code, items }: Alert, tree: SeenTree): string[] {
  if (code !== AlertCode.GENERIC) return [];
  return items.flatMap(({ source, meta }) => {
    if (!source || !fumoAlertType(meta?.type ?? '')?.operation) return [];
    // Some devices leave out `./`.
    const uri = source.uri.startsWith('./') ? source.uri : `./${source.uri}`;
    if (
      !uri
        .slice(2)
        .split('/')
        .every((name, i, all) => isNodeName(name, i < all.length - 1))
    )
      return [];
    return [childUri(objectAt(uri, tree), 'State'), uri];
  });
}

/** Some devices name the node that was executed. */
function objectAt(uri: string, tree: SeenTree): string {
  const found = findObject(tree, uri);
  if (found?.kind === 'fumo') return found.uri;
  const above = parentOf(uri);
  return above !== undefined && FUMO_OPERATIONS.some(name => uri === childUri(above, name)) ? above : uri;
}
