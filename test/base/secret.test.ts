import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bytesEqual, concatBytes, fromHex, toHex } from '../../src-core/base/bytes.ts';
import { CardError, describeError, EncodingError, ProtocolError, RequestError } from '../../src-core/base/errors.ts';
import { Secret } from '../../src-core/base/secret.ts';

describe('Secret', () => {
  const secret = Secret.ofText('pässwörd');

  it.each<[string, (value: unknown) => string]>([
    ['JSON.stringify', value => JSON.stringify({ value })],
    ['inspect', value => inspect({ value }, { depth: 9, showHidden: true })],
    ['String', value => String(value)],
    ['a template', value => `${value}`],
    ['Object.entries', value => JSON.stringify(Object.entries(value as object))],
    ['a spread copy', value => JSON.stringify({ ...(value as object) })],
  ])('is not shown by %s', (_name, show) => {
    const hex = toHex(secret.reveal());
    for (const form of ['pässwörd', hex, hex.toLowerCase(), Buffer.from(secret.reveal()).toString('base64'), '112'])
      expect(show(secret)).not.toContain(form);
  });

  it('gives its bytes and text to who asks, every byte of them, as a copy', () => {
    const bytes = fromHex('EFBBBF 41 C3A9');
    const made = Secret.ofBytes(bytes);
    bytes.fill(0);
    made.reveal().fill(0);
    expect(toHex(made.reveal())).toBe('EFBBBF41C3A9');
    expect(made.revealText()).toBe('\ufeffAé');
  });

  it.each([
    ['pässwörd', true],
    ['pässwörD', false],
    ['pässwör', false],
    ['', false],
  ])('equals %j: %s', (text, equal) => {
    expect(secret.equals(Secret.ofText(text))).toBe(equal);
  });
});

describe('bytes', () => {
  it('are written as hexadecimal and read again', () => {
    const view = Uint8Array.of(9, 0, 0x3b, 0xff).subarray(1);
    expect([toHex(view), toHex(view, ' '), toHex(new Uint8Array(), ' ')]).toEqual(['003BFF', '00 3B FF', '']);
    expect(fromHex(' 00\n3b FF')).toEqual(view.slice());
  });

  it.each([
    ['3B9', 'odd-hex', 3],
    ['3B 0x', 'not-hex', 4],
    ['é', 'not-hex', 0],
  ])('%j is refused: %s at %i', (text, code, offset) => {
    expect(() => fromHex(text)).toThrow(expect.objectContaining({ name: 'EncodingError', code, offset }));
  });

  it('are joined and compared', () => {
    const joined = concatBytes([fromHex('01'), new Uint8Array(), fromHex('0203')]);
    expect(joined).toEqual(fromHex('010203'));
    expect([fromHex('010203'), fromHex('010204'), fromHex('0102')].map(other => bytesEqual(joined, other))).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('errors', () => {
  it('carry their class, code and details', () => {
    expect(new EncodingError('c', 'm', 7, { details: { a: 1 } })).toMatchObject({
      name: 'EncodingError',
      message: 'm (at offset 7)',
      details: { a: 1, offset: 7 },
    });
    expect(new ProtocolError('c', 'm', 404)).toMatchObject({ status: 404, details: { status: 404 } });
    expect(new CardError('c', 'm', { statusWord: 0x82 })).toMatchObject({ details: { statusWord: '0082' } });
    expect(new CardError('c', 'm').details).toEqual({});
  });

  it('are one line for a terminal: message, then advice', () => {
    expect(describeError(new RequestError('c', 'no such card', { advice: 'Insert one' }))).toBe(
      'no such card. Insert one',
    );
    expect(describeError(new RequestError('c', 'no such card'))).toBe('no such card');
    expect(describeError(new Error('x'))).toBe('x');
    expect(describeError('y')).toBe('y');
  });
});
