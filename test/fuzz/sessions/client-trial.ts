/** A server of any kind against our client session. */
import { ClientSession } from '../../../src-core/session/client-session.ts';
import type { Answer, Question } from '../../../src-core/session/interaction.ts';
import type { Wire } from '../../../src-core/session/wire.ts';
import {
  CLIENT,
  CLIENT_NONCE,
  DEVICE_ID,
  nonces,
  SERVER,
  SERVER_NONCE,
  SERVER_URL,
  SESSION_ID,
} from '../../conformance/bench.ts';
import { deviceTree } from '../../support/memory-session.ts';
import { damaged } from './damage.ts';
import { Peer } from './peer.ts';
import { Referee } from './referee.ts';
import type { Scenario, Step } from './scenario.ts';

/** What the person is asked, and the message that asks. */
type Asked = Question & { readonly wire: Wire };

export class ClientTrial {
  readonly #scenario: Scenario;
  readonly #peer: Peer;
  readonly #referee: Referee;
  readonly #said: (bytes: Uint8Array) => void;
  readonly #session: ClientSession;
  readonly #waiting: Scenario['packages'][number][];
  #last: Wire | undefined;
  #question: Asked | undefined;
  #executed = 0;
  #asked = 0;

  constructor(scenario: Scenario, said: (bytes: Uint8Array) => void) {
    const { scheme, encoding, ownSize, packages } = scenario;
    const tree = deviceTree();
    this.#scenario = scenario;
    this.#said = said;
    this.#waiting = [...packages];
    this.#peer = new Peer({
      scenario,
      identity: SERVER,
      nonce: SERVER_NONCE,
      source: SERVER_URL,
      target: DEVICE_ID,
      opening: [],
    });
    const guarded = () => `${this.#executed} ${this.#asked} ${JSON.stringify(tree.subtree('.', 'device'))}`;
    this.#referee = new Referee(scenario, 'server', guarded);
    this.#session = new ClientSession({
      tree,
      account: {
        name: 'Workbench',
        serverId: SERVER.user,
        displayName: 'Example',
        serverUrl: SERVER_URL,
        client: { name: CLIENT.user, secret: CLIENT.password, nonce: CLIENT_NONCE, scheme },
        server: { name: SERVER.user, secret: SERVER.password, nonce: SERVER_NONCE, scheme },
      },
      deviceId: DEVICE_ID,
      devInfo: [{ source: { uri: './DevInfo/Man' }, meta: { format: 'chr', type: 'text/plain' }, data: 'Factory' }],
      sessionId: SESSION_ID,
      encoding,
      newNonce: nonces(0x10),
      maxMsgSize: ownSize,
      maxObjSize: 10_000,
      exec: () => {
        this.#executed++;
        return { code: 200 };
      },
    });
  }

  /** @throws where something does not hold */
  run(): void {
    const first = this.#referee.say(() => this.#session.start());
    if (!first) return;
    this.#peer.hear(first.message);
    for (const step of this.#scenario.steps) this.#take(step);
    this.#referee.checkEnd(
      () => this.#session.state === 'ended',
      () => this.#goOn(),
    );
  }

  #take(step: Step): void {
    switch (step.kind) {
      case 'say':
        this.#deliver(this.#peer.say(step));
        return;
      case 'damage': {
        const wire = damaged(this.#polite(), step.seed, this.#scenario.encoding);
        if (wire) this.#referee.checkDamaged(() => this.#deliver(wire));
        return;
      }
      case 'repeat':
        if (this.#last) this.#deliver(this.#last);
        return;
      case 'abort':
        this.#question = undefined;
        this.#referee.say(() => this.#session.abort());
        return;
      case 'answer':
        if (this.#question && fits(step.answer, this.#question)) this.#answer(this.#question, step.answer);
        return;
      default:
        this.#deliver(this.#polite());
    }
  }

  #goOn(): boolean {
    const question = this.#question;
    return question ? this.#answer(question, fitting(question)) : this.#deliver(this.#polite());
  }

  #polite(): Wire {
    return this.#peer.polite(this.#waiting.shift() ?? []);
  }

  #deliver(wire: Wire): boolean {
    this.#said(wire.bytes);
    this.#last = wire;
    return this.#turn(wire, () => this.#session.receive(wire));
  }

  #answer(question: Asked, answer: Answer): boolean {
    this.#question = undefined;
    return this.#turn(question.wire, () => this.#session.answer(answer));
  }

  #turn(wire: Wire, receive: () => ReturnType<ClientSession['receive']>): boolean {
    const exchange = this.#referee.deliver(wire, () => {
      const turn = receive();
      if (turn.question && turn.events.length > 0) this.#asked++;
      return turn;
    });
    if (exchange?.question) this.#question = { ...exchange.question, wire };
    if (exchange?.reply) this.#peer.hear(exchange.reply.message);
    return exchange !== undefined;
  }
}

/** What each kind of question is answered with; anything else is refused as the person's mistake. */
const ANSWERS: Readonly<Record<Question['kind'], Answer>> = {
  display: { kind: 'shown' },
  confirm: { kind: 'confirmed', yes: true },
  'text-input': { kind: 'text', text: '5' },
  'single-choice': { kind: 'chosen', numbers: [1] },
  'multiple-choice': { kind: 'chosen', numbers: [] },
};

function fitting({ kind }: Question): Answer {
  return ANSWERS[kind];
}

function fits(answer: Answer, question: Question): boolean {
  return ['cancelled', 'timeout', 'cannot-show', fitting(question).kind].includes(answer.kind);
}
