import { describe, expect, it } from 'vitest';
import { isMimeType, isObjectIdentifier, misfit } from '../../../src-core/tree/ddf/values.ts';
import type { NodeFormat } from '../../../src-core/tree/node.ts';

const CASES: readonly [NodeFormat, readonly string[], readonly string[]][] = [
  ['chr', ['', 'anything'], []],
  ['int', ['0', '-2147483648', '+7', '2147483647'], ['', '1.0', '2147483648', '0x1', ' 1', '9'.repeat(400)]],
  ['float', ['4.2', '-.5e-3', '7', 'INF', '-INF', 'NaN'], ['', 'e3', '1,5', 'Infinity']],
  ['bool', ['true', 'false'], ['', '1', 'TRUE']],
  ['date', ['2026-11-23', '20240229'], ['26-11-23', '2026-1123', '2023-02-29', '2026-13-01', '']],
  [
    'time',
    ['22:14:07', '221407Z', '22:14', '20261123T221407Z', '22:14:07+01:00'],
    ['25:00', '22:61', '20261323T221407Z', '22', ''],
  ],
  ['b64', ['', 'AAEC', 'AA==', 'AA\n=='], ['A', '****']],
  ['bin', ['AAEC'], ['AAE']],
  ['xml', ['<a/>', '<a>&amp;</a>'], ['', 'text', '<a>', '<a/><b/>']],
  ['null', [''], ['x']],
  ['node', [''], ['x']],
];

describe('values by format', () => {
  it.each(CASES)('%s', (format, fit, unfit) => {
    for (const value of fit) expect({ value, misfit: misfit(format, value) }).toEqual({ value, misfit: undefined });
    for (const value of unfit)
      expect({ value, misfit: misfit(format, value) }).toEqual({ value, misfit: expect.any(String) });
  });

  it('MIME types', () => {
    expect(['text/plain', 'application/vnd.x+xml', 'text/plain; charset=utf-8'].map(isMimeType)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['', 'text', 'text/', 'a b/c'].map(isMimeType)).toEqual([false, false, false, false]);
  });

  it('identifiers of management objects are URIs or reversed domain names (TND §7.7.7.2)', () => {
    const good = [
      'urn:oma:mo:oma-fumo:1.0',
      'com.companyx/1.2/ProductY',
      'org.openmobilealliance/1.0/w7',
      'http://x.example/mo',
    ];
    expect(good.filter(isObjectIdentifier)).toEqual(good);
    expect(['', 'w7', 'com/1.0/x', 'com.x/01.0/y', 'com.x/1.0', 'urn:a b'].filter(isObjectIdentifier)).toEqual([]);
  });
});
