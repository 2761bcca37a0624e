import { expect, it } from 'vitest';
import { randomPool } from '../../src-core/server/random-pool.ts';

it('gives as many bytes as asked for, never the same twice, of their own memory', () => {
  const random = randomPool();
  const drawn = Array.from({ length: 2000 }, () => random(16));
  expect(drawn.every(bytes => bytes.length === 16 && bytes.buffer.byteLength === 16)).toBe(true);
  expect(new Set(drawn.map(bytes => Buffer.from(bytes).toString('hex'))).size).toBe(2000);
  expect([random(0).length, random(4096).length, random(100_000).length]).toEqual([0, 4096, 100_000]);
  expect(random(4000).some(byte => byte !== 0)).toBe(true);
});

it('two pools give different bytes', () => {
  expect(randomPool()(16)).not.toEqual(randomPool()(16));
});
