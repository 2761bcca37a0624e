/** A device of any kind against our server session. */
import { ServerSession } from '../../../src-core/session/server-session.ts';
import type { Wire } from '../../../src-core/session/wire.ts';
import {
  alert,
  CLIENT,
  CLIENT_NONCE,
  DEVICE_ID,
  nonces,
  SERVER,
  SERVER_NONCE,
  SERVER_URL,
} from '../../conformance/bench.ts';
import { DEV_INFO } from '../../conformance/scripted-device.ts';
import { damaged } from './damage.ts';
import { Peer } from './peer.ts';
import { Referee } from './referee.ts';
import type { Scenario, Step } from './scenario.ts';

export class ServerTrial {
  readonly #scenario: Scenario;
  readonly #peer: Peer;
  readonly #referee: Referee;
  readonly #said: (bytes: Uint8Array) => void;
  #session: ServerSession | undefined;
  #last: Wire | undefined;
  #calls = 0;

  constructor(scenario: Scenario, said: (bytes: Uint8Array) => void) {
    this.#scenario = scenario;
    this.#said = said;
    this.#peer = new Peer({
      scenario,
      identity: CLIENT,
      nonce: CLIENT_NONCE,
      source: DEVICE_ID,
      target: SERVER_URL,
      opening: [alert(1201), DEV_INFO],
    });
    this.#referee = new Referee(scenario, 'client', () => this.#calls);
  }

  /** @throws where something does not hold */
  run(): void {
    for (const step of this.#scenario.steps) this.#take(step);
    this.#referee.checkEnd(
      () => this.#session?.state === 'ended',
      () => this.#deliver(this.#peer.polite()),
    );
  }

  #take(step: Step): void {
    switch (step.kind) {
      case 'say':
        this.#deliver(this.#peer.say(step));
        return;
      case 'damage': {
        const wire = damaged(this.#peer.polite(), step.seed, this.#scenario.encoding);
        if (wire) this.#referee.checkDamaged(() => this.#deliver(wire));
        return;
      }
      case 'repeat':
        if (this.#last) this.#deliver(this.#last);
        return;
      case 'abort':
        this.#session?.abort('the fuzzer says so');
        return;
      default:
        this.#deliver(this.#peer.polite());
    }
  }

  #deliver(wire: Wire): boolean {
    this.#said(wire.bytes);
    this.#session ??= this.#open(wire);
    const session = this.#session;
    const exchange = this.#referee.deliver(wire, () => session.receive(wire));
    this.#last = wire;
    if (exchange) this.#peer.hear(exchange.reply.message);
    return exchange !== undefined;
  }

  #open(first: Wire): ServerSession {
    const { scheme, peer, packages, encoding, ownSize } = this.#scenario;
    const waiting = [...packages];
    const count = () => {
      this.#calls++;
    };
    return new ServerSession(first, {
      account:
        peer === 'unknown'
          ? undefined
          : {
              client: CLIENT,
              clientNonce: CLIENT_NONCE,
              clientScheme: scheme,
              server: SERVER,
              serverNonce: SERVER_NONCE,
              serverScheme: scheme,
            },
      work: {
        next: () => {
          count();
          return waiting.shift() ?? [];
        },
        onStatus: count,
        onResults: count,
        onUnsent: count,
      },
      encoding,
      serverUrl: SERVER_URL,
      newNonce: nonces(0x20),
      maxMsgSize: ownSize,
      maxObjSize: 10_000,
    });
  }
}
