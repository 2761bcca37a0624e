/** Asks the core how commands look on the wire and what speaks against them, a moment after the last key. */
import type { CommandInput, CommandPreview } from '../../../../src-core/workbench/work-views.ts';
import { type Answer, useQuery } from '../../../api/use-query.ts';

const TYPING_MS = 80;

export function usePreview(deviceId: string, drafts: readonly CommandInput[] | undefined): Answer<CommandPreview> {
  return useQuery({
    key: drafts && `${deviceId} ${JSON.stringify(drafts)}`,
    ask: api => api.devices.preview.query({ deviceId, commands: [...(drafts ?? [])] }),
    pauseMs: TYPING_MS,
  });
}
