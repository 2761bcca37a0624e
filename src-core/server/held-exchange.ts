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
    const effects = new Effects();
    if (taken.repeated) this.#ports.keeper.note(live, OPEN, effects);
    else this.#ports.keeper.keep(live, taken, wire, receivedAt, effects);
    await effects.written();
    this.#ports.tell(effects);
    await this.#untilReady(live, onGone ?? (() => {}));
    return { exchange: live.machine.answer(), kept: true };
  }

  async #untilReady(live: LiveSession, onGone: (gone: () => void) => void): Promise<void> {
    const { holds, sessions } = this.#ports;
    const { id } = live.device.record;
    live.wake = () => holds.wake(id);
    try {
      while (!live.work.ready) {
        await this.#note(live, OPEN);
        // Meanwhile there may have come some.
        if (live.work.ready) return;
        const reason = await holds.wait(id, onGone);
        if (sessions.get(live.id) !== live) throw over();
        if (reason === 'gone') await this.#note(live, GONE);
        if (reason === 'gone') throw new ProtocolError('gone', 'the device hung up', 400);
        if (reason === 'patience') live.work.keepAlive();
        if (reason !== 'work') return;
      }
    } finally {
      live.wake = undefined;
    }
  }

  async #note(live: LiveSession, detail: string): Promise<void> {
    const effects = new Effects();
    this.#ports.keeper.note(live, detail, effects);
    await effects.written();
    this.#ports.tell(effects);
  }
}

function over(): ProtocolError {
  return new ProtocolError('session-over', 'this session is over', 400, { advice: 'Begin a new one with package 1' });
}
