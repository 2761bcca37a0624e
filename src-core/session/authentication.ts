/**
 * Authentication in a DM session, the same for both directions (OMA-TS-DM_Protocol-V1_2_1 §9, DM_Security §5.3, §5.4).
 * A Prover shows who it is, a Verifier judges; nonces come in from outside and the next ones go out. A next nonce is
 * kept only from and for a peer that proved itself, or anybody could overwrite the good one (DM_Security §5.3.4).
 */
import { Secret } from '../base/secret.ts';
import {
  AUTH_TYPE,
  type AuthScheme,
  basicDigest,
  formatHmac,
  fromBase64,
  hmacDigest,
  type Identity,
  isWeaker,
  md5Digest,
  parseHmac,
  sameBytes,
  schemeOf,
} from '../syncml/credentials.ts';
import type { Chal, Cred, Meta, Status } from '../syncml/message.ts';

export type ProofState = 'unproven' | 'proven' | 'refused';

export interface Judgement {
  /**
   * `proven`: for the whole session (212), or with the first message under HMAC (200); `accepted`: for this message (200);
   * `retry`: challenged, send the package again with the credentials asked for; `refused`: for good.
   */
  readonly verdict: 'proven' | 'accepted' | 'retry' | 'refused';
  /** In use from now on. To be kept for later sessions once the peer that sent it has proved itself, and not with `retry`. */
  readonly nextNonce?: Uint8Array;
  /** Why it is `retry` or `refused`. */
  readonly reason?: string;
}

/** Shows credentials until they are accepted; answers one challenge, never with a scheme weaker than its own. */
export class Prover {
  readonly #identity: Identity;
  readonly #peer: string;
  #scheme: AuthScheme;
  #nonce: Uint8Array;
  #challenged = false;
  /** From then on the scheme stays the same (Protocol §9.1). */
  #accepted = false;
  #state: ProofState;

  constructor(options: {
    readonly identity: Identity;
    readonly nonce: Uint8Array;
    readonly scheme: AuthScheme;
    /** Who judges, in words for people: `the server`. */
    readonly peer?: string;
  }) {
    this.#peer = options.peer ?? 'the peer';
    this.#identity = options.identity;
    this.#scheme = options.scheme;
    this.#nonce = options.nonce;
    this.#state = options.scheme === 'none' ? 'proven' : 'unproven';
  }

  get state(): ProofState {
    return this.#state;
  }

  /** In use now: the one configured, or a stronger one that a challenge asked for. */
  get scheme(): AuthScheme {
    return this.#scheme;
  }

