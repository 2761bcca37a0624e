/** Sends commands to a device: at once in an open session, else they wait for the next one. */
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import type { CommandInput } from '../../../../src-core/workbench/work-views.ts';
import type { Failure } from '../../../api/failure.ts';
import { useAction } from '../../../api/use-action.ts';

export interface Send {
  /** False where it failed; `failure` then says why. */
  readonly run: (commands: readonly CommandInput[]) => Promise<boolean>;
  /** Reads a node with all below it, in as few commands as the device allows. */
  readonly subtree: (uri: string) => Promise<boolean>;
  readonly busy: boolean;
  readonly failure: Failure | undefined;
  readonly clear: () => void;
}

export function useSend(device: DeviceView | undefined): Send {
  const deviceId = device?.id ?? '';
  const send = useAction((api, commands: readonly CommandInput[]) =>
    api.devices.send.mutate({ deviceId, commands: [...commands] }),
  );
  const read = useAction((api, uri: string) => api.devices.read.mutate({ deviceId, uri }));
  return {
    run: async commands => (await send.run(commands)) !== undefined,
    subtree: async uri => (await read.run(uri)) !== undefined,
    busy: send.busy || read.busy,
    failure: send.failure ?? read.failure,
    clear: () => {
      send.clear();
      read.clear();
    },
  };
}
