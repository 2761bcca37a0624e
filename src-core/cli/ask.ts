/** A question to the person at the terminal. */
import { createInterface } from 'node:readline/promises';

/** Undefined where it was broken off instead of answered: Ctrl-C, Ctrl-D, or the end of the input. */
export async function ask(
  question: string,
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<string | undefined> {
  const terminal = createInterface({ input, output });
  const ended = new AbortController();
  terminal.once('close', () => ended.abort());
  try {
    return await terminal.question(question, { signal: ended.signal });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
    output.write('\n');
    return undefined;
  } finally {
    terminal.close();
  }
}
