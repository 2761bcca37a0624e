/** Vitest reporter: ends a run with one plain line, `Tests: N passed, N failed, N skipped`, that scripts and CI can read. */
export default class ClosingLine {
  onTestRunEnd(modules, errors) {
    const count = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        // A test that never got an end, because its file broke off, has failed.
        count[state === 'pending' ? 'failed' : state] += 1;
      }
      if (module.errors().length > 0) count.failed += 1;
    }
    count.failed += errors.length;
    console.log(`Tests: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  }
}
