/** docs/interop.md promises a test for every tolerance: this one looks whether they are there. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const rows = readFileSync(new URL('../../docs/interop.md', import.meta.url), 'utf8')
  .split('\n')
  .filter(line => line.startsWith('| ') && !line.startsWith('| borne |'))
  .map(line => line.slice(2, -2).split(' | '));

it('every tolerance has its reason and a test that is there', () => {
  expect(rows.length).toBeGreaterThan(25);
  for (const [borne, why, test = ''] of rows) {
    const [file = '', words = ''] = test.trim().split(' › ');
    expect([borne, why, existsSync(file)]).toEqual([expect.stringMatching(/\w/), expect.stringMatching(/\w/), true]);
    expect(words, borne).not.toBe('');
    expect(readFileSync(file, 'utf8'), `${file}: ${borne}`).toContain(words.replaceAll('`', ''));
  }
});
