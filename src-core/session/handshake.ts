/**
 * Authentication in one session, both directions at one end: proves this side, verifies the other, and tells what happened
 * (OMA-TS-DM_Protocol-V1_2_1 §9). Nonces are told to be kept only once the other side proved itself (DM_Security §5.3.4).
 */
import type { Cred, Status } from '../syncml/message.ts';
import type { Judgement, Prover, Verdict, Verifier } from './authentication.ts';
import type { SessionEvent, Side } from './events.ts';
import type { Wire } from './wire.ts';

export interface HandshakeOptions {
  readonly us: Side;
  /** Undefined where nothing is known to prove. */
  readonly prover: Prover | undefined;
  readonly verifier: Verifier;
  readonly tell: (event: SessionEvent) => void;
}

export class Handshake {
  readonly #us: Side;
  readonly #them: Side;
  readonly #prover: Prover | undefined;
  readonly #verifier: Verifier;
  readonly #tell: (event: SessionEvent) => void;
  #peerKnown = false;
  /** For our credentials, from a peer that has not proved itself yet. */
  #ourNonce: Uint8Array | undefined;

  constructor({ us, prover, verifier, tell }: HandshakeOptions) {
    this.#us = us;
    this.#them = us === 'client' ? 'server' : 'client';
    this.#prover = prover;
    this.#verifier = verifier;
    this.#tell = tell;
  }

  /** The peer proved who it is, or needs not. */
  get peerKnown(): boolean {
    return this.#peerKnown;
  }

  /** The peer had its last chance. */
  get peerRefused(): boolean {
    return this.#verifier.state === 'refused';
  }

  /** Every message of the peer has to prove itself (HMAC). */
  get eachMessage(): boolean {
    return this.#verifier.scheme === 'hmac';
  }

  /** The peer has not judged our credentials yet, and there are some. */
  get isUnjudged(): boolean {
    return this.#prover?.state === 'unproven' && this.#prover.scheme !== 'none';
  }

  cred(): Cred | undefined {
    return this.#prover?.cred();
  }

  hmac(body: Uint8Array): string | undefined {
    return this.#prover?.hmac(body);
  }

  /** Judges the peer's header. */
  verify({ message, bytes, hmac }: Wire): Verdict {
    const verdict = this.#verifier.verify({ cred: message.header.cred, hmac, bytes });
    if (!verdict.ok) {
      const { code, reason } = verdict;
      this.#tell({ kind: 'refused', side: this.#them, code, reason, final: this.peerRefused });
      return verdict;
    }
    if (verdict.nextNonce) this.#tell({ kind: 'nonce', side: this.#them, nonce: verdict.nextNonce });
    if (!this.#peerKnown) this.#tell({ kind: 'authenticated', side: this.#them, scheme: this.#verifier.scheme });
    this.#peerKnown = true;
    this.#keepNonce();
    return verdict;
  }

  /** Takes the peer's word on our header. */
  judge(status: Status): { readonly verdict: Judgement['verdict']; readonly reason: string } {
    if (!this.#prover) return { verdict: 'accepted', reason: '' };
    const before = this.#prover.state;
    const { verdict, nextNonce, reason = `the header was answered with ${status.code}` } = this.#prover.judge(status);
    if (nextNonce) this.#ourNonce = nextNonce;
    if (verdict === 'proven' && before !== 'proven') {
      this.#tell({ kind: 'authenticated', side: this.#us, scheme: this.#prover.scheme });
    }
    if (verdict === 'retry' || verdict === 'refused') {
      const final = verdict === 'refused';
      this.#tell({ kind: 'refused', side: this.#us, code: status.code, reason, final });
    }
    this.#keepNonce();
    return { verdict, reason };
  }

  #keepNonce(): void {
    if (!this.#ourNonce || !this.#peerKnown) return;
    this.#tell({ kind: 'nonce', side: this.#us, nonce: this.#ourNonce });
    this.#ourNonce = undefined;
  }
}
