import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src-core/base/secret.ts';
import { Verifier } from '../../src-core/session/authentication.ts';
import { AUTH_TYPE, type AuthScheme, formatHmac, hmacDigest } from '../../src-core/syncml/credentials.ts';
import type { Cred } from '../../src-core/syncml/message.ts';
import {
  BODY,
  chalOf,
  credOf,
  IDENTITY,
  NONCE,
  nonces,
  RIGHT,
  WITH_NONCE,
  WRONG_PASSWORD,
} from '../support/authentication.ts';

const verifier = (scheme: AuthScheme, known = true) =>
  new Verifier({ identity: known ? IDENTITY : undefined, nonce: NONCE, scheme, newNonce: nonces(0x10) });

describe('Verifier', () => {
  it('none: everything is 200, without a challenge and without a nonce', () => {
    const none = verifier('none');
    expect([none.state, none.scheme]).toEqual(['proven', 'none']);
    for (const proof of [{}, RIGHT.basic(WRONG_PASSWORD), { hmac: 'x' }]) {
      expect(none.verify({ ...proof, bytes: BODY })).toEqual({
        code: 200,
        ok: true,
        reason: 'no credentials are asked for',
      });
    }
  });

  it('none for an identity that nobody knows asks for MD5', () => {
    const none = verifier('none', false);
    expect([none.state, none.scheme]).toEqual(['unproven', 'md5']);
    expect(none.verify({ bytes: BODY })).toMatchObject({ code: 407, ok: false });
  });

  it('basic: 212 and no challenge; later messages are 200 without a look', () => {
    const basic = verifier('basic');
    expect(basic.verify({ ...RIGHT.basic(), bytes: BODY })).toEqual({
      code: 212,
      ok: true,
      reason: 'authenticated by basic',
    });
    expect(basic.verify({ bytes: BODY })).toEqual({
      code: 200,
      ok: true,
      reason: 'authenticated earlier in the session',
    });
    expect(basic.verify({ ...RIGHT.basic(WRONG_PASSWORD), bytes: BODY }).code).toBe(200);
  });

  it('md5: 212 with the nonce of the next session; later messages are 200 without a look', () => {
    const md5 = verifier('md5');
    expect(md5.verify({ ...RIGHT.md5(), bytes: BODY })).toEqual({
      code: 212,
      ok: true,
      chal: chalOf('md5', 0x10),
      nextNonce: Uint8Array.of(0x10),
      reason: 'authenticated by md5',
    });
    expect(md5.verify({ bytes: BODY })).toEqual({
      code: 200,
      ok: true,
      reason: 'authenticated earlier in the session',
    });
    expect(md5.state).toBe('proven');
  });

  it('hmac: every message is judged, and each answer is 200 with the nonce of the next', () => {
    const hmac = verifier('hmac');
    for (const nonce of [NONCE, Uint8Array.of(0x10), Uint8Array.of(0x11)]) {
      const next = nonce === NONCE ? 0x10 : (nonce[0] ?? 0) + 1;
      expect(hmac.verify({ ...RIGHT.hmac(IDENTITY, nonce), bytes: BODY })).toEqual({
        code: 200,
        ok: true,
        chal: chalOf('hmac', next),
        nextNonce: Uint8Array.of(next),
        reason: 'authenticated by hmac',
      });
    }
    expect([hmac.state, hmac.scheme]).toEqual(['proven', 'hmac']);
  });

  it.each<[string, Parameters<Verifier['verify']>[0]]>([
    ['with a nonce used before', { ...RIGHT.hmac(), bytes: BODY }],
    ['over other bytes', { ...RIGHT.hmac(IDENTITY, Uint8Array.of(0x10)), bytes: Uint8Array.of(1) }],
    ['missing', { bytes: BODY }],
    ['replaced by MD5', { ...RIGHT.md5(IDENTITY, Uint8Array.of(0x10)), bytes: BODY }],
  ])('hmac: after the first success one that is %s ends the session', (_name, proof) => {
    const hmac = verifier('hmac');
    hmac.verify({ ...RIGHT.hmac(), bytes: BODY });
    expect(hmac.verify(proof)).toMatchObject({ code: 401, ok: false });
    expect(hmac.state).toBe('refused');
    expect(hmac.verify({ ...RIGHT.hmac(IDENTITY, Uint8Array.of(0x11)), bytes: BODY })).toMatchObject({ ok: false });
    expect(hmac.state).toBe('refused');
  });

  it('basic: a challenge has no nonce', () => {
    expect(verifier('basic').verify({ bytes: BODY })).toEqual({
      code: 407,
      ok: false,
      chal: { meta: { type: 'syncml:auth-basic', format: 'b64' } },
      reason: 'no credentials were given',
    });
  });

  it.each(WITH_NONCE)('%s: a challenge has a fresh nonce, and the answer must use it', scheme => {
    const one = verifier(scheme);
    expect(one.verify({ bytes: BODY })).toEqual({
      code: 407,
      ok: false,
      chal: chalOf(scheme, 0x10),
      nextNonce: Uint8Array.of(0x10),
      reason: 'no credentials were given',
    });
    expect(one.state).toBe('unproven');
    const right = { ...RIGHT[scheme](IDENTITY, Uint8Array.of(0x10)), bytes: BODY };
    expect(one.verify(right)).toMatchObject({ ok: true, nextNonce: Uint8Array.of(0x11) });
  });

  it.each(WITH_NONCE)('%s: a stale nonce is challenged once, the second failure is final', scheme => {
    const one = verifier(scheme);
    const stale = { ...RIGHT[scheme](IDENTITY, Uint8Array.of(9)), bytes: BODY };
    expect(one.verify(stale)).toMatchObject({
      code: 401,
      chal: chalOf(scheme, 0x10),
      reason: 'wrong password, or a nonce that was used before',
    });
    expect(one.state).toBe('unproven');
    expect(one.verify(stale)).toMatchObject({ code: 401, chal: chalOf(scheme, 0x11) });
    expect(one.state).toBe('refused');
    const right = { ...RIGHT[scheme](IDENTITY, Uint8Array.of(0x11)), bytes: BODY };
    expect(one.verify(right)).toMatchObject({ code: 401, ok: false, reason: 'refused before in this session' });
  });

  it('hmac: missing where it was asked for counts as wrong', () => {
    const hmac = verifier('hmac');
    expect([hmac.verify({ bytes: BODY }).code, hmac.verify({ bytes: BODY }).code]).toEqual([407, 401]);
  });

  it.each(['basic', 'md5', 'hmac'] as const)(
    '%s: a wrong password and an unknown user get the same answers',
    scheme => {
      const answers = [true, false].map(known => {
        const one = verifier(scheme, known);
        const proofs = [NONCE, Uint8Array.of(0x10), Uint8Array.of(0x11)].map(nonce =>
          RIGHT[scheme](WRONG_PASSWORD, nonce),
        );
        return proofs.map(proof => {
          const { reason: _reason, ...told } = one.verify({ ...proof, bytes: BODY });
          return { ...told, state: one.state };
        });
      });
      expect(answers[0]?.map(({ ok }) => ok)).toEqual([false, false, false]);
      expect(answers[1]).toEqual(answers[0]);
    },
  );

  it('an unknown user is not proven by the credentials judged in its place', () => {
    const nobody = { user: 'nobody', password: Secret.ofText('nothing') };
    for (const scheme of ['basic', 'md5', 'hmac'] as const) {
      const one = verifier(scheme, false);
      expect(one.verify({ ...RIGHT[scheme](nobody), bytes: BODY })).toMatchObject({ code: 401, ok: false });
    }
  });

  it.each([
    ['md5', 'basic'],
    ['hmac', 'basic'],
    ['hmac', 'md5'],
  ] as const)('%s: right credentials of the weaker %s are challenged', (scheme, offered) => {
    expect(verifier(scheme).verify({ ...RIGHT[offered](), bytes: BODY })).toMatchObject({
      code: 401,
      ok: false,
      chal: chalOf(scheme, 0x10),
      reason: `${offered} credentials where ${scheme} is asked for`,
    });
  });

  it.each([
    ['basic', 'md5', 212],
    ['basic', 'hmac', 200],
    ['md5', 'hmac', 200],
  ] as const)('%s: the stronger %s is taken, and asked for where its nonce was stale', (scheme, offered, code) => {
    const one = verifier(scheme);
    expect(one.verify({ ...RIGHT[offered](), bytes: BODY })).toMatchObject({ code, chal: chalOf(offered, 0x10) });
    expect(one.scheme).toBe(offered);
    const stale = verifier(scheme);
    const proof = { ...RIGHT[offered](IDENTITY, Uint8Array.of(9)), bytes: BODY };
    expect(stale.verify(proof)).toMatchObject({ code: 401, chal: chalOf(offered, 0x10) });
    const again = { ...RIGHT[offered](IDENTITY, Uint8Array.of(0x10)), bytes: BODY };
    expect(stale.verify(again)).toMatchObject({ code, ok: true });
  });

  it.each([
    ['basic', 'md5'],
    ['md5', 'basic'],
    ['md5', 'hmac'],
    ['hmac', 'md5'],
  ] as const)('a challenge for %s answered with %s ends the session, be it right', (asked, answered) => {
    const one = verifier(asked);
    const nonce = one.verify({ bytes: BODY }).nextNonce ?? NONCE;
    expect(one.verify({ ...RIGHT[answered](IDENTITY, nonce), bytes: BODY })).toMatchObject({ code: 401, ok: false });
    expect(one.state).toBe('refused');
  });

  it.each<[string, Cred]>([
    ['without a format', { meta: { type: AUTH_TYPE.md5 }, data: 'Zz6EivR3yeaaENcRN6lpAQ==' }],
    ['format in capitals', credOf('md5', 'Zz6EivR3yeaaENcRN6lpAQ==', { format: 'B64' })],
    ['type in another case', credOf('md5', 'Zz6EivR3yeaaENcRN6lpAQ==', { type: ' syncml:Auth-MD5 ' })],
    ['white space in the data', credOf('md5', '\n  Zz6EivR3yeaa\n  ENcRN6lpAQ==\n')],
    ['no padding', credOf('md5', 'Zz6EivR3yeaaENcRN6lpAQ')],
  ])('takes credentials %s', (_name, cred) => {
    expect(verifier('md5').verify({ cred, bytes: BODY }).code).toBe(212);
  });

  it.each<[string, Cred, string]>([
    ['no meta', { data: 'Zz6EivR3yeaaENcRN6lpAQ==' }, 'credentials of type "" are not known'],
    [
      'an unknown type',
      credOf('md5', '', { type: 'syncml:auth-X509' }),
      'credentials of type "syncml:auth-X509" are not known',
    ],
    [
      'another format',
      credOf('md5', 'Zz6EivR3yeaaENcRN6lpAQ==', { format: 'bin' }),
      'wrong password, or a nonce that was used before',
    ],
    ['no base64', credOf('md5', 'not base64!'), 'wrong password, or a nonce that was used before'],
    ['nothing in them', credOf('md5', ''), 'wrong password, or a nonce that was used before'],
  ])('refuses credentials with %s', (_name, cred, reason) => {
    expect(verifier('md5').verify({ cred, bytes: BODY })).toMatchObject({ code: 401, ok: false, reason });
  });

  it.each([
    ['malformed', 'username="Bruce2"'],
    ['empty', ''],
    ['of another user', formatHmac({ username: 'Bruce1', mac: hmacDigest(IDENTITY, NONCE, BODY) })],
    ['of another algorithm', `algorithm=SHA, username="Bruce2", mac=${hmacDigest(IDENTITY, NONCE, BODY)}`],
    ['over another message', formatHmac({ username: 'Bruce2', mac: hmacDigest(IDENTITY, NONCE, NONCE) })],
  ])('refuses an x-syncml-hmac that is %s', (_name, hmac) => {
    expect(verifier('hmac').verify({ hmac, bytes: BODY })).toMatchObject({ code: 401, ok: false });
  });

  it('with an HMAC and a Cred the HMAC decides', () => {
    expect(verifier('md5').verify({ ...RIGHT.md5(), hmac: 'x', bytes: BODY }).ok).toBe(false);
    expect(verifier('md5').verify({ ...RIGHT.md5(WRONG_PASSWORD), ...RIGHT.hmac(), bytes: BODY }).code).toBe(200);
  });

  it('no sequence of wrong proofs is ever taken, and two are enough to be refused for good', () => {
    const nonce = fc.integer({ min: 0, max: 0x20 }).map(value => Uint8Array.of(value));
    const wrong = fc.oneof(
      fc.constant({}),
      fc.constant(RIGHT.basic(WRONG_PASSWORD)),
      nonce.map(value => RIGHT.md5(WRONG_PASSWORD, value)),
      nonce.map(value => RIGHT.hmac(WRONG_PASSWORD, value)),
      fc
        .record({ type: fc.constantFrom(...Object.values(AUTH_TYPE), 'x'), data: fc.base64String() })
        .map(({ type, data }) => ({
          cred: { meta: { type }, data },
        })),
      fc.string().map(hmac => ({ hmac })),
      // Right, but for a nonce that was never given out.
      fc.constantFrom(RIGHT.md5(IDENTITY, Uint8Array.of(0xff)), RIGHT.hmac(IDENTITY, Uint8Array.of(0xff))),
    );
    const scheme = fc.constantFrom('basic', 'md5', 'hmac' as const);
    fc.assert(
      fc.property(
        scheme,
        fc.boolean(),
        fc.array(wrong, { minLength: 1, maxLength: 6 }),
        (configured, known, proofs) => {
          const one = verifier(configured, known);
          for (const [index, proof] of proofs.entries()) {
            expect(one.verify({ ...proof, bytes: BODY }).ok).toBe(false);
            expect(one.state).toBe(index === 0 ? 'unproven' : 'refused');
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('every challenge has a nonce of its own', () => {
    fc.assert(
      fc.property(fc.constantFrom(...WITH_NONCE), fc.integer({ min: 1, max: 20 }), (scheme, times) => {
        const one = verifier(scheme);
        const given = Array.from({ length: times }, () => one.verify({ bytes: BODY }).nextNonce?.[0]);
        expect(new Set(given).size).toBe(times);
      }),
    );
  });
});
