/** Where the parts of a node's panel and its commands are. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { properties, selectedOf } from './page-parts.ts';

export const DEVICE = 'IMEI:493005100592800';

export const next = (page: Page): Locator => page.getByRole('region', { name: 'Next command' });
export const preview = (page: Page): Locator => next(page).getByRole('figure', { name: 'Command as it will be sent' });
export const lastOf = (page: Page): Locator => page.getByRole('status', { name: 'Last command for this node' });
export const act = (page: Page, name: string): Locator =>
  page.getByRole('toolbar', { name: 'Commands' }).getByRole('button', { name, exact: true });

export const hashOf = (uri: string): string => `#/devices/${encodeURIComponent(DEVICE)}/${encodeURIComponent(uri)}`;

export async function choose(page: Page, uri: string): Promise<void> {
  await page.evaluate(hash => {
    window.location.hash = hash;
  }, hashOf(uri));
  await selectedOf(page).waitFor();
  await properties(page).getByText(uri, { exact: true }).first().waitFor();
}

/** The XML that stands there, without the white space between elements. */
export async function shows(page: Page, xml: string): Promise<void> {
  const text = async () => (await preview(page).textContent())?.replace(/>\s+</g, '><');
  await expect.poll(text, { timeout: 8000 }).toContain(xml);
}
