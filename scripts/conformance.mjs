/**
 * `npm run conformance [-- --json]`: runs test/conformance and prints every normative sentence of the table with pass, fail or
 * not applicable and the reason. Fails where a test fails or a row that applies has none.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { REQUIREMENTS } from '../test/conformance/table.ts';
import { MODULES, ROOT } from './setup/files.mjs';

const ids = new Set(REQUIREMENTS.map(row => row.id));

/** What vitest says of the tests: `ok`, and each test by the id that its title begins with. */
function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const report = join(folder, 'report.json');
  const vitest = join(MODULES, 'vitest/vitest.mjs');
  const args = [vitest, 'run', 'test/conformance/', '--reporter=json', `--outputFile=${report}`];
  try {
    const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const tests = testResults.flatMap(file => file.assertionResults);
    const broken = testResults.filter(file => file.status === 'failed' && file.assertionResults.length === 0);
    return {
      ok: status === 0,
      outcomes: new Map(tests.map(test => [test.title.split(' ')[0], test])),
      faults: [
        ...broken.map(file => `${file.name}: ${file.message}`),
        ...tests
          .filter(test => test.status === 'failed' && !ids.has(test.title.split(' ')[0]))
          .map(test => test.fullName),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `missing` is a row that applies and has no test. */
function judge({ id, notApplicable }, outcomes) {
  if (notApplicable !== undefined) return { result: 'not applicable' };
  const test = outcomes.get(id);
  if (!test) return { result: 'missing' };
  if (test.status === 'passed') return { result: 'pass' };
  return { result: 'fail', failure: stripVTControlCharacters(test.failureMessages[0] ?? '').split('\n')[0] };
}

const { ok, outcomes, faults } = runTests();
for (const fault of faults) console.error(fault);
const rows = REQUIREMENTS.map(row => ({ ...row, ...judge(row, outcomes) }));
const count = result => rows.filter(row => row.result === result).length;
const totals = {
  rows: rows.length,
  pass: count('pass'),
  fail: count('fail'),
  missing: count('missing'),
  notApplicable: count('not applicable'),
};

if (process.argv.includes('--json')) console.log(JSON.stringify({ rows, totals }));
else {
  const width = Math.max(...rows.map(row => row.id.length));
  for (const { id, side, requirement, result, notApplicable, failure } of rows) {
    const reason = notApplicable ?? failure;
    const words = `${id.padEnd(width)}  ${side.padEnd(6)}  ${result.padEnd(14)}  ${requirement}`;
    console.log(reason === undefined ? words : `${words} (${reason})`);
  }
  console.log(
    `${totals.rows} requirements: ${totals.pass} pass, ${totals.fail} fail, ${totals.missing} without a test, ` +
      `${totals.notApplicable} not applicable`,
  );
}
process.exitCode = ok && totals.fail + totals.missing === 0 ? 0 : 1;
