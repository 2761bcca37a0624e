/** One case of a property of fast-check: a failure is made small and thrown. */
import fc from 'fast-check';
import { Found } from './found.ts';

/** A failure is made smaller for so long. */
const SHRINK_MS = 60_000;

/** @throws Found */
export async function tryOne<T>(
  property: fc.IAsyncPropertyWithHooks<[T]>,
  seed: number,
  describe: (input: [T]) => string,
): Promise<void> {
  const { failed, counterexample, errorInstance } = await fc.check(property, {
    seed,
    numRuns: 1,
    interruptAfterTimeLimit: SHRINK_MS,
  });
  if (!failed || !counterexample) return;
  const error = errorInstance instanceof Error ? errorInstance : new Error(String(errorInstance));
  throw new Found(error.message.split('\n')[0] ?? error.name, describe(counterexample), error);
}
