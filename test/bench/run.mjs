/**
 * `npm run -s bench -- NAME [--json]`: measures one thing against a reference in the same run. With `--json` one object a line,
 * `{bench, case, value, unit, baseline, ratio}`; ratio is value / baseline.
 */
import { card } from './card.mjs';
import { codec } from './codec.mjs';
import { session } from './session.mjs';
import { start } from './start.mjs';
import { tree } from './tree.mjs';

/** Each yields its cases: `{case, value, unit, baseline}`. */
const BENCHES = { card, codec, session, start, tree };

function write(row, json) {
  if (json) console.log(JSON.stringify(row));
  else {
    const cells = [
      row.bench,
      row.case,
      `${row.value} ${row.unit}`,
      row.baseline === null ? 'no baseline' : `baseline ${row.baseline} ${row.unit}`,
      row.ratio === null ? '' : `× ${row.ratio}`,
    ];
    console.log(
      cells
        .map((cell, i) => cell.padEnd([8, 52, 14, 22, 0][i]))
        .join(' ')
        .trimEnd(),
    );
  }
}

const round = (value, digits) => Number(value.toFixed(digits));

const parameters = process.argv.slice(2);
const json = parameters.includes('--json');
const [name, ...rest] = parameters.filter(parameter => parameter !== '--json');
const bench = Object.hasOwn(BENCHES, name ?? '') ? BENCHES[name] : undefined;
if (!bench || rest.length > 0) {
  console.error(`bench: expected one name of: ${Object.keys(BENCHES).join(', ')}`);
  process.exitCode = 2;
} else {
  for await (const { value, baseline, ...row } of bench()) {
    const reference = { baseline: baseline && round(baseline, 1), ratio: baseline && round(value / baseline, 2) };
    write({ bench: name, case: row.case, value: round(value, 1), unit: row.unit, ...reference }, json);
  }
}
