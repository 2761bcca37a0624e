/**
 * Authentication in a DM session, the same for both directions (OMA-TS-DM_Protocol-V1_2_1 §9, DM_Security §5.3).
 * A Prover shows who it is, a Verifier judges; nonces come in from outside and the next ones go out.
 */
import { digestEqual, type Identity, md5Digest } from '../syncml/credentials.ts';
import type { Chal, Cred, Meta, Status } from '../syncml/message.ts';

const MD5_META: Meta = { format: 'b64', type: 'syncml:auth-md5' };

export type ProofState = 'unproven' | 'proven' | 'refused';

export interface Judgement {
  readonly verdict: 'proven' | 'accepted' | 'retry' | 'refused';
  /** To be kept for the next credentials of this side. */
  readonly nextNonce?: Uint8Array;
}

/** Shows credentials until they are accepted; after one challenge the answer is final. */
export class Prover {
  readonly #identity: Identity;
  #nonce: Uint8Array;
  #challenged = false;
  #state: ProofState = 'unproven';

  constructor(identity: Identity, nonce: Uint8Array) {
    this.#identity = identity;
    this.#nonce = nonce;
  }

  get state(): ProofState {
    return this.#state;
  }

  /** Credentials for the next message; none once they were accepted for the session (212). */
  cred(): Cred | undefined {
    if (this.#state === 'proven') return undefined;
    return { meta: MD5_META, data: md5Digest(this.#identity, this.#nonce) };
  }

  /**
   * The peer's word on our header. `proven`: for the whole session (212); `accepted`: for this message (200);
   * `retry`: challenged with a fresh nonce, send the package again; `refused`: for good.
   * A next nonce is for the next session (212) or the next message, and is handed out to be kept.
   */
  judge(status: Status): Judgement {
    const nextNonce = nonceOf(status.chal);
    if (nextNonce) this.#nonce = nextNonce;
    const kept = nextNonce ? { nextNonce } : {};
    if (status.code >= 400 && status.code !== 401 && status.code !== 407) {
      this.#state = 'refused';
      return { verdict: 'refused', ...kept };
    }
    if (status.code < 400) {
      if (status.code !== 212) return { verdict: 'accepted', ...kept };
      this.#state = 'proven';
      return { verdict: 'proven', ...kept };
    }
    if (this.#challenged || !nextNonce) {
      this.#state = 'refused';
      return { verdict: 'refused', ...kept };
    }
    this.#challenged = true;
    return { verdict: 'retry', ...kept };
  }
}

export interface Verdict {
  /** 212 accepted for the session, 401 wrong, 407 missing. */
  readonly code: 212 | 401 | 407;
  /** Challenge or next nonce to send back. */
  readonly chal: Chal;
  /** To be kept for the next credentials of this peer. */
  readonly nextNonce: Uint8Array;
  readonly reason: string;
}

/** Judges credentials. An identity nobody knows is judged like a wrong password: the peer learns no difference. */
export class Verifier {
  readonly #identity: Identity | undefined;
  readonly #newNonce: () => Uint8Array;
  #nonce: Uint8Array;
  #state: ProofState = 'unproven';
  #failures = 0;

  constructor(identity: Identity | undefined, nonce: Uint8Array, newNonce: () => Uint8Array) {
    this.#identity = identity;
    this.#nonce = nonce;
    this.#newNonce = newNonce;
  }

  get state(): ProofState {
    return this.#state;
  }

  /** Judges the Cred of one header. The second failure is final. */
  verify(cred: Cred | undefined): Verdict {
    const refusal = this.#refusal(cred);
    this.#nonce = this.#newNonce();
    const chal: Chal = { meta: { ...MD5_META, nextNonce: Buffer.from(this.#nonce).toString('base64') } };
    if (!refusal) {
      this.#state = 'proven';
      return { code: 212, chal, nextNonce: this.#nonce, reason: 'authenticated with syncml:auth-md5' };
    }
    if (++this.#failures > 1) this.#state = 'refused';
    return { ...refusal, chal, nextNonce: this.#nonce };
  }

  #refusal(cred: Cred | undefined): { code: 401 | 407; reason: string } | undefined {
    if (!cred) return { code: 407, reason: 'no credentials were given' };
    if (cred.meta?.type !== MD5_META.type) {
      return { code: 401, reason: `${cred.meta?.type ?? 'credentials without a type'} instead of syncml:auth-md5` };
    }
    if (!this.#identity) return { code: 401, reason: 'the user name is not known' };
    if (!digestEqual(cred.data, md5Digest(this.#identity, this.#nonce))) {
      return { code: 401, reason: 'wrong password, or a nonce that was used before' };
    }
    return undefined;
  }
}

function nonceOf(chal: Chal | undefined): Uint8Array | undefined {
  const nonce = chal?.meta.nextNonce;
  return nonce === undefined ? undefined : Uint8Array.from(Buffer.from(nonce, 'base64'));
}
