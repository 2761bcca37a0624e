/**
 * `npm run fuzz`: looks for inputs that are answered wrongly. Progress goes to standard error; one closing line with figures,
 * or one object a line with `--json`. Ends with 1 where something was found, with its seed, case and input.
 */
import { parseArgs } from 'node:util';
import { CAMPAIGNS } from './campaigns.ts';
import { runTask } from './pool.ts';

const WORKERS = 2;
const NAMES = CAMPAIGNS.map(({ name }) => name);
const USAGE = `[${NAMES.join('|')}] [--count N] [--seed S] [--case N] [--workers N] [--json]`;
const HELP = `npm run fuzz -- ${USAGE}
Looks for inputs that are answered wrongly: ${CAMPAIGNS.map(({ name, count }) => `${count} ${name}`).join(', ')}.
--count N    so many cases of each kind instead
--seed S     the same cases again; a random one where it is not given
--case N     only that case, with its kind and seed: what was found is tried again
--workers N  processes that try cases at the same time (${WORKERS})
--json       one object a line with the figures`;
const OPTIONS = {
  count: { type: 'string' },
  seed: { type: 'string' },
  case: { type: 'string' },
  workers: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};
const TERMINAL = process.stderr.isTTY;
const TELL_MS = TERMINAL ? 1000 : 10_000;

function usage(reason) {
  console.error(`fuzz: ${reason}`);
  console.error(`fuzz: expected ${USAGE}`);
  process.exit(2);
}

function parameters() {
  const { values, positionals } = parsed();
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  const [name, ...rest] = positionals;
  if (rest.length > 0 || (name !== undefined && !NAMES.includes(name))) usage(`unknown: ${positionals.join(' ')}`);
  const only = number(values.case);
  if (only !== undefined && name === undefined) usage('--case needs to know of which');
  const workers = number(values.workers) ?? WORKERS;
  if (workers === 0) usage('--workers must be at least 1');
  const seed = number(values.seed) ?? Math.floor(Math.random() * 1_000_000_000);
  return {
    name,
    json: values.json,
    count: only === undefined ? number(values.count) : 1,
    seed,
    first: only ?? 0,
    workers,
  };
}

function parsed() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return usage(error.message);
  }
}

function number(value) {
  if (value !== undefined && !/^\d{1,9}$/.test(value)) usage(`expected a number, found ${value}`);
  return value === undefined ? undefined : Number(value);
}

/** Progress: on a terminal one line that changes. */
function teller() {
  let last = Number.NEGATIVE_INFINITY;
  return text => {
    if (performance.now() - last < TELL_MS) return;
    last = performance.now();
    process.stderr.write(TERMINAL ? `\r\x1b[K${text}` : `${text}\n`);
  };
}

const mib = bytes => Number((bytes / 2 ** 20).toFixed(1));

/** The figures of one campaign; memory grew by so much in the worker where it grew most. */
function rowOf({ name }, seed, { done, seconds, figures, memory }) {
  const growth = kind => mib(Math.max(0, ...memory.map(one => one[kind][1] - one[kind][0])));
  return {
    fuzz: name,
    count: done,
    seed,
    seconds: Number(seconds.toFixed(1)),
    perSecond: Math.round(done / seconds),
    heapGrowth: growth('heap'),
    rssGrowth: growth('rss'),
    ...figures,
  };
}

function describe({ fuzz, count, seconds, perSecond, heapGrowth, rssGrowth }) {
  return `${count} ${fuzz} in ${seconds} s (${perSecond}/s, heap +${heapGrowth} MiB, RSS +${rssGrowth} MiB)`;
}

function tellFailure(name, seed, { run, what, input, stack }) {
  console.error(`fuzz: ${name}, seed ${seed}, case ${run}: ${what}`);
  console.error(`fuzz: input ${input}`);
  if (stack) console.error(stack);
  console.error(`fuzz: again with: npm run fuzz -- ${name} --seed ${seed} --case ${run}`);
}

async function main() {
  const { name, json, count, seed, first, workers } = parameters();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort(signal));
  const chosen = CAMPAIGNS.filter(campaign => name === undefined || campaign.name === name);
  const lacking = chosen.flatMap(campaign => campaign.missing?.() ?? [])[0];
  if (lacking !== undefined) {
    console.error(`fuzz: there is no ${lacking}`);
    return 1;
  }
  const rows = [];
  let failed = false;
  const tell = teller();
  for (const campaign of chosen) {
    const asked = count ?? campaign.count;
    const onProgress = done => tell(`fuzz: ${done} of ${asked} ${campaign.name}, seed ${seed}`);
    const task = { campaign, seed, first, count: asked, workers, signal: stop.signal, onProgress };
    const summary = await runTask(task);
    if (TERMINAL) process.stderr.write('\r\x1b[K');
    const { failure } = summary;
    const row = rowOf(campaign, seed, summary);
    if (json) console.log(JSON.stringify(failure ? { ...row, failure } : row));
    rows.push(row);
    if (failure) tellFailure(campaign.name, seed, failure);
    failed = failure !== undefined;
    if (failed || stop.signal.aborted) break;
  }
  const end = failed ? 'failed' : stop.signal.aborted ? 'stopped' : 'nothing found';
  if (!json) console.log(`fuzz: ${rows.map(describe).join(', ')}; seed ${seed}; ${end}`);
  if (failed) return 1;
  return stop.signal.aborted ? { SIGINT: 130, SIGTERM: 143 }[stop.signal.reason] : 0;
}

process.exitCode = await main();
