/** docs/interop.md promises a test for every tolerance: this one looks whether they are there. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const rows = readFileSync(new URL('../../docs/interop.md', import.meta.url), 'utf8')
  .split('\n')
  .filter(line => line.startsWith('| ') && !/^\| (borne |-)/.test(line))
  .map(line =>
    line
      .slice(1, -1)
      .split('|')
      .map(cell => cell.trim()),
  );

it('every tolerance has its reason and a test that is there', () => {
  expect(rows.length).toBeGreaterThan(25);
  for (const [borne, why, test = ''] of rows) {
    const [file = '', words = ''] = test.split(' › ');
    expect([borne, why, existsSync(file)]).toEqual([expect.stringMatching(/\w/), expect.stringMatching(/\w/), true]);
    expect(words, borne).not.toBe('');
    expect(readFileSync(file, 'utf8'), `${file}: ${borne}`).toContain(words.replaceAll('`', ''));
  }
});
