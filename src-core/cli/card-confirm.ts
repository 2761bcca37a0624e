/** dmw card asks before what cannot be taken back. */
import { RequestError } from '../base/errors.ts';
import { ask } from './ask.ts';

/** Standard output may go into a file: the question does not. */
export function asksHere(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** @throws RequestError `not-confirmed` */
export async function confirm(lines: readonly string[], question: string): Promise<void> {
  process.stderr.write(lines.map(line => `${line}\n`).join(''));
  const answer = await ask(`${question} Type yes: `);
  if (answer?.trim().toLowerCase() === 'yes') return;
  throw new RequestError('not-confirmed', 'nothing was changed');
}