  /** Credentials for the next SyncHdr; none once they were accepted for the session (212), and none for HMAC. */
  cred(): Cred | undefined {
    if (this.#state !== 'unproven') return undefined;
    if (this.#scheme === 'basic') return { meta: metaOf('basic'), data: basicDigest(this.#identity) };
    if (this.#scheme === 'md5') return { meta: metaOf('md5'), data: md5Digest(this.#identity, this.#nonce) };
    return undefined;
  }

  /** Value of x-syncml-hmac for a message: every message of the session has one (§5.4.3). */
  hmac(body: Uint8Array): string | undefined {
    if (this.#scheme !== 'hmac' || this.#state === 'refused') return undefined;
    return formatHmac({ username: this.#identity.user, mac: hmacDigest(this.#identity, this.#nonce, body) });
  }

  /** The peer's word on our header. */
  judge(status: Status): Judgement {
    const { code, chal } = status;
    if (this.#state === 'refused') return this.#refused('refused before');
    if (code === 401 || code === 407) return this.#challenge(code, chal);
    if (code >= 400) return this.#refused(`${this.#peer} answered the header with ${code}`);
    const nextNonce = nonceOf(chal);
    if (nextNonce) this.#nonce = nextNonce;
    const kept = nextNonce ? { nextNonce } : {};
    if (this.#scheme === 'hmac') return this.#acceptedHmac(code, kept);
    this.#accepted = true;
    if (this.#state === 'proven' || code !== 212) return { verdict: 'accepted', ...kept };
    this.#state = 'proven';
    return { verdict: 'proven', ...kept };
  }

  /** Under HMAC the answer must be 200 with a nonce for the next message, else the session ends (§5.4.3). */
  #acceptedHmac(code: number, kept: { readonly nextNonce?: Uint8Array }): Judgement {
    if (code !== 200) return this.#refused(`${this.#peer} answered an HMAC with ${code} instead of 200`);
    if (!kept.nextNonce) return this.#refused(`${this.#peer} accepted an HMAC without a nonce for the next message`);
    const verdict = this.#state === 'proven' ? 'accepted' : 'proven';
    this.#state = 'proven';
    return { verdict, ...kept };
  }

  /** Takes up a challenge, the first one, and only for what is not weaker than agreed (§5.3.3, §5.4.1). */
  #challenge(code: number, chal: Chal | undefined): Judgement {
    const user = JSON.stringify(this.#identity.user);
    if (this.#scheme === 'none') return this.#refused(`${this.#peer} asks for credentials, and there are none for it`);
    if (this.#state === 'proven') return this.#refused(`${this.#peer} asks for credentials that it had accepted`);
    if (this.#challenged) return this.#refused(`${this.#peer} refused ${user} twice: user name or password is wrong`);
    if (!chal) return this.#refused(`${this.#peer} answered ${code} without a challenge`);

    const { type } = chal.meta;
    const asked = type === undefined ? this.#scheme : schemeOf(type);
    if (!asked) return this.#refused(`${this.#peer} asks for ${JSON.stringify(type)}, which is not known`);
    if (isWeaker(asked, this.#scheme)) {
      return this.#refused(`${this.#peer} asks for ${asked} credentials, weaker than the ${this.#scheme} agreed upon`);
    }
    if (this.#accepted && asked !== this.#scheme)
      return this.#refused(`${this.#peer} changes the scheme within a session`);
    // The very same credentials would meet the same answer.
    if (asked === 'basic' && code === 401)
      return this.#refused(`${this.#peer} refused ${user}: wrong user name or password`);
    const nextNonce = nonceOf(chal);
    if (asked !== 'basic' && !nextNonce) return this.#refused('the challenge brings no nonce');

    this.#challenged = true;
    this.#scheme = asked;
    if (nextNonce) this.#nonce = nextNonce;
    return { verdict: 'retry', ...(nextNonce && { nextNonce }), reason: `${this.#peer} asks for ${asked} credentials` };
  }

  #refused(reason: string): Judgement {
    this.#state = 'refused';
    return { verdict: 'refused', reason };
  }
}

/** What a message brings to prove its sender. */
export interface Proof {
  readonly cred?: Cred | undefined;
  /** Value of x-syncml-hmac. */
  readonly hmac?: string | undefined;
  /** The message as it came. */
  readonly bytes: Uint8Array;
}

export interface Verdict {
  /** For the Status of SyncHdr: 212 accepted for the session, 200 for this message, 401 wrong, 407 missing. */
  readonly code: 200 | 212 | 401 | 407;
  readonly ok: boolean;
  /** Challenge or next nonce to send back. */
  readonly chal?: Chal;
  /** The nonce in `chal`. To be kept for the peer's next session where `ok`, and only there. */
  readonly nextNonce?: Uint8Array;
  /** For our own log; the peer is not told. */
  readonly reason: string;
}

/** Judged in place of an identity that nobody knows, so that it takes the same time. */
const NOBODY: Identity = { user: 'nobody', password: Secret.ofText('nothing') };

/**
 * Judges credentials: takes the scheme configured or a stronger one. One challenge; the second failure is final.
 * An identity nobody knows is judged like a wrong password, and never proven: the peer learns no difference.
 */
export class Verifier {
  readonly #identity: Identity | undefined;
  readonly #newNonce: () => Uint8Array;
  #nonce: Uint8Array;
  #scheme: AuthScheme;
  /** A challenge or a success decided on the scheme: from then on no other is taken (Protocol §9.1, DM_Security §5.4.1). */
  #decided = false;
  #state: ProofState;

  constructor(options: {
    readonly identity: Identity | undefined;
    readonly nonce: Uint8Array;
    readonly scheme: AuthScheme;
    readonly newNonce: () => Uint8Array;
  }) {
    const { identity, nonce, scheme, newNonce } = options;
    this.#identity = identity;
    this.#nonce = nonce;
    this.#newNonce = newNonce;
    this.#scheme = scheme === 'none' && !identity ? 'md5' : scheme;
    this.#state = this.#scheme === 'none' ? 'proven' : 'unproven';
  }

  get state(): ProofState {
    return this.#state;
  }

  /** In use now: the one configured until a challenge or a success decided on one. */
  get scheme(): AuthScheme {
    return this.#scheme;
  }

  /** Judges one message. Once proven, later ones are 200 without a look; under HMAC each is judged (§5.4.4). */
  verify(proof: Proof): Verdict {
    if (this.#scheme === 'none') return { code: 200, ok: true, reason: 'no credentials are asked for' };
    if (this.#state === 'proven' && this.#scheme !== 'hmac') {
      return { code: 200, ok: true, reason: 'authenticated earlier in the session' };
    }
    const offered = proof.hmac === undefined ? schemeOf(proof.cred?.meta?.type) : 'hmac';
    if (!offered) return this.#refuse(proof, offered, missing(proof.cred));
    const fault = this.#fault(proof, offered);
    return fault === undefined ? this.#accept(offered) : this.#refuse(proof, offered, fault);
  }

  #accept(offered: AuthScheme): Verdict {
    this.#state = 'proven';
    this.#scheme = offered;
    this.#decided = true;
    return { code: offered === 'hmac' ? 200 : 212, ok: true, ...this.#next(), reason: `authenticated by ${offered}` };
  }

  #refuse(proof: Proof, offered: AuthScheme | undefined, reason: string): Verdict {
    // An HMAC that was asked for and is missing counts as a wrong one (§5.4.3).
    const given = proof.cred !== undefined || proof.hmac !== undefined || (this.#decided && this.#scheme === 'hmac');
    if (this.#decided) this.#state = 'refused';
    else if (offered && isWeaker(this.#scheme, offered)) this.#scheme = offered;
    this.#decided = true;
    const chal = this.#scheme === 'basic' ? { chal: { meta: metaOf('basic') } } : this.#next();
    return { code: given ? 401 : 407, ok: false, ...chal, reason };
  }

  /** A fresh nonce, where the scheme in use has nonces. */
  #next(): { readonly chal?: Chal; readonly nextNonce?: Uint8Array } {
    if (this.#scheme !== 'md5' && this.#scheme !== 'hmac') return {};
    const nextNonce = this.#newNonce();
    this.#nonce = nextNonce;
    const meta = { ...metaOf(this.#scheme), nextNonce: Buffer.from(nextNonce).toString('base64') };
    return { chal: { meta }, nextNonce };
  }

  /** What is wrong with a proof, if anything is. */
  #fault({ cred, hmac, bytes }: Proof, offered: AuthScheme): string | undefined {
    if (this.#state === 'refused') return 'refused before in this session';
    if (this.#decided ? offered !== this.#scheme : isWeaker(offered, this.#scheme)) {
      return `${offered} credentials where ${this.#scheme} is asked for`;
    }
    const right = offered === 'hmac' ? this.#hmacIsRight(hmac, bytes) : this.#credIsRight(cred, offered);
    if (!this.#identity) return 'the user name is not known';
    if (right) return undefined;
    return offered === 'basic' ? 'wrong user name or password' : 'wrong password, or a nonce that was used before';
  }

  /** Format is b64 or left out (DM RepPro §6.1.6). */
  #credIsRight(cred: Cred | undefined, offered: AuthScheme): boolean {
    const identity = this.#identity ?? NOBODY;
    const expected = offered === 'basic' ? basicDigest(identity) : md5Digest(identity, this.#nonce);
    const format = cred?.meta?.format?.trim().toLowerCase() ?? 'b64';
    return sameDigest(cred?.data, expected) && format === 'b64';
  }

  #hmacIsRight(header: string | undefined, bytes: Uint8Array): boolean {
    const identity = this.#identity ?? NOBODY;
    const given = parseHmac(header ?? '');
    const right = sameDigest(given?.mac, hmacDigest(identity, this.#nonce, bytes));
    return right && given?.username === identity.user && given.algorithm.toUpperCase() === 'MD5';
  }
}

function missing(cred: Cred | undefined): string {
  return cred
    ? `credentials of type ${JSON.stringify(cred.meta?.type ?? '')} are not known`
    : 'no credentials were given';
}

function metaOf(scheme: keyof typeof AUTH_TYPE): Meta {
  return { format: 'b64', type: AUTH_TYPE[scheme] };
}

/** Compares what was given with a digest in base64; what is no base64 is wrong. */
function sameDigest(given: string | undefined, expected: string): boolean {
  const bytes = fromBase64(given ?? '') ?? new Uint8Array();
  return sameBytes(bytes, Buffer.from(expected, 'base64'));
}

/** The next nonce of a challenge; some servers send plain text where base64 is due, and mean its bytes. */
function nonceOf(chal: Chal | undefined): Uint8Array | undefined {
  const { nextNonce, format } = chal?.meta ?? {};
  if (nextNonce === undefined) return undefined;
  const base64 = (format?.trim().toLowerCase() ?? 'b64') === 'b64';
  return (base64 ? fromBase64(nextNonce) : undefined) ?? Uint8Array.from(Buffer.from(nextNonce, 'utf8'));
}
