import { describe, expect, it } from 'vitest';
import { Prover } from '../../src-core/session/authentication.ts';
import { AUTH_TYPE, type AuthScheme } from '../../src-core/syncml/credentials.ts';
import type { Chal, Meta } from '../../src-core/syncml/message.ts';
import { BODY, chalOf, credOf, IDENTITY, NONCE, RIGHT, status } from '../support/authentication.ts';

const prover = (scheme: AuthScheme) => new Prover({ identity: IDENTITY, nonce: NONCE, scheme });

describe('Prover', () => {
  it('none: shows nothing, has nothing to prove, and refuses a challenge for good', () => {
    const none = prover('none');
    expect([none.state, none.scheme, none.cred(), none.hmac(BODY)]).toEqual(['proven', 'none', undefined, undefined]);
    expect(none.judge(status(200))).toEqual({ verdict: 'accepted' });
    expect(none.judge(status(407, chalOf('md5', 1)))).toEqual({
      verdict: 'refused',
      reason: 'the peer asks for credentials, and there are none for it',
    });
    expect([none.state, none.cred()]).toEqual(['refused', undefined]);
  });

  it('basic: shows user name and password until 212', () => {
    const basic = prover('basic');
    expect(basic.cred()).toEqual(credOf('basic', 'QnJ1Y2UyOk9oQmVoYXZl'));
    expect(basic.hmac(BODY)).toBeUndefined();
    expect(basic.judge(status(212))).toEqual({ verdict: 'proven' });
    expect([basic.state, basic.cred()]).toEqual(['proven', undefined]);
    expect(basic.judge(status(200))).toEqual({ verdict: 'accepted' });
    expect(basic.state).toBe('proven');
  });

  it('md5: shows the digest of its nonce; 212 brings the nonce of the next session', () => {
    const md5 = prover('md5');
    expect(md5.cred()).toEqual(credOf('md5', 'Zz6EivR3yeaaENcRN6lpAQ=='));
    expect(md5.judge(status(212, chalOf('md5', 1)))).toEqual({ verdict: 'proven', nextNonce: Uint8Array.of(1) });
    expect([md5.state, md5.cred()]).toEqual(['proven', undefined]);
  });

  it('md5: 212 without a nonce will do', () => {
    expect(prover('md5').judge(status(212))).toEqual({ verdict: 'proven' });
  });

  it('md5: after 200 the next message has credentials again, of the next nonce where there is one', () => {
    const md5 = prover('md5');
    expect(md5.judge(status(200))).toEqual({ verdict: 'accepted' });
    expect(md5.cred()).toEqual(RIGHT.md5().cred);
    expect(md5.judge(status(200, chalOf('md5', 7)))).toEqual({ verdict: 'accepted', nextNonce: Uint8Array.of(7) });
    expect(md5.cred()).toEqual(RIGHT.md5(IDENTITY, Uint8Array.of(7)).cred);
    expect(md5.state).toBe('unproven');
  });

  it('hmac: no Cred, but a header for every message, each with the nonce of the answer before', () => {
    const hmac = prover('hmac');
    expect(hmac.cred()).toBeUndefined();
    expect(hmac.hmac(BODY)).toBe(RIGHT.hmac().hmac);
    expect(hmac.judge(status(200, chalOf('hmac', 1)))).toEqual({ verdict: 'proven', nextNonce: Uint8Array.of(1) });
    expect(hmac.hmac(BODY)).toBe(RIGHT.hmac(IDENTITY, Uint8Array.of(1)).hmac);
    expect(hmac.judge(status(200, chalOf('hmac', 2)))).toEqual({ verdict: 'accepted', nextNonce: Uint8Array.of(2) });
    expect(hmac.hmac(BODY)).toBe(RIGHT.hmac(IDENTITY, Uint8Array.of(2)).hmac);
    expect([hmac.state, hmac.cred()]).toEqual(['proven', undefined]);
  });

  it.each([
    [200, undefined, 'the peer accepted an HMAC without a nonce for the next message'],
    [212, chalOf('hmac', 1), 'the peer answered an HMAC with 212 instead of 200'],
  ])('hmac: %i with %j ends the session', (code, chal, reason) => {
    const hmac = prover('hmac');
    expect(hmac.judge(status(code, chal))).toEqual({ verdict: 'refused', reason });
    expect([hmac.state, hmac.hmac(BODY)]).toEqual(['refused', undefined]);
  });

  it('hmac: a challenge after the first success ends the session', () => {
    const hmac = prover('hmac');
    hmac.judge(status(200, chalOf('hmac', 1)));
    expect(hmac.judge(status(401, chalOf('hmac', 2)))).toMatchObject({ verdict: 'refused' });
    expect(hmac.hmac(BODY)).toBeUndefined();
  });

  it.each([401, 407])('md5: a stale nonce, %i: once more with the nonce of the challenge, then it is over', code => {
    const md5 = prover('md5');
    expect(md5.judge(status(code, chalOf('md5', 1)))).toEqual({
      verdict: 'retry',
      nextNonce: Uint8Array.of(1),
      reason: 'the peer asks for md5 credentials',
    });
    expect(md5.cred()).toEqual(RIGHT.md5(IDENTITY, Uint8Array.of(1)).cred);
    expect(md5.judge(status(code, chalOf('md5', 2)))).toEqual({
      verdict: 'refused',
      reason: 'the peer refused "Bruce2" twice: user name or password is wrong',
    });
    expect([md5.state, md5.cred()]).toEqual(['refused', undefined]);
    expect(md5.judge(status(212))).toMatchObject({ verdict: 'refused' });
  });

  it('basic: 407 gets the credentials once more, 401 does not: they would be the same', () => {
    expect(prover('basic').judge(status(407, chalOf('basic')))).toMatchObject({ verdict: 'retry' });
    expect(prover('basic').judge(status(401, chalOf('basic')))).toEqual({
      verdict: 'refused',
      reason: 'the peer refused "Bruce2": wrong user name or password',
    });
  });

  it.each([
    ['basic', 'md5'],
    ['basic', 'hmac'],
    ['md5', 'hmac'],
  ] as const)('%s: asked for %s, it answers with that', (scheme, asked) => {
    const one = prover(scheme);
    expect(one.judge(status(401, chalOf(asked, 1)))).toMatchObject({ verdict: 'retry', nextNonce: Uint8Array.of(1) });
    expect(one.scheme).toBe(asked);
    const shown = { cred: one.cred(), hmac: one.hmac(BODY) };
    expect(shown).toMatchObject(RIGHT[asked](IDENTITY, Uint8Array.of(1)));
    expect(asked === 'hmac' ? shown.cred : shown.hmac).toBeUndefined();
  });

  it.each([
    ['md5', 'basic'],
    ['hmac', 'basic'],
    ['hmac', 'md5'],
  ] as const)('%s: asked for the weaker %s, it refuses and shows nothing', (scheme, asked) => {
    const one = prover(scheme);
    expect(one.judge(status(407, chalOf(asked, 1)))).toEqual({
      verdict: 'refused',
      reason: `the peer asks for ${asked} credentials, weaker than the ${scheme} agreed upon`,
    });
    expect([one.state, one.cred(), one.hmac(BODY)]).toEqual(['refused', undefined, undefined]);
  });

  it('keeps to the scheme once it was accepted', () => {
    const md5 = prover('md5');
    md5.judge(status(200));
    expect(md5.judge(status(401, chalOf('hmac', 1)))).toMatchObject({ verdict: 'refused' });
    const again = prover('md5');
    again.judge(status(200));
    expect(again.judge(status(401, chalOf('md5', 1)))).toMatchObject({ verdict: 'retry' });
  });

  it('a challenge after 212 ends the session', () => {
    const md5 = prover('md5');
    md5.judge(status(212));
    expect(md5.judge(status(401, chalOf('md5', 1)))).toEqual({
      verdict: 'refused',
      reason: 'the peer asks for credentials that it had accepted',
    });
  });

  it.each<[string, number, Chal | undefined, string]>([
    ['no challenge', 401, undefined, 'the peer answered 401 without a challenge'],
    ['no nonce', 407, chalOf('md5'), 'the challenge brings no nonce'],
    [
      'an unknown type',
      401,
      { meta: { type: 'syncml:auth-X509' } },
      'the peer asks for "syncml:auth-X509", which is not known',
    ],
    ['another error', 513, undefined, 'the peer answered the header with 513'],
    ['500 with a challenge', 500, chalOf('md5', 1), 'the peer answered the header with 500'],
  ])('md5: %s is the end', (_name, code, chal, reason) => {
    expect(prover('md5').judge(status(code, chal))).toEqual({ verdict: 'refused', reason });
  });

  it('a challenge without a type is for the scheme in use', () => {
    const md5 = prover('md5');
    expect(md5.judge(status(401, { meta: { nextNonce: 'AQ==' } }))).toMatchObject({ verdict: 'retry' });
    expect(md5.cred()).toEqual(RIGHT.md5(IDENTITY, Uint8Array.of(1)).cred);
  });

  it.each<[string, Meta, string]>([
    ['base64', { format: 'b64', nextNonce: 'Tm9uY2U=' }, 'Nonce'],
    ['base64 without a format', { nextNonce: 'Tm9uY2U=' }, 'Nonce'],
    ['base64 without padding, in white space', { format: ' B64 ', nextNonce: '\n Tm9uY2U ' }, 'Nonce'],
    ['text that is no base64', { format: 'b64', nextNonce: 'Nonce' }, 'Nonce'],
    ['text by its format', { format: 'chr', nextNonce: 'Tm9uY2U=' }, 'Tm9uY2U='],
    ['nothing', { format: 'b64', nextNonce: '' }, ''],
  ])('a nonce that is %s', (_name, meta, nonce) => {
    const chal = { meta: { type: AUTH_TYPE.md5, ...meta } };
    expect(prover('md5').judge(status(401, chal)).nextNonce).toEqual(Uint8Array.from(Buffer.from(nonce)));
  });
});
