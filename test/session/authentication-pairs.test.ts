import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src-core/base/secret.ts';
import { Prover, Verifier } from '../../src-core/session/authentication.ts';
import { AUTH_SCHEMES, type AuthScheme, type Identity } from '../../src-core/syncml/credentials.ts';
import type { Status } from '../../src-core/syncml/message.ts';

/** Prover and Verifier against each other, as two sessions use them. */
const RIGHT: Identity = { user: 'IMEI:493005100592800', password: Secret.ofText('mobileé') };
const WRONG: Identity = { ...RIGHT, password: Secret.ofText('mobile') };
const MESSAGES = 4;

interface End {
  readonly scheme: AuthScheme;
  readonly nonce: Uint8Array;
}

interface Talk {
  /** Codes of the header's Status, then how the prover and the verifier ended. */
  readonly words: string;
  /** What both ends keep for the next session: only what success brought. */
  readonly kept: { readonly prover: Uint8Array; readonly verifier: Uint8Array };
}

let fresh = 0;
const newNonce = () => Uint8Array.from([0xff, fresh >> 8, fresh++]);

/** One session of some messages, every one with other bytes; a refused end sends no more. */
function talk(from: End, to: End, identity: Identity = RIGHT, known: Identity | 'unknown' = RIGHT): Talk {
  const prover = new Prover({ identity, ...from });
  const verifier = new Verifier({ identity: known === 'unknown' ? undefined : known, ...to, newNonce });
  const codes: number[] = [];
  const kept = { prover: from.nonce, verifier: to.nonce };
  for (let i = 0; i < MESSAGES && prover.state !== 'refused' && verifier.state !== 'refused'; i++) {
    const bytes = Uint8Array.of(i);
    const { code, ok, chal, nextNonce } = verifier.verify({ cred: prover.cred(), hmac: prover.hmac(bytes), bytes });
    codes.push(code);
    if (ok && nextNonce) kept.verifier = nextNonce;
    const judgement = prover.judge(headerStatus(code, chal));
    if (judgement.verdict !== 'retry' && judgement.nextNonce) kept.prover = judgement.nextNonce;
  }
  return { words: [...codes, prover.state, verifier.state].join(' '), kept };
}

function headerStatus(code: number, chal: Status['chal']): Status {
  const refs = { cmdId: '1', msgRef: 1, cmdRef: '0', cmd: 'SyncHdr', targetRefs: [], sourceRefs: [] };
  return { kind: 'Status', ...refs, code, items: [], ...(chal && { chal }) };
}

const NONE = '200 200 200 200 proven proven';
/** 200 is for one message: credentials go with every one. */
const NOT_ASKED = '200 200 200 200 unproven proven';
const AT_ONCE = '212 200 200 200 proven proven';
const CHALLENGED = '401 212 200 200 proven proven';
const HMAC = '200 200 200 200 proven proven';
const HMAC_CHALLENGED = '401 200 200 200 proven proven';
const NOTHING_TO_SHOW = '407 refused unproven';
/** An HMAC must be answered with the next nonce (DM Security §5.4.3), and a peer that asks for nothing gives none. */
const HMAC_FOR_NONE = '200 refused proven';
const ONCE_WRONG = '401 refused unproven';
const TWICE_WRONG = '401 401 refused refused';

/** Rows: the prover's scheme; columns: the verifier's none, basic, md5, hmac. */
type Table = Readonly<Record<AuthScheme, readonly [string, string, string, string]>>;

const SAME_NONCE: Table = {
  none: [NONE, NOTHING_TO_SHOW, NOTHING_TO_SHOW, NOTHING_TO_SHOW],
  basic: [NOT_ASKED, AT_ONCE, CHALLENGED, HMAC_CHALLENGED],
  md5: [NOT_ASKED, AT_ONCE, AT_ONCE, HMAC_CHALLENGED],
  hmac: [HMAC_FOR_NONE, HMAC, HMAC, HMAC],
};
const STALE_NONCE: Table = {
  none: [NONE, NOTHING_TO_SHOW, NOTHING_TO_SHOW, NOTHING_TO_SHOW],
  basic: [NOT_ASKED, AT_ONCE, CHALLENGED, HMAC_CHALLENGED],
  md5: [NOT_ASKED, CHALLENGED, CHALLENGED, HMAC_CHALLENGED],
  hmac: [HMAC_FOR_NONE, HMAC_CHALLENGED, HMAC_CHALLENGED, HMAC_CHALLENGED],
};
const WRONG_PASSWORD: Table = {
  none: [NONE, NOTHING_TO_SHOW, NOTHING_TO_SHOW, NOTHING_TO_SHOW],
  basic: [NOT_ASKED, ONCE_WRONG, TWICE_WRONG, TWICE_WRONG],
  md5: [NOT_ASKED, TWICE_WRONG, TWICE_WRONG, TWICE_WRONG],
  hmac: [HMAC_FOR_NONE, TWICE_WRONG, TWICE_WRONG, TWICE_WRONG],
};

