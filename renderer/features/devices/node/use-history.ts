/** The earlier values of a node, asked for again whenever the node was read anew. */
import type { NodeView, PastValueView } from '../../../../src-core/workbench/views.ts';
import { type Answer, useQuery } from '../../../api/use-query.ts';

/** Newest first, without the present one. */
export function useHistory(deviceId: string, view: NodeView): Answer<readonly PastValueView[]> {
  const { uri, past, readAt } = view;
  return useQuery({
    key: past > 0 ? `${deviceId} ${uri} ${past} ${readAt}` : undefined,
    ask: api => api.devices.history.query({ deviceId, uri }),
  });
}
