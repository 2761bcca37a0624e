/** The real pcscd for a test file: the running one, or an own one that ends with the test; one test file at a time. */
import { lockCardBench } from '../../src-core/card/bench-lock.ts';
import { pcscdState, startPcscd } from '../../src-core/card/pcscd.ts';

/** Longest wait for other tests or the demo that use the virtual reader. */
const LOCK_MS = 120_000;

export interface PcscdBench {
  release(): Promise<void>;
}

export async function usePcscd(): Promise<PcscdBench> {
  const unlock = await lockCardBench(LOCK_MS);
  try {
    const own = (await pcscdState()) === 'running' ? undefined : await startPcscd();
    return {
      async release() {
        await own?.stop();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}
