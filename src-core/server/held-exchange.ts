/** One exchange of a session that a person holds open: taken in at once, answered when there is something to say. */
import { ProtocolError } from '../base/errors.ts';
import type { ServerExchange } from '../session/server-session.ts';
import type { Wire } from '../session/wire.ts';
import { Effects } from './effects.ts';
import type { HeldSessions } from './held-sessions.ts';
import type { LiveSession } from './live-session.ts';
import type { SessionKeeper } from './session-keeper.ts';
import type { Sessions } from './sessions.ts';
import type { Received } from './transport.ts';

export interface HeldExchangePorts {
  readonly holds: HeldSessions;
  readonly sessions: Sessions;
  readonly keeper: SessionKeeper;
  readonly tell: (effects: Effects) => void;
}

export interface Held {
  readonly exchange: ServerExchange;
  /** The message is recorded; what it was answered with is not. */
  readonly kept: boolean;
}

const OPEN = 'held open';
const GONE = 'held open, but the device hung up';

export class HeldExchange {
  readonly #ports: HeldExchangePorts;
  readonly #running = new Set<Promise<unknown>>();

  constructor(ports: HeldExchangePorts) {
    this.#ports = ports;
  }

  /** True where the session's next message may have to wait for its answer. */
  concerns(live: LiveSession): boolean {
    return live.machine.waiting || this.#ports.holds.state(live.device.record.id) !== undefined;
  }

  /** @throws ProtocolError where the session ended meanwhile, or the device hung up: it may send its message again. */
  exchange(live: LiveSession, wire: Wire, received: Received, receivedAt: number): Promise<Held> {
    this.#ports.holds.heard(live.device.record.id);
    const running = this.#exchange(live, wire, received, receivedAt);
    this.#running.add(running);
    const done = () => this.#running.delete(running);
    running.then(done, done);
    return running;
  }

  /** Everybody lets go; resolves when all who waited have their answers. */
  async close(): Promise<void> {
    this.#ports.holds.letAllGo();
    await Promise.allSettled(this.#running);
  }

  async #exchange(live: LiveSession, wire: Wire, { onGone }: Received, receivedAt: number): Promise<Held> {
    const taken = live.machine.take(wire);
    if ('reply' in taken) return { exchange: taken, kept: false };
    await this.#keep(live, effects => {
      if (taken.repeated) this.#ports.keeper.note(live, OPEN, effects);
      else this.#ports.keeper.keep(live, taken, wire, receivedAt, effects);
    });
    await this.#untilReady(live, onGone ?? (() => {}));
    return { exchange: live.machine.answer(), kept: true };
  }

  async #untilReady(live: LiveSession, onGone: (gone: () => void) => void): Promise<void> {
    const { holds } = this.#ports;
    const { id } = live.device.record;
    live.wake = () => holds.wake(id);
    try {
      while (!this.#isReady(live)) {
        await this.#note(live, OPEN);
        // Meanwhile there may have come some.
        if (this.#isReady(live)) return;
        const reason = await holds.wait(id, live.id, onGone);
        this.#checkOpen(live);
        if (reason === 'gone') await this.#hungUp(live);
        if (reason === 'patience') live.work.keepAlive();
        if (reason !== 'work') return;
      }
    } finally {
      live.wake = undefined;
    }
  }

  #isReady(live: LiveSession): boolean {
    this.#checkOpen(live);
    return live.work.ready;
  }

  /** It may have been closed while it waited: the device began anew. */
  #checkOpen(live: LiveSession): void {
    if (this.#ports.sessions.get(live.id) === live) return;
    throw new ProtocolError('session-over', 'this session is over', 400, { advice: 'Begin a new one with package 1' });
  }

  /** The message stays taken in: the device may ask for its answer again. */
  async #hungUp(live: LiveSession): Promise<never> {
    await this.#note(live, GONE);
    throw new ProtocolError('gone', 'the device hung up', 400);
  }

  #note(live: LiveSession, detail: string): Promise<void> {
    return this.#keep(live, effects => this.#ports.keeper.note(live, detail, effects));
  }

  /** What cannot be recorded has not happened: the session is over, and its work starts over in the next. */
  async #keep(live: LiveSession, take: (effects: Effects) => void): Promise<void> {
    const effects = new Effects();
    take(effects);
    try {
      await effects.written();
    } catch (error) {
      this.#ports.sessions.remove(live);
      throw error;
    }
    this.#ports.tell(effects);
  }
}
