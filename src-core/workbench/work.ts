/** Work on devices: commands that people send, in a session that is held open or in the next one, and what comes of them. */
import { RequestError } from '../base/errors.ts';
import type { DmServer } from '../server/dm-server.ts';
import type { ServerEvent } from '../server/effects.ts';
import type { CommandInput } from '../server/jobs/command-input.ts';
import type { JobSpec } from '../server/jobs/spec.ts';
import type { Store } from '../store/contract.ts';
import { faultsOf, previewOf } from './command-preview.ts';
import { restOf, type Topic } from './topic.ts';
import type { WorkService } from './work-service.ts';
import { WorkViews } from './work-view.ts';
import type { CommandPreview, CommandProblemView, WorkView } from './work-views.ts';

export interface WorkRoomOptions {
  readonly server: DmServer;
  readonly store: Store;
  readonly events: Topic<ServerEvent>;
  /** Asks a device to connect where that is possible; false where it must be waited for. */
  readonly summon: (deviceId: string) => boolean;
  /** What else speaks against commands, by what is known of the device. */
  readonly problems: (deviceId: string, commands: readonly CommandInput[]) => Promise<readonly CommandProblemView[]>;
}

const WORK_SHOWN = 100;
/** Changes that come together are shown together. */
const GATHER_MS = 100;

export class WorkRoom implements WorkService {
  readonly #options: WorkRoomOptions;

  constructor(options: WorkRoomOptions) {
    this.#options = options;
  }

  async preview(deviceId: string, commands: readonly CommandInput[]): Promise<CommandPreview> {
    const problems = await this.#options.problems(deviceId, commands);
    return { ...previewOf(commands), problems: [...faultsOf(commands), ...problems] };
  }

  send(deviceId: string, commands: readonly CommandInput[], thenRead = true) {
    return this.ask(deviceId, { kind: 'send', commands, thenRead });
  }

  /** Any work: sent at once where the session is held open, else in the next one. */
  async ask(deviceId: string, spec: JobSpec): Promise<{ workId: string; held: boolean; summoned: boolean }> {
    const { server } = this.#options;
    const { workId, held } = await server.live.add(deviceId, spec);
    return { workId: String(workId), held, summoned: this.#summon(deviceId) };
  }

  watch(deviceId: string, signal: AbortSignal): AsyncIterable<readonly WorkView[]> {
    const views = new WorkViews();
    const concerns = (event: ServerEvent) => event.kind === 'work' && event.deviceId === deviceId;
    const options = { concerns, rest: restOf(GATHER_MS) };
    return this.#options.events.states(() => this.#list(deviceId, views), signal, options);
  }

  async cancel(workId: string): Promise<void> {
    const job = await this.#options.store.jobs.get(Number(workId));
    if (!job)
      throw new RequestError('unknown-work', 'nothing is known of this work', { advice: 'Look at the list again' });
    await this.#options.server.live.cancel(job.deviceId, job.id);
  }

  async hold(deviceId: string, hold: boolean, patienceSeconds?: number): Promise<void> {
    const { live } = this.#options.server;
    if (!hold) return live.letGo(deviceId);
    live.hold(deviceId, patienceSeconds === undefined ? undefined : patienceSeconds * 1000);
    this.#summon(deviceId);
  }

  /** A session that runs takes what there is; only without one the device is asked to come. */
  #summon(deviceId: string): boolean {
    const { server, summon } = this.#options;
    return server.live.held(deviceId)?.state !== 'held' && summon(deviceId);
  }

  async #list(deviceId: string, views: WorkViews): Promise<WorkView[]> {
    const records = await this.#options.store.jobs.ofDevice(deviceId, WORK_SHOWN);
    return records.map(record => views.of(record));
  }
}
