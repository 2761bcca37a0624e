/** Commands for a node over the fake workbench: exact before they are sent, answered where they were clicked; and the batch. */
import { describe, expect, test } from 'vitest';
import { act, choose, lastOf, next, preview, shows } from './node-parts.ts';
import { openPages } from './open-page.ts';
import { clipboard, nodeOf, treeOf } from './page-parts.ts';

const open = openPages();

describe('commands', () => {
  test('without an open session the click waits: node, row and list say so, until it is cancelled', async () => {
    const { page, fake } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await choose(page, './Vendor/Ratio');
    await page.keyboard.press('F2');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('0.5');
    await page.keyboard.press('Enter');
    await lastOf(page).getByText('queued', { exact: true }).waitFor();
    await nodeOf(page, /^Ratio/)
      .getByRole('img', { name: 'Replace: queued' })
      .waitFor();
    await page.getByRole('tab', { name: 'Commands 1' }).click();
    const commands = page.getByRole('region', { name: 'Commands', exact: true });
    await commands.getByRole('figure', { name: 'Command as it was sent' }).getByText('./Vendor/Ratio').waitFor();
    await commands.getByRole('button', { name: 'Cancel Replace ./Vendor/Ratio' }).click();
    await lastOf(page).getByText('cancelled').waitFor();
    await expect
      .poll(() =>
        nodeOf(page, /^Ratio/)
          .getByRole('img')
          .count(),
      )
      .toBe(0);
    expect(fake.asked).toEqual(['send replace ./Vendor/Ratio', 'cancel 1']);
  });

  test('in a held session the status comes back to the node, the value flashes, and undo offers the former one', async () => {
    const { page, fake } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await choose(page, './Vendor/Ratio');
    await page.getByRole('button', { name: 'Hold session' }).click();
    await page.getByText(/^in session 1B · held/).waitFor();
    await page.keyboard.press('F2');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('0.5');
    await preview(page).getByText('sent at once in the open session').waitFor();
    await page.keyboard.press('Control+Enter');
    await lastOf(page).getByText('200 OK').waitFor();
    await nodeOf(page, /^Ratio 0\.75\s*0\.5/).waitFor();
    await lastOf(page).getByRole('button', { name: 'Undo' }).click();
    await shows(page, '<Data>0.75</Data>');
    fake.work.code = 405;
    await page.getByRole('button', { name: 'Send Replace' }).click();
    await lastOf(page).getByText('405 Command not allowed').waitFor();
    await nodeOf(page, /^Ratio/)
      .getByRole('img', { name: 'Replace: 405 Command not allowed' })
      .waitFor();
    await page.getByRole('button', { name: 'Let go' }).click();
    await page.getByRole('button', { name: 'Hold session' }).waitFor();
  });

  test('Get, Copy, Exec and Delete: the exact command stands there, copies as bytes, and is sent', async () => {
    const { page, fake } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await choose(page, './DevInfo');
    await treeOf(page).press('Control+Enter');
    await expect.poll(() => fake.asked).toEqual(['read ./DevInfo']);
    fake.asked.length = 0;
    await next(page).getByLabel('What to read').selectOption('?list=TNDS');
    await shows(page, '<LocURI>./DevInfo?list=TNDS</LocURI>');
    await next(page).getByRole('button', { name: 'Copy command as WBXML hex' }).click();
    expect(await clipboard(page)).toMatch(/^[0-9A-F]+$/);
    await next(page).getByRole('button', { name: 'Send Get' }).click();
    await lastOf(page).getByText('queued', { exact: true }).waitFor();
    await choose(page, './Vendor/Note');
    await act(page, 'Copy').click();
    await next(page).getByLabel('Copy it to').fill('./Vendor/Note/Below');
    await next(page).getByText('not copied to a place below itself').waitFor();
    await next(page).getByLabel('Copy it to').fill('./Vendor/Note2');
    await shows(page, './Vendor/Note2</LocURI></Target><Source><LocURI>./Vendor/Note</LocURI>');
    await page.keyboard.press('Enter');
    await expect.poll(() => fake.asked.length).toBe(2);
    await choose(page, './Vendor/Enabled');
    await page.keyboard.press('F8');
    await next(page).getByLabel('Correlator (optional)').fill('c-7');
    await shows(page, '<Correlator>c-7</Correlator>');
    await page.keyboard.press('Enter');
    await expect.poll(() => fake.asked.length).toBe(3);
    await choose(page, './Vendor');
    await treeOf(page).press('Delete');
    await next(page).getByText('6 nodes below it go with it.').waitFor();
    await next(page).getByRole('button', { name: 'Send Delete' }).click();
    await expect
      .poll(() => fake.asked)
      .toEqual([
        'send read ./DevInfo?list=TNDS',
        'send copy ./Vendor/Note to ./Vendor/Note2',
        'send execute ./Vendor/Enabled',
        'send delete ./Vendor',
      ]);
  });

  test('Add: what the description offers is filled in; a name that is there is refused', async () => {
    const { page, fake } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await choose(page, './DMAcc/Example');
    await act(page, 'Add').click();
    await next(page)
      .getByRole('group', { name: /^May be added/ })
      .getByRole('button', { name: /^PrefConRef chr/ })
      .click();
    await shows(page, '<LocURI>./DMAcc/Example/PrefConRef</LocURI>');
    await next(page).getByLabel('Name').fill('AppID');
    await next(page).getByText('A node of this name is there already.').waitFor();
    await next(page).getByLabel('Name').fill('Ext');
    await next(page).getByLabel('Format').selectOption('node');
    await shows(page, '<Format xmlns="syncml:metinf">node</Format>');
    await page.getByRole('button', { name: 'Send Add' }).click();
    await lastOf(page).waitFor({ state: 'attached' });
    await expect.poll(() => fake.asked).toEqual(['send add ./DMAcc/Example/Ext']);
  });

  test('ACL, name and title are set by Replace of the property, the ACL explained while it is edited', async () => {
    const { page } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await choose(page, './Vendor');
    await page.keyboard.press('F9');
    await next(page).getByLabel('Who may Exec').selectOption('only these');
    await next(page).getByText('Name the servers that may Exec, or choose nobody.').waitFor();
    await next(page).getByLabel('Servers that may Exec').fill('a b=c');
    await next(page).getByText('is no server identifier').waitFor();
    await next(page).getByLabel('Servers that may Exec').fill('dm.example, b.example');
    await next(page).getByText('dm.example and b.example may execute it').waitFor();
    await shows(page, '<LocURI>./Vendor?prop=ACL</LocURI></Target><Data>Get=*&amp;Replace=dm.example+backup.example');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+F2');
    await next(page).getByLabel('New name').fill('DMAcc');
    await next(page).getByText('A sibling has this name.').waitFor();
    await next(page).getByLabel('New name').fill('Maker');
    await shows(page, '<LocURI>./Vendor?prop=Name</LocURI></Target><Data>Maker</Data>');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+F9');
    await next(page).getByLabel('New title').fill('x'.repeat(256));
    await next(page).getByText('A title has 255 bytes at most').waitFor();
  });

  test('what speaks against a command stands beside it', async () => {
    const { page, fake } = await open();
    fake.work.problems = [{ text: 'FwV takes Get only', advice: 'Read it instead', severity: 'warning' }];
    await choose(page, './DevDetail/FwV');
    await act(page, 'Delete').click();
    await preview(page).getByText('FwV takes Get only').waitFor();
    await preview(page).getByText('Read it instead').waitFor();
  });
});

