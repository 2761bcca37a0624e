/** The page of the tree bench: Chromium, headless, looking at one device. Times are taken inside the page. */
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { DEVICE_ID, IDLE_USER } from './tree-shape.mjs';

const OPENS = 3;
/** Frames scrolled by as much as a quick wheel, then jumps all over the tree. */
const WHEEL_FRAMES = 240;
const WHEEL_PX = 330;
const JUMPS = 60;

export async function openBenchPage(url) {
  const browser = await chromium.launch({
    executablePath: process.env.DMW_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const cdp = await page.context().newCDPSession(page);
  await page.goto(`${url}#/devices/${encodeURIComponent(`user:${IDLE_USER}`)}`);
  await page.getByText('Nothing read yet').waitFor();
  return {
    open: count => openTree(page, count),
    expandAll: () => expandAll(page),
    /** The messages of the session that read the tree are there too. */
    settled: () => page.getByRole('grid', { name: 'Message ladder' }).getByRole('row').nth(1).waitFor(),
    scroll: () => page.evaluate(longestFrame, { wheel: WHEEL_FRAMES, step: WHEEL_PX, jumps: JUMPS }),
    still: () => page.evaluate(longestFrame, { wheel: WHEEL_FRAMES + JUMPS, step: 0, jumps: 0 }),
    async memory() {
      for (let i = 0; i < 3; i += 1) {
        await cdp.send('HeapProfiler.collectGarbage');
        await sleep(100);
      }
      return (await cdp.send('Runtime.getHeapUsage')).usedSize;
    },
    close: () => browser.close(),
  };
}

/** Milliseconds from the click until all of the tree is there and a key moves in it; the median of some. */
async function openTree(page, count) {
  const times = [];
  for (let i = 0; i < OPENS; i += 1) {
    await page.locator(`a[href$="${encodeURIComponent(`user:${IDLE_USER}`)}"]`).click();
    await page.getByText('Nothing read yet').waitFor();
    const link = `a[href$="${encodeURIComponent(DEVICE_ID)}"]`;
    times.push(await page.evaluate(clickUntilInteractive, { link, words: `${count.toLocaleString('en-US')} nodes` }));
  }
  return times.toSorted((a, b) => a - b)[Math.floor(OPENS / 2)];
}

async function expandAll(page) {
  await page.getByRole('button', { name: 'Expand all' }).click();
  await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/* The functions below run in the page. */

async function clickUntilInteractive({ link, words }) {
  const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
  const began = performance.now();
  document.querySelector(link).click();
  while (!document.querySelector('[aria-label="Tree"] h2')?.textContent.includes(words)) await frame();
  const tree = document.querySelector('#device-tree');
  const selected = () => tree.querySelector('[aria-selected="true"]')?.id;
  const before = selected();
  tree.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
  while (selected() === before) await frame();
  await frame();
  return performance.now() - began;
}

async function longestFrame({ wheel, step, jumps }) {
  const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
  const tree = document.querySelector('#device-tree');
  tree.scrollTop = 0;
  await frame();
  let last = await frame();
  let longest = 0;
  for (let i = 0; i < wheel + jumps; i += 1) {
    if (i < wheel) tree.scrollTop += step;
    else tree.scrollTop = ((i * 7919) % 1000) * 0.001 * tree.scrollHeight;
    const now = await frame();
    longest = Math.max(longest, now - last);
    last = now;
  }
  return longest;
}
