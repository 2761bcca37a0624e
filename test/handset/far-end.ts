/** A far end of a cable that answers by script, and what tests ask of errors. */
import { TransportError } from '../../src-core/base/errors.ts';
import type { SerialLink } from '../../src-core/handset/link.ts';

export const IDENTITY = {
  manufacturer: 'Workbench',
  model: 'Virtual-1',
  revision: '1.0.4',
  imei: '490154203237518',
  imsi: '001010123456789',
};

/** Collects the commands that arrive, without CR, and answers each with the bytes of the script. */
export function scripted(end: SerialLink, answer: (command: string) => string | undefined): readonly string[] {
  const commands: string[] = [];
  let line = '';
  end.onData(bytes => {
    line += new TextDecoder().decode(bytes);
    for (let at = line.indexOf('\r'); at >= 0; at = line.indexOf('\r')) {
      const command = line.slice(0, at);
      line = line.slice(at + 1);
      commands.push(command);
      const text = answer(command);
      if (text !== undefined) end.write(new TextEncoder().encode(text)).catch(() => {});
    }
  });
  return commands;
}

/** The TransportError a promise ends in; anything else, success above all, fails the test. */
export async function transportError(promise: Promise<unknown>): Promise<TransportError> {
  const outcome = await promise.then(
    value => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome && outcome.error instanceof TransportError) return outcome.error;
  throw new Error('expected a TransportError', { cause: 'error' in outcome ? outcome.error : outcome.value });
}

export const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));
