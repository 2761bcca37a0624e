/**
 * The other side of a session as either end meets it: its header is judged, answered and heeded, its large objects are put
 * together, and what goes to it carries our proof (OMA-TS-DM_Protocol-V1_2_1 §7 and §9).
 */
import { AlertCode } from '../syncml/codes.ts';
import type { Command, Message } from '../syncml/message.ts';
import type { Verdict } from './authentication.ts';
import type { SessionEvent } from './events.ts';
import type { Handshake } from './handshake.ts';
import type { Inbox, Taken } from './inbox.ts';
import type { BuildOptions, Outbox } from './outbox.ts';
import type { Sent } from './page.ts';
import { headerStatus } from './statuses.ts';
import type { Wire } from './wire.ts';

export interface PeerParts {
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly handshake: Handshake;
  readonly tell: (event: SessionEvent) => void;
}

export class Peer {
  readonly #parts: PeerParts;

  constructor(parts: PeerParts) {
    this.#parts = parts;
  }

  /** What the header says of where and how the peer wants to be answered. */
  heed({ header, warnings = [] }: Message): void {
    const { outbox, tell } = this.#parts;
    if (header.respURI) outbox.redirect(header.respURI);
    if (header.meta) outbox.heed(header.meta);
    for (const { text } of warnings) tell({ kind: 'warning', text });
  }

  /** Undefined where the peer is known by now; otherwise why not. The header is answered either way. */
  authenticate(wire: Wire): Verdict | undefined {
    const verdict = this.#parts.handshake.verify(wire);
    this.#parts.outbox.acknowledge(headerStatus(wire.message, verdict.code, verdict.chal));
    return verdict.ok ? undefined : verdict;
  }

  /** The commands that are whole by now, and the statuses that chunks get at once. */
  assemble(received: Command): Pick<Taken, 'commands' | 'statuses'> {
    const { inbox, outbox, tell } = this.#parts;
    const { broken, progress, ...taken } = inbox.take(received);
    if (broken) outbox.answer({ kind: 'Alert', code: AlertCode.NO_END_OF_DATA, items: [broken] });
    if (progress) tell({ kind: 'progress', ...progress });
    return taken;
  }

  /** The next message. @param proving false: nothing in it proves who we are */
  build(options: Omit<BuildOptions, 'cred'>, proving = true): { readonly wire: Wire; readonly sent: readonly Sent[] } {
    const prover = proving ? this.#parts.handshake : undefined;
    const { message, bytes, sent } = this.#parts.outbox.build({ ...options, cred: prover?.cred() });
    const hmac = prover?.hmac(bytes);
    return { wire: { message, bytes, ...(hmac !== undefined && { hmac }) }, sent };
  }
}
