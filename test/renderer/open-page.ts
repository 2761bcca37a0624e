/** The built page in a real browser over the fake workbench, watched for whatever it complains of. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { type ApiServer, startApiServer } from '../../src-core/workbench/api-server.ts';
import { launchChromium } from '../support/chromium.ts';
import { FakeWorkbench } from '../support/fake-workbench.ts';

const ROOT = join(import.meta.dirname, '../..');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export interface PageBench {
  open(options?: OpenOptions): Promise<OpenPage>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly theme?: 'light' | 'dark';
  /** False: no device, no reader yet. */
  readonly filled?: boolean;
  /** Goes behind the address: `#/cards`. */
  readonly hash?: string;
  readonly size?: { readonly width: number; readonly height: number };
}

export interface OpenPage {
  readonly page: Page;
  readonly fake: FakeWorkbench;
  readonly server: ApiServer;
  /** Console errors and warnings, uncaught errors, violations of the page's policy. */
  readonly complaints: readonly string[];
  /** Rules of axe that the page breaks now, each with where. */
  violations(): Promise<string[]>;
  close(): Promise<void>;
}

/** Builds the page of this checkout, not whatever lies in dist/. */
export async function startPageBench(): Promise<PageBench> {
  const pageRoot = await mkdtemp(join(tmpdir(), 'dmw-page-'));
  await build({ configFile: join(ROOT, 'vite.config.ts'), logLevel: 'error', build: { outDir: pageRoot } });
  const browser = await launchChromium();
  return {
    open: options => openPage(browser, pageRoot, options),
    async close() {
      await browser.close();
      await rm(pageRoot, { recursive: true });
    },
  };
}

async function openPage(browser: Browser, pageRoot: string, options: OpenOptions = {}): Promise<OpenPage> {
  const { theme = 'light', filled = true, hash = '', size = { width: 1440, height: 900 } } = options;
  const fake = new FakeWorkbench();
  fake.pace = 0.1;
  if (filled) fake.fill();
  const server = await startApiServer({ service: fake, pageRoot });
  const context = await browser.newContext({ viewport: size, colorScheme: theme, reducedMotion: 'reduce' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  const complaints: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(String(error)));
  await page.goto(server.url + hash);
  return {
    page,
    fake,
    server,
    complaints,
    violations: () => runAxe(page),
    async close() {
      await context.close();
      await server.close();
    },
  };
}

async function runAxe(page: Page): Promise<string[]> {
  await page.evaluate(await axeSource());
  return page.evaluate(async () => {
    interface Violation {
      readonly id: string;
      readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
    }
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<{ violations: readonly Violation[] }> } };
    const { violations } = await axe.run();
    return violations.flatMap(v => v.nodes.map(n => `${v.id} at ${n.target.join(' ')}: ${n.failureSummary}`));
  });
}

let source: Promise<string> | undefined;

function axeSource(): Promise<string> {
  source ??= readFile(AXE, 'utf8');
  return source;
}
