import { describe, expect, test } from 'vitest';
import { openPages } from './open-page.ts';
import { nodeOf, selectedOf } from './page-parts.ts';

const open = openPages();

describe('getting in', () => {
  test('the token leaves the address and still opens the page after a reload', async () => {
    const { page, complaints } = await open();
    await nodeOf(page, 'FwV').waitFor();
    expect(page.url()).not.toContain('token');
    await page.reload();
    await nodeOf(page, 'FwV').waitFor();
    expect(complaints).toEqual([]);
  });

  test.each(['none', 'wrong'])('token %s: the page says which address to open, and asks no more', async token => {
    const { page, server, violations } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await page.evaluate(() => sessionStorage.clear());
    await page.goto('about:blank');
    await page.goto(`http://127.0.0.1:${server.port}/${token === 'none' ? '' : '?token=wrong'}`);
    await page.getByRole('heading', { name: 'This address has no key' }).waitFor();
    expect(await page.getByRole('main').textContent()).toContain('npm start');
    expect(await violations()).toEqual([]);
  });

  test('a lost core leaves what was seen on the screen and says so', async () => {
    const { page, server, fake } = await open({ apart: true });
    await nodeOf(page, 'FwV').waitFor();
    await server.close();
    await page.getByText('Connection to the core lost.').waitFor();
    await nodeOf(page, 'FwV').waitFor();
    await page.getByRole('button', { name: 'Read subtree' }).click();
    await page.getByText('The core is not connected').waitFor();
    expect(fake.asked).toEqual([]);
  });

  test('a connection that blinks comes back by itself, with what changed meanwhile', async () => {
    const { page, fake } = await open({ apart: true });
    let drop = async () => {};
    await page.routeWebSocket(/\/api\?token=/, socket => {
      const core = socket.connectToServer();
      drop = async () => {
        await core.close();
        await socket.close();
      };
    });
    await page.reload();
    await nodeOf(page, /^FwV 1.0.4/).waitFor();
    await drop();
    fake.changeValue('./DevDetail/FwV', '1.0.5');
    await nodeOf(page, /^FwV 1.0.4\s*1.0.5/).waitFor();
    await expect.poll(() => page.getByText('Connection to the core lost.').count()).toBe(0);
  });
});

describe('go to anything', () => {
  test('rooms by number, and by palette to devices, readers and URIs', async () => {
    const { page } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await page.keyboard.press('3');
    await page.getByRole('heading', { name: 'Provision card' }).waitFor();
    await page.keyboard.press('1');
    await nodeOf(page, 'FwV').waitFor();
    for (const [text, url] of [
      ['omnikey', '#/cards/HID%20Global'],
      ['gateway', '#/devices/user%3Agateway-lab-7'],
      ['virtual handset', '#/devices/IMEI%3A493005100592800'],
    ] as const) {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Go to' }).fill(text);
      await expect.poll(() => page.getByRole('dialog').getByRole('option').count()).toBe(1);
      await page.keyboard.press('Enter');
      await expect.poll(() => page.url()).toContain(url);
    }
    await nodeOf(page, 'FwV').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to' }).fill('aauth secret');
    await expect.poll(() => page.getByRole('dialog').getByRole('option').count()).toBe(1);
    await page.keyboard.press('Enter');
    await expect.poll(() => selectedOf(page).textContent()).toContain('AAuthSecret');
  });

  test('finds nodes also where another room was opened first', async () => {
    const { page } = await open({ hash: '#/sessions' });
    await page.getByRole('main', { name: 'Sessions room' }).waitFor();
    await expect
      .poll(async () => {
        await page.keyboard.press('Control+k');
        await page.getByRole('combobox', { name: 'Go to' }).fill('aauth secret');
        const found = await page.getByRole('dialog').getByRole('option').count();
        if (found === 0) await page.keyboard.press('Escape');
        return found;
      })
      .toBe(1);
  });

  test('the theme follows the system until another is chosen, and is remembered', async () => {
    const { page } = await open({ theme: 'dark' });
    const scheme = () => page.evaluate(() => document.documentElement.dataset.mantineColorScheme);
    await expect.poll(scheme).toBe('dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(scheme).toBe('light');
    await page.getByRole('button', { name: 'Theme: system' }).click();
    await page.getByRole('button', { name: 'Theme: light' }).click();
    await expect.poll(scheme).toBe('dark');
    await page.reload();
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
    expect(await scheme()).toBe('dark');
  });
});
