import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBase64, fromHex, fromText, toBase64, toHex, toText } from '../../renderer/features/devices/node/bytes.ts';
import { formatTStamp } from '../../renderer/features/devices/node/tstamp.ts';
import { isSecretNode, lengthInWords, refuseValue } from '../../renderer/features/devices/node/values.ts';

describe('values by format', () => {
  test.each([
    ['int', '-42', '4.2'],
    ['float', '.5e3', 'half'],
    ['float', '-INF', '1e'],
    ['bool', 'true', 'TRUE'],
    ['date', '20261123', 'today'],
    ['date', '2028-02-29', '2026-02-29'],
    ['date', '2026-11-23', '2026-1123'],
    ['time', '22:14:07Z', '7 pm'],
    ['time', '221407+0100', '24:00:00'],
    ['time', '22:14', '22:60'],
    ['b64', 'AQI=', 'AQI'],
    ['null', '', 'x'],
  ])('format %s takes %s and refuses %s', (name, good, bad) => {
    expect(refuseValue(name, good)).toBeUndefined();
    expect(refuseValue(name, bad)).toContain(`Format ${name} takes`);
  });

  test('a chr takes anything', () => {
    expect(refuseValue('chr', '')).toBeUndefined();
  });

  test('secrets are known by their name, wherever they are', () => {
    const secret = ['./DMAcc/1/AppAuth/1/AAuthSecret', './DMAcc/1/AppAuth/1/AAuthData', './Wifi/Password', './Sim/PIN'];
    expect(secret.filter(isSecretNode)).toEqual(secret);
    expect(['./DMAcc/1/AppAuth/1/AAuthName', './Pinned', './Secret/Name'].filter(isSecretNode)).toEqual([]);
  });

  test('the length says bytes only where they are not the characters', () => {
    expect(['a', 'abc', 'né'].map(lengthInWords)).toEqual(['1 character', '3 characters', '2 characters, 3 bytes']);
  });

  test('TStamp for people; anything else as it is', () => {
    expect(formatTStamp('20010711T163817Z')).toBe('2001-07-11 16:38:17 UTC');
    expect(formatTStamp('yesterday')).toBe('yesterday');
  });
});

describe('bytes', () => {
  test('hexadecimal and base64 bring back every byte', () => {
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        expect(fromHex(toHex(bytes))).toEqual(bytes);
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      }),
    );
  });

  test('bytes are text only where the text brings back the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        const text = toText(bytes);
        if (text !== undefined) expect(fromText(text)).toEqual(bytes);
      }),
    );
    expect(toText(Uint8Array.of(0x44, 0x4d))).toBe('DM');
    expect(toText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x44))).toBe('\ufeffD');
    expect([[0xff], [0x00], [0x0d, 0x0a]].map(bytes => toText(Uint8Array.from(bytes)))).toEqual(
      Array(3).fill(undefined),
    );
  });

  test('half a byte is no byte', () => {
    expect(fromHex('44:4D 0')).toBeUndefined();
    expect(fromHex('4G')).toBeUndefined();
    expect(fromHex('44:4d')).toEqual(Uint8Array.of(0x44, 0x4d));
  });
});
