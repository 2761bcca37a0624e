import { configDefaults, defineConfig } from 'vitest/config';
import { filesThatCannotRun } from './test/support/needs.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: [...configDefaults.exclude, ...filesThatCannotRun()],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
