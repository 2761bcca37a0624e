/** Work on devices as the API sees it. */
import type { CommandInput, CommandPreview, WorkView } from './work-views.ts';

export interface WorkService {
  preview(deviceId: string, commands: readonly CommandInput[]): Promise<CommandPreview>;
  /**
   * Goes out at once where the device's session is held open, else in its next session; a virtual handset is asked to connect.
   * Resolves when it is kept: it is done once, whatever happens. `thenRead`: read what it changed, default true.
   */
  send(
    deviceId: string,
    commands: readonly CommandInput[],
    thenRead?: boolean,
  ): Promise<{ readonly workId: string; readonly held: boolean }>;
  /** The last work on the device, newest first. */
  watch(deviceId: string, signal: AbortSignal): AsyncIterable<readonly WorkView[]>;
  /** What waits in the queue. */
  cancel(workId: string): Promise<void>;
  /** The device's session, or its next one, stays open until somebody lets go; it is answered within `patienceSeconds`. */
  hold(deviceId: string, hold: boolean, patienceSeconds?: number): Promise<void>;
}
