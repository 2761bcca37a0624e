/** The node in hand over the fake workbench: properties, description, history, and an editor for each format. */
import { describe, expect, test } from 'vitest';
import { act, choose, next, preview, shows } from './node-parts.ts';
import { openPages } from './open-page.ts';
import { nodeOf, properties } from './page-parts.ts';

const open = openPages();

describe('node in hand', () => {
  test('all properties, what the description says, and the ACL in words', async () => {
    const { page } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await choose(page, './DevDetail/FwV');
    const text = () => properties(page).textContent();
    expect(await text()).toMatch(
      /Format · Type\s*chr · text\/plain\s*Name\s*FwV\s*Title\s*–\s*ACL\s*Get=\*&Add=dm\.example/,
    );
    expect(await text()).toMatch(/Size · VerNo\s*5 bytes · 0\s*TStamp\s*2026-11-23 22:14:07 UTC/);
    await properties(page).getByRole('region', { name: 'Description' }).getByText('Firmware version').waitFor();
    await properties(page).getByText('in words').click();
    const words = properties(page).getByRole('list', { name: 'ACL in words' });
    await words.getByText('Every server may read its value and properties').waitFor();
    await words.getByText('Nobody may execute it').waitFor();
  });

  test('a former value comes back from the history as a Replace', async () => {
    const { page } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await choose(page, './DevDetail/FwV');
    const history = properties(page).getByRole('list', { name: 'History of the value' });
    await expect.poll(() => history.textContent()).toMatch(/1\.0\.4 session 1A\s*now[\s\S]*1\.0\.3 session 19/);
    await history.getByRole('button', { name: 'Replace with the value of session 19' }).click();
    await shows(page, '<Data>1.0.3</Data>');
  });

  test('a secret stands behind bullets until it is revealed, in the tree and in the palette too', async () => {
    const { page, fake } = await open();
    await nodeOf(page, 'FwV').waitFor();
    fake.changeValue('./DMAcc/Example/AppAuth/1/AAuthSecret', 'hunter2');
    await choose(page, './DMAcc/Example/AppAuth/1/AAuthSecret');
    await properties(page).getByText('••••••', { exact: true }).waitFor();
    await nodeOf(page, /AAuthSecret.*••••••/).waitFor();
    expect(await page.content()).not.toContain('hunter2');
    await properties(page).getByRole('button', { name: 'Reveal' }).click();
    await properties(page).getByText('hunter2', { exact: true }).waitFor();
    await properties(page).getByRole('button', { name: 'Hide' }).click();
    await act(page, 'Replace').click();
    await next(page).getByLabel('New value').fill('better');
    await shows(page, './DMAcc/Example/AppAuth/1/AAuthSecret</LocURI>');
    expect(await preview(page).textContent()).not.toContain('better');
  });
});

describe('editors by format', () => {
  test('text and numbers: typed, counted, refused where they do not fit, and shown as they are sent', async () => {
    const { page } = await open();
    const field = next(page).getByLabel('New value');
    const edit = async (uri: string) => {
      await choose(page, uri);
      await page.keyboard.press('F2');
      await expect.poll(() => field.evaluate(e => e === document.activeElement)).toBe(true);
    };
    await edit('./Vendor/Clock');
    await field.press('ArrowUp');
    await shows(page, '<Data>2</Data>');
    await edit('./Vendor/Ratio');
    await field.fill('half');
    await next(page).getByText('Format float takes a number').waitFor();
    expect(await next(page).getByRole('button', { name: 'Send Replace' }).isDisabled()).toBe(true);
    await field.fill('-1.5e3');
    await shows(page, '<Data>-1.5e3</Data>');
    await edit('./DevInfo/Lang');
    await field.fill(' zh');
    await next(page).getByText('white space at its ends is sent').waitFor();
    await shows(page, '<Data> zh</Data>');
  });

  test('bool by choice, date and time by calendar and clock, in the way the device writes them', async () => {
    const { page, fake } = await open();
    await nodeOf(page, 'FwV').waitFor();
    fake.addNode('./Vendor/Day', 'date', '20261123');
    fake.addNode('./Vendor/Alarm', 'time', '22:14:07Z');
    await choose(page, './Vendor/Enabled');
    await page.keyboard.press('F2');
    await next(page).getByRole('radio', { name: 'false' }).focus();
    await page.keyboard.press('ArrowLeft');
    await shows(page, '<Data>true</Data>');
    await choose(page, './Vendor/Day');
    await page.keyboard.press('F2');
    await next(page).getByLabel('Pick the date').fill('2028-02-29');
    await shows(page, '<Data>20280229</Data>');
    await next(page).getByLabel('New value').fill('20270229');
    await next(page).getByText('Format date takes a date').waitFor();
    await choose(page, './Vendor/Alarm');
    await page.keyboard.press('F2');
    await next(page).getByLabel('Pick the time').fill('06:30:00');
    await shows(page, '<Data>06:30:00Z</Data>');
  });

  test('bytes as hexadecimal and text, XML checked and laid out', async () => {
    const { page } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await choose(page, './Vendor/Icon');
    await page.keyboard.press('F2');
    const hex = next(page).getByLabel('New value as hexadecimal');
    const text = next(page).getByLabel('New value as text');
    expect(await text.isDisabled()).toBe(true);
    await hex.fill('444D2');
    await next(page).getByText('Pairs of hexadecimal digits').waitFor();
    expect(await next(page).getByRole('button', { name: 'Send Replace' }).isDisabled()).toBe(true);
    await hex.fill('444D20');
    await expect.poll(() => text.inputValue()).toBe('DM ');
    await text.fill('DM é');
    await expect.poll(() => hex.inputValue()).toBe('444D 20C3 A9');
    await shows(page, '<Data>RE0gw6k=</Data>');
    await choose(page, './Vendor/Policy');
    await page.keyboard.press('F2');
    const xml = next(page).getByLabel('New value');
    await xml.fill('<a><b>1</b>');
    await next(page).getByText('error on line 1').waitFor();
    await xml.fill('<a><b>1</b></a>');
    await next(page).getByText('well-formed').waitFor();
    await next(page).getByRole('button', { name: 'Lay out' }).click();
    expect(await xml.inputValue()).toBe('<a>\n  <b>1</b>\n</a>');
  });
});