const PAIRS = AUTH_SCHEMES.flatMap(from => AUTH_SCHEMES.map((to, column) => ({ from, to, column })));
const [A, B, EMPTY] = [Uint8Array.of(1, 2, 3), Uint8Array.of(4), new Uint8Array()];

describe.each(PAIRS)('$from to a peer that asks for $to', ({ from, to, column }) => {
  it.each([
    ['the same nonce', A, A],
    ['no nonce yet on both sides', EMPTY, EMPTY],
  ])('with %s', (_name, mine, theirs) => {
    const { words } = talk({ scheme: from, nonce: mine }, { scheme: to, nonce: theirs });
    expect(words).toBe(SAME_NONCE[from][column]);
  });

  it.each([
    ['a stale nonce', A, B],
    ['no nonce here', EMPTY, B],
    ['no nonce there', A, EMPTY],
  ])('with %s', (_name, mine, theirs) => {
    const { words } = talk({ scheme: from, nonce: mine }, { scheme: to, nonce: theirs });
    expect(words).toBe(STALE_NONCE[from][column]);
  });

  it('with a wrong password nothing is proven, and the nonces of both sides stay', () => {
    const { words, kept } = talk({ scheme: from, nonce: A }, { scheme: to, nonce: A }, WRONG);
    expect(words).toBe(WRONG_PASSWORD[from][column]);
    expect(kept).toEqual({ prover: A, verifier: A });
  });

  it('a user that nobody knows is told what a wrong password is told', () => {
    const asked = to === 'none' ? 'md5' : to;
    const unknown = talk({ scheme: from, nonce: A }, { scheme: to, nonce: A }, RIGHT, 'unknown');
    expect(unknown.words).toBe(talk({ scheme: from, nonce: A }, { scheme: asked, nonce: A }, WRONG).words);
  });

  it('the next session uses what this one left: one message less where a nonce was stale', () => {
    const { kept } = talk({ scheme: from, nonce: A }, { scheme: to, nonce: B });
    const { words } = talk({ scheme: from, nonce: kept.prover }, { scheme: to, nonce: kept.verifier });
    expect(words).toBe(SAME_NONCE[from][column]);
  });
});

describe('over many sessions', () => {
  const scheme = fc.constantFrom('basic', 'md5', 'hmac' as const);
  const nonce = fc.uint8Array({ maxLength: 16 });

  it('whatever the nonces, the right password is proven with at most one challenge', () => {
    fc.assert(
      fc.property(scheme, scheme, nonce, nonce, (from, to, mine, theirs) => {
        const { words } = talk({ scheme: from, nonce: mine }, { scheme: to, nonce: theirs });
        expect(words).toMatch(/^(401 )?(212|200)( 200)+ proven proven$/);
      }),
    );
  });

  it('an impostor between two sessions spoils no nonce', () => {
    fc.assert(
      fc.property(fc.constantFrom('md5', 'hmac' as const), nonce, nonce, (same, first, guess) => {
        const { kept } = talk({ scheme: same, nonce: first }, { scheme: same, nonce: first });
        const attack = talk({ scheme: same, nonce: guess }, { scheme: same, nonce: kept.verifier }, WRONG);
        expect(attack.words).toBe(TWICE_WRONG);
        const { words } = talk({ scheme: same, nonce: kept.prover }, { scheme: same, nonce: attack.kept.verifier });
        expect(words).toBe(same === 'md5' ? AT_ONCE : HMAC);
      }),
    );
  });
});
