/** The built page in a real browser over the fake workbench, watched for whatever it complains of. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { isBuilt } from '../../scripts/setup/sources.mjs';
import { type ApiServer, startApiServer } from '../../src-core/workbench/api-server.ts';
import type { WorkbenchService } from '../../src-core/workbench/service.ts';
import { sharedChromium } from '../support/chromium.ts';
import { FakeWorkbench } from '../support/fake-workbench.ts';

const ROOT = join(import.meta.dirname, '../..');
const LARGE = { width: 1440, height: 900 };
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export interface PageBench {
  /** Loads the page anew over a fresh fake. Cheap while the page before is closed: the tab and its caches stay. */
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
  /** In a browser context of its own, for a test that does to the page or the server what cannot be taken back. */
  readonly apart?: boolean;
  /** The real core takes the place of the fake. */
  readonly service?: WorkbenchService;
}

export interface OpenPage {
  readonly page: Page;
  readonly fake: FakeWorkbench;
  readonly server: ApiServer;
  /** Console errors and warnings, uncaught errors, violations of the page's policy. */
  readonly complaints: readonly string[];
  /** Rules of axe that the page breaks now, each with where. At the small size colours, which are the same, are left out. */
  violations(): Promise<string[]>;
  close(): Promise<void>;
}

/** The page for the tests of one file: opened anew by each, closed behind it. `development`: React complains of what it checks. */
export function openPages(react?: 'development'): (options?: OpenOptions) => Promise<OpenPage> {
  let bench: PageBench | undefined;
  const opened: OpenPage[] = [];
  beforeAll(async () => {
    bench = await startPageBench(react);
  }, 120_000);
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });
  afterAll(() => bench?.close());
  return async options => {
    if (!bench) throw new Error('the page opens inside a test');
    const one = await bench.open(options);
    opened.push(one);
    return one;
  };
}

/** The tab that all files of this process show their pages in, one after the other. */
let shared: Tab | undefined;

/** Serves the page of this checkout, not whatever lies in dist/. A build in a test has React's checks in it, which take time. */
export async function startPageBench(react?: 'development'): Promise<PageBench> {
  const built = isBuilt() && react === undefined ? undefined : await buildPage();
  const pageRoot = built ?? join(ROOT, 'dist/page');
  const browser = await sharedChromium();
  if (!shared || shared.busy || shared.broken) {
    shared = new Tab(await newContext(browser));
    // The first page of a browser takes seconds on a busy machine: no test of its own behaviour pays for that.
    await (await shared.open(pageRoot)).close();
  }
  const tab = shared;
  return {
    async open(options) {
      const apart = options?.apart || tab.busy;
      return (apart ? new Tab(await newContext(browser)) : tab).open(pageRoot, { ...options, apart });
    },
    async close() {
      if (built) await rm(built, { recursive: true });
    },
  };
}

async function buildPage(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'dmw-page-'));
  await build({ configFile: join(ROOT, 'vite.config.ts'), logLevel: 'error', build: { outDir } });
  return outDir;
}

async function newContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  return context;
}

/** One browser tab that shows one test's page after the other: with the same origin its caches stay warm. */
class Tab {
  readonly #context: BrowserContext;
  #page: Page | undefined;
  #port = 0;
  #complaints: string[] = [];
  busy = false;
  broken = false;

  constructor(context: BrowserContext) {
    this.#context = context;
  }

  async open(pageRoot: string, options: OpenOptions = {}): Promise<OpenPage> {
    const { theme = 'light', filled = true, hash = '', size = LARGE, apart = false } = options;
    this.busy = true;
    const fake = new FakeWorkbench();
    fake.pace = 0.1;
    if (filled) fake.fill();
    const server = await this.#serve({ service: options.service ?? fake, pageRoot });
    this.#page ??= await this.#newPage();
    const page = this.#page;
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    const complaints: string[] = [];
    this.#complaints = complaints;
    await page.goto(server.url + hash);
    return {
      page,
      fake,
      server,
      complaints,
      violations: () => runAxe(page, size.width >= LARGE.width),
      close: async () => {
        await (apart ? this.#context.close() : this.#leave(page, server));
        await server.close();
        this.busy = false;
      },
    };
  }

  /** On the port of before, where it is still free. */
  async #serve(what: { readonly service: WorkbenchService; readonly pageRoot: string }): Promise<ApiServer> {
    const serve = (port: number) => startApiServer({ ...what, port });
    const server = await serve(this.#port).catch(() => serve(0));
    this.#port = server.port;
    return server;
  }

  async #newPage(): Promise<Page> {
    const page = await this.#context.newPage();
    page.once('crash', () => {
      this.broken = true;
    });
    page.once('close', () => {
      this.broken = true;
    });
    page.setDefaultTimeout(15_000);
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') this.#complaints.push(message.text());
    });
    page.on('pageerror', error => this.#complaints.push(String(error)));
    return page;
  }

  /** A quiet document of the same origin takes the page's place, so that nothing of it reaches the next test. */
  async #leave(page: Page, { port }: ApiServer): Promise<void> {
    await page.mouse.move(0, 0);
    await page.goto(`http://127.0.0.1:${port}/icon.svg`);
    await page.evaluate(() => {
      sessionStorage.clear();
      localStorage.clear();
    });
  }
}

async function runAxe(page: Page, contrast: boolean): Promise<string[]> {
  if (await page.evaluate(() => !('axe' in globalThis))) await page.evaluate(await axeSource());
  return page.evaluate(async enabled => {
    interface Violation {
      readonly id: string;
      readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
    }
    const { axe } = globalThis as unknown as {
      axe: { run: (options: object) => Promise<{ violations: readonly Violation[] }> };
    };
    const { violations } = await axe.run({ resultTypes: ['violations'], rules: { 'color-contrast': { enabled } } });
    return violations.flatMap(v => v.nodes.map(n => `${v.id} at ${n.target.join(' ')}: ${n.failureSummary}`));
  }, contrast);
}

let source: Promise<string> | undefined;

function axeSource(): Promise<string> {
  source ??= readFile(AXE, 'utf8');
  return source;
}

/** What is looked at for everyone: both themes, and the small window. */
export const APPEARANCES = [
  { theme: 'light', size: LARGE },
  { theme: 'dark', size: LARGE },
  { theme: 'light', size: { width: 1100, height: 700 } },
] as const;
