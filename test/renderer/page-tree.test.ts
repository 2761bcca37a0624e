import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { bigTree } from '../support/fake-workbench-data.ts';
import { openPages } from './open-page.ts';
import { nodeOf, selectedOf, treeOf } from './page-parts.ts';

const open = openPages();
const LARGE = 5000;

const search = (page: Page) => page.getByLabel('Search in tree');
const result = (page: Page) => page.getByRole('status', { name: 'Search result' });

async function openLarge() {
  const opened = await open({ filled: false });
  opened.fake.fill();
  opened.fake.setTree(bigTree(LARGE));
  await opened.page.getByText('5,000 nodes').waitFor();
  return opened;
}

describe('a large tree', () => {
  test('has few rows in the document, wherever it is scrolled to, and a key goes from end to end', async () => {
    const { page, complaints } = await openLarge();
    await page.getByRole('button', { name: 'Expand all' }).click();
    await treeOf(page).focus();
    await page.keyboard.press('End');
    await expect.poll(() => selectedOf(page).textContent()).toContain('Leaf8');
    expect(await nodeOf(page, /./).count()).toBeLessThan(100);
    await treeOf(page).evaluate(tree => {
      tree.scrollTop = tree.scrollHeight / 2;
    });
    await nodeOf(page, /Leaf/).nth(20).waitFor();
    expect(await nodeOf(page, /./).count()).toBeLessThan(100);
    await page.keyboard.press('Home');
    await expect.poll(() => selectedOf(page).getAttribute('aria-level')).toBe('1');
    await page.getByRole('button', { name: 'Collapse all' }).click();
    await expect.poll(() => nodeOf(page, /./).count()).toBe(2);
    expect(complaints).toEqual([]);
  });

  test('is searched to its end; the first match shows by itself, Enter goes on, also to what changed', async () => {
    const { page, fake } = await openLarge();
    await search(page).fill('/Leaf9$/');
    await result(page).getByText('499 matches').waitFor();
    await nodeOf(page, /^Leaf9/)
      .first()
      .waitFor();
    await search(page).press('Shift+Enter');
    await expect.poll(() => selectedOf(page).locator('[title]').first().getAttribute('title')).toBe('./Big/4/98/Leaf9');
    await search(page).fill('a needle');
    await result(page).getByText('0 matches').waitFor();
    fake.changeValue('./Big/2/7/Leaf3', 'a needle in it');
    await result(page).getByText('1 match').waitFor();
    await search(page).press('Enter');
    await expect.poll(() => selectedOf(page).textContent()).toContain('a needle in it');
  });
});

describe('a tree that changes while a person works in it', () => {
  test('the row that is clicked keeps the keys when its value changes, and is the one that is drawn', async () => {
    const { page, fake, complaints } = await open();
    await nodeOf(page, /^Man/).click();
    fake.changeValue('./DevInfo/Man', 'Another Maker');
    await nodeOf(page, /Another Maker/).waitFor();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => selectedOf(page).textContent()).toContain('Mod');
    // Nodes come above the row, and it is clicked before they are drawn.
    for (let n = 0; n < 5; n++) {
      fake.changeValue('./DevInfo/Man', `Maker ${n}`);
      fake.addNode(`./DevInfo/A${n}`, 'chr', '1');
      // In one go: a row that is drawn again may be another's.
      await page.evaluate(() => {
        const shown = [...document.querySelectorAll('[role=treeitem]')].find(row => row.textContent?.includes('FwV'));
        shown?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      });
      await expect.poll(() => selectedOf(page).textContent()).toContain('FwV');
      await nodeOf(page, /^Mod/).click();
    }
    expect(complaints).toEqual([]);
  });
});

describe('an expression that tries without end', () => {
  test('is ended and said to be too slow; page and search live on', async () => {
    const { page, fake, complaints } = await open();
    await nodeOf(page, 'FwV').waitFor();
    fake.changeValue('./Vendor/Note', 'a'.repeat(60));
    await search(page).fill('/^(a+)+$x/');
    await result(page).getByText('too slow').waitFor();
    await nodeOf(page, 'FwV').click();
    await expect.poll(() => selectedOf(page).textContent()).toContain('FwV');
    await search(page).fill('SmartPhone');
    await result(page).getByText('1 match').waitFor();
    expect(await nodeOf(page, /^Mod/).locator('mark').textContent()).toBe('SmartPhone');
    expect(complaints).toEqual([]);
  });
});
