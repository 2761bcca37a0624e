/**
 * A device with a large tree, from the wire to the screen: read in over HTTP sessions, kept, opened in the page, scrolled, and
 * scrolled while 200 values a second change on the device. Reference of the scrolling: the longest frame of the same page
 * while nothing moves, which says how quiet the machine is.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { start } from './processes.mjs';
import { openBenchPage } from './tree-page.mjs';
import { blocks, leavesPerBlock, USER, WARM_COUNT, WARM_USER } from './tree-shape.mjs';

const COUNTS = [10_000, 100_000];
/** Sessions until the tree is read, at most. */
const PATIENCE = 3;
const TICK_MS = 100;
const CHANGES_A_TICK = 20;

export async function* tree() {
  for (const count of COUNTS) yield* measure(count);
}

async function* measure(count) {
  const data = await mkdtemp(join(tmpdir(), 'dmw-bench-'));
  const core = await start('tree-core.mjs', [join(data, 'bench.db')], ['--expose-gc']);
  const device = await start('tree-device.mjs', [core.started.dmUrl, USER, String(count)]);
  try {
    await warmUp(core);
    const empty = await core.order('memory');
    const { nodes, ms } = await readIn(core, device);
    yield { case: `read/${count}`, value: ms, unit: 'ms', baseline: null };
    const bytes = ((await core.order('memory')) - empty) / nodes;
    yield { case: `core-memory/${count}`, value: bytes, unit: 'bytes/node', baseline: null };
    yield* measurePage(core, device, count, nodes);
  } finally {
    await device.close();
    await core.close();
    await rm(data, { recursive: true, force: true });
  }
}

async function warmUp(core) {
  const device = await start('tree-device.mjs', [core.started.dmUrl, WARM_USER, String(WARM_COUNT)]);
  await device.order('connect');
  await device.close();
}

async function readIn(core, device) {
  const began = performance.now();
  for (let session = 0; session < PATIENCE; session += 1) {
    const { outcome, reason } = await device.order('connect');
    const ms = performance.now() - began;
    if (outcome === 'completed') return { ms, nodes: await core.order('size') };
    console.error(`bench: a session was ${outcome}: ${reason}`);
  }
  throw new Error(`the tree was not read in ${PATIENCE} sessions`);
}

async function* measurePage(core, device, count, nodes) {
  const page = await openBenchPage(core.started.pageUrl);
  try {
    const empty = await page.memory();
    yield { case: `open/${count}`, value: await page.open(nodes), unit: 'ms', baseline: null };
    await page.expandAll();
    await page.settled();
    const bytes = ((await page.memory()) - empty) / nodes;
    yield { case: `page-memory/${count}`, value: bytes, unit: 'bytes/node', baseline: null };
    await page.scroll();
    yield { case: `scroll/${count}`, value: await page.scroll(), unit: 'ms', baseline: await page.still() };
    const live = keepChanging(core, device, count);
    yield { case: `scroll-live/${count}`, value: await page.scroll(), unit: 'ms', baseline: await page.still() };
    const rate = await live.stop();
    if (rate < 180) console.error(`bench: only ${Math.round(rate)} values a second changed`);
  } finally {
    await page.close();
  }
}

/** Values change on the device, here and there in its tree; each time the server reads what is around them. */
function keepChanging(core, device, count) {
  const atOnce = Math.ceil(CHANGES_A_TICK / leavesPerBlock(count));
  const began = performance.now();
  let going = true;
  let changes = 0;
  const run = async () => {
    for (let tick = 0; going; tick += 1) {
      const uris = Array.from({ length: atOnce }, (_, i) => blocks[(tick * 101 + i) % blocks.length]);
      await core.order('read', uris);
      await device.order('change', { uris, wished: CHANGES_A_TICK });
      changes += CHANGES_A_TICK;
      await sleep(Math.max(0, began + (tick + 1) * TICK_MS - performance.now()));
    }
    return changes / ((performance.now() - began) / 1000);
  };
  const done = run();
  return {
    stop() {
      going = false;
      return done;
    },
  };
}
