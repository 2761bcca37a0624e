/** Debian's Chromium through playwright-core, with a fresh profile, and nothing of it left behind. */
import { type Browser, chromium } from 'playwright-core';

const ENDED_BY_SIGTERM = 143;

let shared: Promise<Browser> | undefined;

/** One for all test files of this process, gone with it: to start it takes longer than most of them run. Whoever opens a page closes it. */
export function sharedChromium(): Promise<Browser> {
  // vitest ends a worker by SIGTERM and waits half a second; at an exit playwright ends its browsers at once.
  if (!shared) process.once('SIGTERM', () => process.exit(ENDED_BY_SIGTERM));
  shared ??= chromium.launch({
    executablePath: process.env.DMW_CHROMIUM ?? '/usr/bin/chromium',
    handleSIGTERM: false,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return shared;
}
