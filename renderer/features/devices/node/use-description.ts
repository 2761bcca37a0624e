/** What the descriptions (DDF) say of a node, and of what may be added below it; asked again when the tree has changed. */
import type { DescriptionView, OffersView } from '../../../../src-core/workbench/ddf/views.ts';
import { type Answer, useQuery } from '../../../api/use-query.ts';

const SETTLING_MS = 60;

/** Null where no description says anything. */
export function useDescription(deviceId = '', uri: string, readAt: number | undefined): DescriptionView | null {
  const { data } = useQuery({
    key: deviceId && `describe ${deviceId} ${uri} ${readAt}`,
    ask: api => api.devices.describe.query({ deviceId, uri }),
    pauseMs: SETTLING_MS,
  });
  return data ?? null;
}

export function useOffers(deviceId: string, uri: string): Answer<OffersView> {
  return useQuery({ key: `offers ${deviceId} ${uri}`, ask: api => api.devices.mayAdd.query({ deviceId, uri }) });
}
