/** Where the parts of the page are. */
import type { Locator, Page } from 'playwright-core';

export const treeOf = (page: Page): Locator => page.getByRole('tree', { name: 'Device tree' });
export const nodeOf = (page: Page, name: string | RegExp): Locator => treeOf(page).getByRole('treeitem', { name });
export const selectedOf = (page: Page): Locator => treeOf(page).getByRole('treeitem', { selected: true });
export const properties = (page: Page): Locator => page.getByRole('region', { name: 'Properties' });
export const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
