/** Keeps the core running in a process of its own: a native module that crashes takes the core along, never the window. */
import { type UtilityProcess, utilityProcess } from 'electron';
import type { CoreMessage, Endpoint, HostMessage } from '../src-core/workbench/host-protocol.ts';

/** Waits before the next start after a crash; after the last one the supervisor gives up and asks. */
const BACK_OFF_MS: readonly number[] = [500, 1000, 2000, 4000, 8000];
/** A core that lived this long was healthy: its crash counts as the first. */
const HEALTHY_MS = 60_000;
/** How long an orderly shutdown may take before the process is killed. */
const SHUTDOWN_MS = 5000;

export interface CoreListener {
  /** The core listens. `restarted` says that an earlier one had crashed, so that the page must be loaded anew. */
  onReady(endpoint: Endpoint, restarted: boolean): void;
  /** The core cannot be started, or crashes again and again. `start()` tries anew. */
  onFailure(message: string): void;
}

type State =
  | { readonly kind: 'stopped' | 'failed' }
  | { readonly kind: 'waiting'; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'running'; readonly child: UtilityProcess; readonly since: number; readonly ready: boolean };

export class CoreProcess {
  readonly #script: string;
  readonly #args: readonly string[];
  readonly #listener: CoreListener;
  #state: State = { kind: 'stopped' };
  #endpoint = Promise.withResolvers<Endpoint>();
  #crashes = 0;
  #launches = 0;

  /** `script` is the path of the built core-process.js, `args` what it is started with: the database file. */
  constructor(script: string, args: readonly string[], listener: CoreListener) {
    this.#script = script;
    this.#args = args;
    this.#listener = listener;
  }

  /** Starts the core, also after it failed for good. */
  start(): void {
    if (this.#state.kind !== 'stopped' && this.#state.kind !== 'failed') return;
    this.#crashes = 0;
    this.#fork();
  }

  /** Where the present core listens; while it is starting or coming back, the answer waits for it. */
  endpoint(): Promise<Endpoint> {
    return this.#endpoint.promise;
  }

  /** Ends the core and resolves when its process is gone. */
  async stop(): Promise<void> {
    const state = this.#state;
    this.#state = { kind: 'stopped' };
    if (state.kind === 'waiting') clearTimeout(state.timer);
    if (state.kind !== 'running') return;
    const { child } = state;
    const gone = new Promise<void>(resolve => child.once('exit', () => resolve()));
    child.postMessage({ kind: 'shutdown' } satisfies HostMessage);
    const killer = setTimeout(() => killHard(child), SHUTDOWN_MS);
    await gone;
    clearTimeout(killer);
  }

  #fork(): void {
    const child = utilityProcess.fork(this.#script, [...this.#args], {
      serviceName: 'DM Workbench core',
      stdio: 'inherit',
    });
    this.#state = { kind: 'running', child, since: Date.now(), ready: false };
    child.on('message', (message: CoreMessage) => this.#onMessage(child, message));
    child.once('exit', code => this.#onExit(child, code));
  }

  #onMessage(child: UtilityProcess, message: CoreMessage): void {
    if (this.#state.kind !== 'running' || this.#state.child !== child) return;
    if (message.kind === 'failed') {
      this.#giveUp(message.message);
      killHard(child);
      return;
    }
    this.#state = { ...this.#state, ready: true };
    this.#launches += 1;
    this.#endpoint.resolve(message.endpoint);
    this.#listener.onReady(message.endpoint, this.#launches > 1);
  }

  #onExit(child: UtilityProcess, code: number): void {
    if (this.#state.kind !== 'running' || this.#state.child !== child) return;
    const { ready, since } = this.#state;
    if (ready) this.#endpoint = Promise.withResolvers<Endpoint>();
    if (Date.now() - since >= HEALTHY_MS) this.#crashes = 0;
    const wait = BACK_OFF_MS[this.#crashes];
    this.#crashes += 1;
    if (wait === undefined) this.#giveUp(`It ended ${this.#crashes} times in a row, last with exit code ${code}`);
    else this.#state = { kind: 'waiting', timer: setTimeout(() => this.#fork(), wait) };
  }

  #giveUp(message: string): void {
    this.#state = { kind: 'failed' };
    this.#listener.onFailure(message);
  }
}

/** Ends a process that does not end by itself; a hung one would not hear a polite signal. */
function killHard(child: UtilityProcess): void {
  if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
}