describe('batch', () => {
  test('several commands are gathered, moved, refused in an Atomic, sent as a Sequence, each with its status', async () => {
    const { page, fake } = await open();
    await page.getByRole('button', { name: 'Hold session' }).click();
    const collect = async (uri: string, name: string) => {
      await choose(page, uri);
      await act(page, name).click();
      await next(page).getByRole('button', { name: 'Batch' }).click();
    };
    await collect('./Vendor/Ratio', 'Replace');
    await collect('./Vendor/Note', 'Get');
    await collect('./Vendor/Icon', 'Delete');
    const batch = page.getByRole('region', { name: 'Batch' });
    const list = batch.getByRole('list', { name: 'Commands of the batch' });
    await batch.getByRole('button', { name: 'Move up: Delete ./Vendor/Icon' }).click();
    await expect.poll(() => list.textContent()).toMatch(/1\s*Replace[\s\S]*2\s*Delete[\s\S]*3\s*Get/);
    await batch.getByText('Atomic', { exact: true }).click();
    await batch.getByText('A Get stands in no Atomic').waitFor();
    expect(await batch.getByRole('button', { name: 'Send 3 commands' }).isDisabled()).toBe(true);
    await batch.getByRole('button', { name: 'Remove: Get ./Vendor/Note' }).click();
    await expect
      .poll(() => batch.getByRole('figure').textContent())
      .toMatch(/<Atomic[\s\S]*<Replace>[\s\S]*<Delete>[\s\S]*<\/Atomic>/);
    await batch.getByRole('button', { name: 'Send 2 commands' }).click();
    const answer = page.getByRole('region', { name: 'Command and answer' });
    const inner = answer.getByRole('list', { name: 'Commands inside the Atomic' }).getByRole('listitem');
    await expect
      .poll(async () => (await inner.allTextContents()).map(text => text.replace(/\s+/g, ' ')))
      .toEqual(['1.1Replace./Vendor/Ratio200 OK', '1.2Delete./Vendor/Icon200 OK']);
    await expect.poll(() => nodeOf(page, /^Icon/).count()).toBe(0);
    expect(fake.asked.at(-1)).toBe('send atomic of 2 commands');
    await page.getByRole('tab', { name: 'Batch' }).click();
    await page.getByText('Draft a command for a node').waitFor();
  });

  test('a question to the person at the device stands among the commands', async () => {
    const { page } = await open();
    await nodeOf(page, 'FwV').waitFor();
    await page.keyboard.press('Control+Shift+B');
    const batch = page.getByRole('region', { name: 'Batch' });
    await batch.getByRole('button', { name: 'Ask…' }).click();
    const form = batch.getByRole('form', { name: 'Ask the person' });
    await form.getByLabel('Ask', { exact: true }).selectOption('choice');
    await form.getByLabel('Text').fill('Which one?');
    await form.getByText('Give two choices or more.').waitFor();
    await form.getByLabel('Choices, one a line').fill('first\nsecond');
    await form.getByRole('button', { name: 'Add the question' }).click();
    await batch.getByRole('list', { name: 'Commands of the batch' }).getByText('Which one?').waitFor();
    await expect
      .poll(() => batch.getByRole('figure').textContent())
      .toMatch(/<Data>1103<\/Data>[\s\S]*<Data>Which one\?<\/Data>[\s\S]*<Data>second<\/Data>/);
  });
});
