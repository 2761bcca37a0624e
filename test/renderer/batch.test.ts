import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { countKeys, csvOf, iccidOf, makeTray, type TrayCard, trayCard, traySim } from '../support/card-tray.ts';
import { expectLostTries } from '../support/lost-tries.ts';
import { APPEARANCES, openPages } from './open-page.ts';

const open = openPages();
const A = 'Reader A';

const state = (page: Page, reader = A) => page.getByRole('status', { name: `State of ${reader}` });
const rows = (page: Page) => page.getByRole('listbox', { name: 'Cards of the batch' }).getByRole('option');
const counter = async (page: Page) =>
  (await page.getByLabel('Counters').getByRole('definition').allTextContents()).join(' ');

async function openBatch(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Batch…' }).click();
  await page.getByRole('region', { name: 'Read a list' }).waitFor();
}

async function readList(page: Page, text: string, name = 'tray.csv'): Promise<void> {
  await page
    .getByLabel('List of cards', { exact: true })
    .first()
    .setInputFiles({
      name,
      mimeType: 'text/csv',
      buffer: Buffer.from(text),
    });
}

const CP = `<wap-provisioningdoc version="1.0"><characteristic type="NAPDEF">
  <parm name="NAME" value="Meter {{iccid:-4}}"/><parm name="NAP-ADDRESS" value="{{apn}}"/>
  <characteristic type="NAPAUTHINFO"><parm name="AUTHTYPE" value="PAP"/><parm name="AUTHNAME" value="{{iccid}}"/>
  <parm name="AUTHSECRET" value="{{word}}"/></characteristic></characteristic></wap-provisioningdoc>`;

const SOUNDS: Readonly<Record<string, string>> = {
  Done: '880 1320',
  'Already done': '660 660',
  Failed: '220 165',
  'Wrong card': '392 196 196',
  'Put it back': '440 330 440',
};

async function chooseCp(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'Read a list' }).getByText('CP document', { exact: true }).click();
  await page
    .getByLabel('File of the CP document')
    .setInputFiles({ name: 'settings.xml', mimeType: 'text/xml', buffer: Buffer.from(CP) });
  await page.getByText('settings.xml', { exact: true }).waitFor();
}

const cpListOf = (tray: readonly TrayCard[]) =>
  ['iccid,adm,apn,word', ...tray.map(({ iccid, adm }, i) => `${iccid},${adm},m2m${i}.example,hunter${i}`)].join('\n');

async function start(page: Page, tray: readonly TrayCard[]): Promise<void> {
  await openBatch(page);
  await readList(page, csvOf(tray));
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await state(page).getByText('Next card').waitFor();
}

