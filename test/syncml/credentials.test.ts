import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import { Secret } from '../../src-core/base/secret.ts';
import {
  AUTH_TYPE,
  basicDigest,
  basicUser,
  formatHmac,
  fromBase64,
  hmacDigest,
  isWeaker,
  md5Digest,
  parseHmac,
  sameBytes,
  schemeOf,
} from '../../src-core/syncml/credentials.ts';
import { fixtureJson } from '../support/fixtures.ts';

interface CredentialVector {
  readonly user: string;
  readonly password: string;
  readonly nonceBase64: string;
  readonly basic: string;
  readonly md5: string;
  readonly hmacBodyBase64: string;
  readonly hmac: string;
  readonly hmacHeader: string;
}

const basic = (data: string, type: string = AUTH_TYPE.basic) => ({ meta: { type, format: 'b64' }, data });
const b64 = (text: string) => Buffer.from(text).toString('base64');

describe.each(fixtureJson<CredentialVector[]>('credentials.json'))(
  'credentials of $user as hashlib computes them',
  v => {
    const identity = { user: v.user, password: Secret.ofText(v.password) };
    const nonce = Uint8Array.from(Buffer.from(v.nonceBase64, 'base64'));

    it('basic', () => expect(basicDigest(identity)).toBe(v.basic));
    it('MD5', () => expect(md5Digest(identity, nonce)).toBe(v.md5));
    it('HMAC', () => expect(hmacDigest(identity, nonce, Buffer.from(v.hmacBodyBase64, 'base64'))).toBe(v.hmac));
    it('x-syncml-hmac, both ways', () => {
      expect(formatHmac({ username: v.user, mac: v.hmac })).toBe(v.hmacHeader);
      expect(parseHmac(v.hmacHeader)).toEqual({ algorithm: 'MD5', username: v.user, mac: v.hmac });
    });
  },
);

describe('schemes', () => {
  it.each([
    ['syncml:auth-basic', 'basic'],
    ['syncml:auth-md5', 'md5'],
    ['syncml:auth-MAC', 'hmac'],
    ['syncml:auth-mac', 'hmac'],
    [' SyncML:Auth-MD5\n', 'md5'],
    ['syncml:auth-X509', undefined],
    ['none', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('type %j is %s', (type, scheme) => {
    expect(schemeOf(type)).toBe(scheme);
  });

  it('none is weaker than basic, basic than MD5, MD5 than HMAC', () => {
    const schemes = ['none', 'basic', 'md5', 'hmac'] as const;
    expect(schemes.map(a => schemes.map(b => (isWeaker(a, b) ? '<' : '-')).join(''))).toEqual([
      '-<<<',
      '--<<',
      '---<',
      '----',
    ]);
  });
});

describe('user name of basic credentials', () => {
  it.each([
    ['Bruce2:OhBehave', 'Bruce2'],
    ['IMEI:493005100592800:mobileé', 'IMEI:493005100592800'],
    ['café:x', 'café'],
    ['nobody:', 'nobody'],
    [':x', ''],
    ['no colon', undefined],
    ['', undefined],
  ])('%j has %j', (text, user) => {
    expect(basicUser(basic(b64(text)))).toBe(user);
  });

  it('of credentials with white space and without padding', () => {
    expect(basicUser(basic('\n QnJ1Y2Uy\n OnB3 \n'))).toBe('Bruce2');
    expect(basicUser(basic('YTpi'))).toBe('a');
    expect(basicUser(basic('YTpiYw'))).toBe('a');
  });

  it('is absent in credentials that are no base64 or not basic', () => {
    expect(basicUser(basic('a:b'))).toBeUndefined();
    expect(basicUser(basic(b64('a:b'), AUTH_TYPE.md5))).toBeUndefined();
    expect(basicUser({ data: b64('a:b') })).toBeUndefined();
  });
});

describe('base64', () => {
  it.each([
    ['', ''],
    ['AAEC', '000102'],
    ['/w==', 'FF'],
    ['/w', 'FF'],
    ['/w=', 'FF'],
    [' / w = = \r\n', 'FF'],
  ])('%j is h%j', (text, hex) => {
    expect(toHex(fromBase64(text) ?? Uint8Array.of(0xee))).toBe(hex);
  });

  it.each(['Nonce', 'a-b_', 'AAEC====', '=', '/w==AAEC', 'é'])('%j is none', text => {
    expect(fromBase64(text)).toBeUndefined();
  });

  it('any bytes read back, with and without padding', () => {
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        const text = Buffer.from(bytes).toString('base64');
        expect(fromBase64(text)).toEqual(bytes);
        expect(fromBase64(text.replace(/=/g, ''))).toEqual(bytes);
      }),
    );
  });
});

describe('sameBytes', () => {
  it('is equality, for any two lengths', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3 }), fc.uint8Array({ maxLength: 3 }), (a, b) => {
        expect(sameBytes(a, b)).toBe(toHex(a) === toHex(b));
        expect(sameBytes(a, Uint8Array.from(a))).toBe(true);
      }),
    );
  });
});

