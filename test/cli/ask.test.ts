/** What is asked at a terminal is answered, or broken off: then it is no answer, and no error either. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ask } from '../../src-core/cli/ask.ts';

/** Keys typed at a terminal of its own. */
async function typed(keys: string, { isTTY = true } = {}): Promise<{ answer: string | undefined; shown: string }> {
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => undefined });
  const output = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  const answer = ask('Type yes: ', input, output);
  input.end(keys);
  return { answer: await answer, shown: String(output.read()) };
}

describe('a question', () => {
  it('is answered with a line', async () => {
    const { answer, shown } = await typed('yes\r');
    expect(answer).toBe('yes');
    expect(shown).toContain('Type yes: ');
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
    ['Ctrl-C after half an answer', 'ye\u0003'],
  ])('broken off with %s has no answer', async (_, keys) => {
    const { answer, shown } = await typed(keys);
    expect(answer).toBeUndefined();
    expect(shown.endsWith('\n')).toBe(true);
  });

  it('whose input ends has no answer', async () => {
    expect((await typed('', { isTTY: false })).answer).toBeUndefined();
  });
});
