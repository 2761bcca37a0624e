import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { filesThatCannotRun } from './test/support/needs.ts';
import { LongFirst } from './test/support/order.ts';

/** Files that need a process of their own: they replace modules, or read other test files. */
const APART = ['test/electron/*.test.ts', 'test/scripts/*.test.ts', 'test/conformance/table.test.ts'];
const exclude = [...configDefaults.exclude, ...filesThatCannotRun()];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    setupFiles: ['test/support/setup.ts'],
    sequence: { sequencer: LongFirst },
    expect: { poll: { timeout: 10_000 } },
    // Many files wait for programs and browsers: with two cores, one worker would leave one idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      // A process for each file takes longer to start than most files take to run.
      {
        extends: true,
        test: { name: 'together', isolate: false, include: ['test/**/*.test.ts'], exclude: [...exclude, ...APART] },
      },
      { extends: true, test: { name: 'apart', include: APART, exclude } },
    ],
  },
});