describe('a batch of cards', () => {
  test('a list with errors is not taken: every one with its line, no key on the page; dropped again it is', async () => {
    const { page, fake, complaints } = await open({ hash: '#/cards' });
    await openBatch(page);
    await readList(page, `iccid,adm\n${iccidOf(1)},1234567890\n12,12345678`);
    const problems = page.getByRole('table', { name: 'Problems of the list' }).getByRole('row');
    await problems.nth(2).waitFor();
    expect((await problems.allInnerTexts()).slice(1).map(text => text.split('\t').slice(0, 3))).toEqual([
      ['2', 'adm', 'error'],
      ['3', 'iccid', 'error'],
    ]);
    expect(await page.content()).not.toContain('1234567890');
    expect((await fake.batches.state()).batches).toEqual([]);
    const transfer = await page.evaluateHandle(
      text => {
        const data = new DataTransfer();
        data.items.add(new File([text], 'good.csv', { type: 'text/csv' }));
        return data;
      },
      csvOf([trayCard(1)]),
    );
    await page.getByRole('region', { name: 'Read a list' }).dispatchEvent('drop', { dataTransfer: transfer });
    await page.getByText('1 card to go').waitFor();
    expect(complaints).toEqual([]);
  });

  test('nothing but inserting cards: each outcome in a word of its own, counted, and with a sound', async () => {
    const { page, fake, complaints } = await open({ hash: '#/cards' });
    await page.evaluate(() => {
      const heard: string[] = [];
      const node = () => ({ connect: () => undefined, start: () => undefined, stop: () => undefined });
      const gain = { setValueAtTime: () => undefined, exponentialRampToValueAtTime: () => undefined };
      class Audio {
        currentTime = 0;
        destination = {};
        resume = async () => undefined;
        createGain = () => ({ ...node(), gain });
        createOscillator = () => {
          const frequency = {
            set value(hertz: number) {
              heard.push(String(hertz));
            },
          };
          return { ...node(), type: '', frequency };
        };
      }
      Object.assign(globalThis, { AudioContext: Audio, heard });
    });
    const heard = () => page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard.splice(0).join(' '));
    expectLostTries(1);
    const [good, wrongKey, torn] = [trayCard(1), trayCard(2, 'wrong-key'), trayCard(3, 'torn-and-back')];
    await start(page, [good, wrongKey, torn]);
    const show = async (card: TrayCard, word: string, tearAfter?: number) => {
      fake.batchReaders.insert(A, card.card);
      if (tearAfter !== undefined) card.card.tearAfter(tearAfter);
      await state(page).getByText(word, { exact: true }).waitFor();
      await expect.poll(heard).toBe(SOUNDS[word]);
      fake.batchReaders.remove(A);
    };
    await show(good, 'Done');
    await state(page).getByText('Next card').waitFor();
    await show(good, 'Already done');
    await show(wrongKey, 'Failed');
    await show(trayCard(9), 'Wrong card');
    await show(torn, 'Put it back', 38);
    expect(await counter(page)).toBe('1 1 1 3');
    await page.getByRole('button', { name: 'Sounds' }).click();
    fake.batchReaders.insert(A, torn.card);
    await state(page).getByText('Done', { exact: true }).waitFor();
    expect(await heard()).toBe('');
    expect(await counter(page)).toBe('2 1 0 3');
    expect(wrongKey.card.admTriesLeft).toBe(2);
    expect(complaints).toEqual([]);
  });

  test('two readers at once, one card in both is told as a duplicate', async () => {
    const { page, fake } = await open({ hash: '#/cards' });
    await start(page, [trayCard(1), trayCard(2)]);
    fake.batchReaders.insert(A, trayCard(1).card);
    await state(page).getByText('Done', { exact: true }).waitFor();
    fake.batchReaders.insert('Reader B', trayCard(1).card);
    await state(page, 'Reader B').getByText('Duplicate').waitFor();
  });

  test('stopped, it goes on another day: done cards stay done; result and report are files without keys', async () => {
    const { page, fake } = await open({ hash: '#/cards' });
    const tray = [trayCard(1), trayCard(2)] as const;
    await start(page, tray);
    fake.batchReaders.insert(A, tray[0].card);
    await state(page).getByText('Done', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    fake.batchReaders.remove(A);
    await page.getByText('1 card to go').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Result CSV' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('tray-result.csv');
    const csv = await readFile(await file.path(), 'utf8');
    expect(csv.split('\r\n').map(text => text.split(',').slice(0, 3).join(' '))).toEqual([
      'line iccid result',
      `2 ${tray[0].iccid} verified`,
      `3 ${tray[1].iccid} waiting`,
      '',
    ]);
    expect(csv).not.toContain(tray[1].adm);
    await page.reload();
    await page.getByRole('button', { name: 'Resume' }).click();
    fake.batchReaders.insert(A, tray[1].card);
    await state(page).getByText('Done', { exact: true }).waitFor();
    expect(await counter(page)).toBe('2 0 0 2');
  });

  test('any row shows what its card gets, with the template and without a secret', async () => {
    const { page } = await open({ hash: '#/cards' });
    await openBatch(page);
    await page.getByLabel('User', { exact: true }).fill('meter-{{iccid:-4}}');
    await readList(page, csvOf(makeTray(500, 0)));
    await page.getByText('500 cards to go').waitFor();
    expect(await rows(page).count()).toBeLessThan(60);
    await page.getByRole('listbox', { name: 'Cards of the batch' }).focus();
    await page.keyboard.press('End');
    const preview = page.getByRole('region', { name: 'Preview' });
    await preview.getByText('Line 501').waitFor();
    await preview.getByText(`meter-${iccidOf(500).slice(-4)}`, { exact: true }).waitFor();
    await preview.getByText('CLCRED AAuthSecret •••').waitFor();
  });

  test('the same list again goes on with its batch, and what may be wrong is told', async () => {
    const { page } = await open({ hash: '#/cards' });
    await openBatch(page);
    const text = csvOf([trayCard(1)])
      .replace(/\d(?=,)/, '0')
      .replace('iccid,adm', 'iccid,adm,colour')
      .replace(/$/, ',');
    await readList(page, text);
    await page.getByText('Line 1: column colour means nothing here').waitFor();
    await page.getByRole('button', { name: 'Read a list…' }).click();
    await readList(page, csvOf([trayCard(1)]).replace(/\d(?=,)/, '0'));
    await page.getByText('The same cards were a batch before').waitFor();
    await page.getByText('the check digit of').waitFor();
  });

  test('a CP document in the place of the account: dropped before the list, filled in for each row, secrets as bullets', async () => {
    const { page, fake, complaints } = await open({ hash: '#/cards' });
    await openBatch(page);
    const input = page.getByRole('region', { name: 'Read a list' });
    const transfer = await page.evaluateHandle(text => {
      const data = new DataTransfer();
      data.items.add(new File([text], 'settings.xml', { type: 'text/xml' }));
      return data;
    }, CP);
    await input.dispatchEvent('drop', { dataTransfer: transfer });
    await input.getByText('settings.xml', { exact: true }).waitFor();
    expect(await input.getByLabel('User', { exact: true }).count()).toBe(0);
    const tray = [trayCard(1), trayCard(2)] as const;
    await readList(page, csvOf(tray));
    await page.getByText('NAP-ADDRESS of the CP document names it, and the list has no such column').waitFor();
    await readList(page, cpListOf(tray));
    await page.getByText('2 cards to go').waitFor();
    await page.getByText('settings.xml, a CP document filled in from its line').waitFor();
    await rows(page).nth(1).click();
    const preview = page.getByRole('region', { name: 'Preview' });
    await preview.getByText('NAP-ADDRESS m2m1.example').waitFor();
    await preview.getByText(`NAME Meter ${tray[1].iccid.slice(-4)}`).waitFor();
    await preview.getByText('AUTHSECRET •••').waitFor();
    expect(await page.content()).not.toContain('hunter');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await state(page).getByText('Next card').waitFor();
    fake.batchReaders.insert(A, tray[0].card);
    await state(page).getByText('Done', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('a document that is none is told, and no list is taken for it', async () => {
    const { page, fake } = await open({ hash: '#/cards' });
    await openBatch(page);
    await page.getByRole('region', { name: 'Read a list' }).getByText('CP document', { exact: true }).click();
    expect(await page.getByRole('button', { name: 'Choose a list…' }).isDisabled()).toBe(true);
    await page
      .getByLabel('File of the CP document')
      .setInputFiles({ name: 'page.xml', mimeType: 'text/xml', buffer: Buffer.from('<html/>') });
    await readList(page, csvOf([trayCard(1)]));
    await page.getByText('the root element is html, not wap-provisioningdoc').waitFor();
    expect((await fake.batches.state()).batches).toEqual([]);
  });

  test('cards that do not tell their tries get no key before a person ticks it for this batch', async () => {
    const { page, fake, complaints } = await open({ hash: '#/cards' });
    const sim = traySim(1);
    const keys = countKeys(sim);
    await start(page, [sim, trayCard(2)]);
    fake.batchReaders.insert(A, sim.card);
    await state(page).getByText('Failed', { exact: true }).waitFor();
    await state(page).getByText('the key was not presented').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    const consent = page.getByRole('checkbox', { name: 'present the key once to each' });
    expect(await consent.isChecked()).toBe(false);
    await consent.click();
    await expect.poll(async () => (await fake.batches.state()).batches[0]?.unknownTries).toBe(true);
    expect(keys()).toBe(0);
    fake.batchReaders.remove(A);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('get their key presented once').waitFor();
    fake.batchReaders.insert(A, sim.card);
    await state(page).getByText('Done', { exact: true }).waitFor();
    expect(keys()).toBe(1);
    expect(complaints).toEqual([]);
  });

  test('three refused keys: a banner says why and which lines; it goes on with a corrected list, or with this one', async () => {
    const { page, fake, complaints, violations } = await open({ hash: '#/cards' });
    expectLostTries(3);
    const tray = [1, 2, 3, 4].map(number => trayCard(number, number < 4 ? 'wrong-key' : undefined));
    const last = tray[3] ?? trayCard(4);
    await start(page, tray);
    for (const { card } of tray.slice(0, 3)) {
      fake.batchReaders.insert(A, card);
      await state(page).getByText('Failed', { exact: true }).waitFor();
      fake.batchReaders.remove(A);
      await state(page)
        .getByText(/Next card|Halted/)
        .waitFor();
    }
    const banner = page.getByRole('alert', { name: 'The batch is halted' });
    await banner.getByText('3 keys in a row were refused').waitFor();
    await banner.getByText('Lines 2, 3, 4.').waitFor();
    expect(await violations()).toEqual([]);
    fake.batchReaders.insert(A, last.card);
    await state(page).getByText('Halted', { exact: true }).waitFor();
    await banner.getByRole('button', { name: 'Go on with this list' }).click();
    expect((await fake.batches.state()).running?.halt).toBeDefined();
    await banner.getByRole('button', { name: 'The list is right: go on' }).click();
    await state(page).getByText('Done', { exact: true }).waitFor();
    expect(await banner.count()).toBe(0);
    expect(await counter(page)).toBe('1 3 0 4');
    expect(complaints).toEqual([]);
  });

  test('a halted batch is stopped where a corrected list is read', async () => {
    const { page, fake } = await open({ hash: '#/cards' });
    expectLostTries(3);
    const tray = [1, 2, 3].map(number => trayCard(number, 'wrong-key'));
    await start(page, tray);
    for (const { card } of tray) {
      fake.batchReaders.insert(A, card);
      await state(page).getByText('Failed', { exact: true }).waitFor();
      fake.batchReaders.remove(A);
      await state(page)
        .getByText(/Next card|Halted/)
        .waitFor();
    }
    await page.getByRole('button', { name: 'Read a corrected list…' }).click();
    await page.getByRole('region', { name: 'Read a list' }).waitFor();
    expect((await fake.batches.state()).running).toBeUndefined();
    await readList(page, ['iccid,adm', ...tray.map(({ iccid }) => `${iccid},00000000`)].join('\n'));
    await page.getByText('3 cards to go').waitFor();
  });

  test('what was said to one card and to all of them is saved as a file', async () => {
    const { page, fake } = await open({ hash: '#/cards' });
    const tray = [trayCard(1), trayCard(2)] as const;
    await start(page, tray);
    expect(await page.getByRole('button', { name: 'Its APDU trace' }).count()).toBe(0);
    for (const { card } of tray) {
      fake.batchReaders.insert(A, card);
      await state(page).getByText('Done', { exact: true }).waitFor();
      fake.batchReaders.remove(A);
      await state(page).getByText('Next card').waitFor();
    }
    const saved = async (button: string, form: string) => {
      await page.getByRole('button', { name: button, exact: true }).click();
      const download = page.waitForEvent('download');
      await page.getByRole('menuitem', { name: form }).click();
      const file = await download;
      return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
    };
    const one = await saved('Its APDU trace', 'As text');
    expect(one.name).toBe(`apdus-${tray[0].iccid}.txt`);
    expect(one.text).toContain(`# line 2, card ${tray[0].iccid}, verified`);
    const all = await saved('APDU trace', 'As JSON');
    expect(all.name).toBe('tray-apdus.json');
    const { cards } = JSON.parse(all.text);
    expect(cards.map(({ iccid }: { iccid: string }) => iccid)).toEqual(tray.map(({ iccid }) => iccid));
    for (const { adm } of tray) expect(all.text).not.toContain(Buffer.from(adm).toString('hex'));
  });

  test('a batch is removed after it was asked twice', async () => {
    const { page, fake } = await open({ hash: '#/cards' });
    await openBatch(page);
    await readList(page, csvOf([trayCard(1)]));
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('button', { name: 'Remove it for good' }).click();
    await page.getByRole('region', { name: 'Read a list' }).waitFor();
    expect((await fake.batches.state()).batches).toEqual([]);
  });

  test('has an address, is reached and driven from the palette, and is still there after another room', async () => {
    const { page, fake, complaints } = await open({ hash: '#/cards' });
    const go = async (words: string) => {
      await page.keyboard.press('ControlOrMeta+k');
      await page.getByPlaceholder(/^Room, device/).fill(words);
      await page.keyboard.press('Enter');
    };
    await go('batches of');
    await readList(page, csvOf([trayCard(1)]));
    await page.getByText('1 card to go').waitFor();
    const [batch] = (await fake.batches.state()).batches;
    await expect.poll(() => new URL(page.url()).hash).toBe(`#/batches/${batch?.key}`);
    await go('start the batch');
    await state(page).getByText('Next card').waitFor();
    await page.keyboard.press('1');
    await page.getByRole('main', { name: 'Devices room' }).waitFor();
    await page.keyboard.press('3');
    await state(page).getByText('Next card').waitFor();
    await go('stop the batch');
    await page.getByRole('button', { name: 'Start', exact: true }).waitFor();
    await page.getByRole('button', { name: 'One card' }).click();
    await page.getByRole('button', { name: 'Batch…' }).waitFor();
    await page.goBack();
    await page.getByText('1 card to go').waitFor();
    expect(complaints).toEqual([]);
  });

  test.each(APPEARANCES)('breaks no rule of axe: $theme, $size.width wide', async ({ theme, size }) => {
    const { page, fake, violations } = await open({ hash: '#/cards', theme, size });
    const shot = async (name: string) => {
      const folder = process.env.DMW_SHOTS;
      if (folder) await page.screenshot({ path: `${folder}/${name}-${theme}-${size.width}.png` });
    };
    await openBatch(page);
    await readList(page, `iccid,adm\n${iccidOf(1)},1\n12,12345678`);
    await page.getByRole('table', { name: 'Problems of the list' }).waitFor();
    expect(await violations()).toEqual([]);
    await shot('input');
    await chooseCp(page);
    await readList(page, csvOf([trayCard(1)]));
    await page.getByText('NAP-ADDRESS of the CP document names it').waitFor();
    expect(await violations()).toEqual([]);
    await shot('input-cp');
    await page.getByText('DM account of this server').click();
    expectLostTries(1);
    const [good, wrongKey] = [trayCard(1), trayCard(2, 'wrong-key')];
    await readList(page, csvOf([good, wrongKey, ...makeTray(60, 0).slice(2)]));
    await page.getByText('60 cards to go').waitFor();
    expect(await violations()).toEqual([]);
    await shot('standing');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await state(page).getByText('Next card').waitFor();
    fake.batchReaders.insert(A, good.card);
    fake.batchReaders.insert('Reader B', wrongKey.card);
    await state(page).getByText('Done', { exact: true }).waitFor();
    await state(page, 'Reader B').getByText('Failed', { exact: true }).waitFor();
    expect(await violations()).toEqual([]);
    await shot('done-failed');
    fake.batchReaders.remove(A);
    fake.batchReaders.insert('Reader B', trayCard(99).card);
    fake.batchReaders.remove('Reader B');
    fake.batchReaders.insert('Reader B', trayCard(99).card);
    await state(page, 'Reader B').getByText('Wrong card').waitFor();
    expect(await violations()).toEqual([]);
    await shot('next-wrong');
    fake.batchReaders.insert('Reader C', good.card);
    await state(page, 'Reader C').getByText('Already done', { exact: true }).waitFor();
    await shot('three');
  });
});