describe('x-syncml-hmac', () => {
  const mac = 'NTI2OTJhMDAwNjYxODkwYmQ3NWUxN2RhN2ZmYmJlMzk';

  it.each([
    ['the example of the specification', `algorithm=MD5, username="Robert Jordan",\r\n mac=${mac}`, 'Robert Jordan'],
    ['another order', `mac=${mac}, username="u", algorithm=MD5`, 'u'],
    ['no algorithm', `username="u",mac=${mac}`, 'u'],
    ['names in any case, spaces around =', `Algorithm = md5 , UserName = "u" , MAC = ${mac}`, 'u'],
    ['a quoted mac and algorithm', `algorithm="MD5", username="u", mac="${mac}"`, 'u'],
    ['an unquoted user name', `username=IMEI:1, mac=${mac}`, 'IMEI:1'],
    ['unknown parameters', `username="u", realm="x,y", mac=${mac}, version=1`, 'u'],
    ['empty elements of the list', `, ,username="u",, mac=${mac} , ,`, 'u'],
    ['a comma and escaped characters in the name', `username="a,\\"b\\"\\\\c", mac=${mac}`, 'a,"b"\\c'],
    ['UTF-8 bytes', `username="caf\u00c3\u00a9", mac=${mac}`, 'café'],
    ['ISO-8859-1 bytes', `username="caf\u00e9", mac=${mac}`, 'café'],
    ['characters beyond bytes', `username="Ω\u00c3\u00a9", mac=${mac}`, 'ΩÃ©'],
    ['an empty user name', `username="", mac=${mac}`, ''],
  ])('reads %s', (_name, header, username) => {
    expect(parseHmac(header)).toMatchObject({ username, mac });
    expect(parseHmac(header)?.algorithm.toUpperCase()).toBe('MD5');
  });

  it('reads the name of another algorithm', () => {
    expect(parseHmac(`algorithm=SHA, username="u", mac=${mac}`)?.algorithm).toBe('SHA');
  });

  it('keeps a mac with or without its padding', () => {
    expect(parseHmac('username="u", mac=lo7CXhQ7MibOIayh3b3lsQ==')?.mac).toBe('lo7CXhQ7MibOIayh3b3lsQ==');
    expect(parseHmac('username="u", mac=lo7CXhQ7MibOIayh3b3lsQ')?.mac).toBe('lo7CXhQ7MibOIayh3b3lsQ');
  });

  it.each([
    ['nothing', ''],
    ['no mac', 'username="u"'],
    ['an empty mac', 'username="u", mac='],
    ['no user name', `mac=${mac}`],
    ['two user names', `username="u", username="v", mac=${mac}`],
    ['two macs', `username="u", mac=${mac}, MAC=${mac}`],
    ['more after all that is needed', `username="u", mac=${mac}, "x"`],
    ['an open quote', `mac=${mac}, username="u`],
    ['text after a quote', `username="u"v, mac=${mac}`],
    ['a parameter without =', `username "u", mac=${mac}`],
    ['no comma', `username="u" mac=${mac}`],
    ['something else', 'Basic QnJ1Y2UyOk9oQmVoYXZl'],
  ])('refuses %s', (_name, header) => {
    expect(parseHmac(header)).toBeUndefined();
  });

  it('what is written reads back, and is fit for a header', () => {
    const name = fc.string({ unit: 'grapheme' }).filter(text => !/\p{Cc}/u.test(text));
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(name, bytes, (username, digest) => {
        const text = Buffer.from(digest).toString('base64');
        const header = formatHmac({ username, mac: text });
        expect(header).toMatch(/^[\x20-\x7e\x80-\xff]*$/);
        expect(parseHmac(header)).toEqual({ algorithm: 'MD5', username, mac: text });
      }),
      { examples: [['"\\", mac=x', new Uint8Array(16)]] },
    );
  });

  it.each(['a\r\nSet-Cookie: x', 'a\0', 'a\u007f'])('no header carries the user name %j', username => {
    expect(() => formatHmac({ username, mac })).toThrow(
      expect.objectContaining({ name: 'ProtocolError', code: 'hmac-user', status: 412 }),
    );
  });

  it('any text is read or refused, without a throw', () => {
    const piece = fc.constantFrom('username', 'mac', '=', '"', '\\', ',', ' ', 'x', 'é', '\n');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
        const read = parseHmac(pieces.join(''));
        expect(read === undefined || typeof read.username === 'string').toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[string, (n: number) => string]>([
    ['spaces', n => `username=${' '.repeat(n)}"`],
    ['commas', n => `${', '.repeat(n)}"`],
    ['quotes', n => '"'.repeat(n)],
    ['backslashes', n => `username="${'\\"'.repeat(n)}`],
    ['letters', n => `${'a'.repeat(n)} "`],
  ])('a long header of %s is refused', (_name, header) => {
    const text = header(100_000);
    expect(parseHmac(text)).toBeUndefined();
  });
});
