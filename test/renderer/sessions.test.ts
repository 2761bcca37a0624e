import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Draft } from '../../src-core/syncml/message.ts';
import { ordinaryMessages } from '../support/fake-messages.ts';
import { recordedHandset, recordedSession } from '../support/recorded-session.ts';
import { type OpenOptions, type OpenPage, type PageBench, startPageBench } from './open-page.ts';

const HANDSET = 'IMEI:493005100592800';
const PHONE = 'IMEI:352099001761499';

let bench: PageBench;
let folder: string;
let opened: OpenPage[] = [];

beforeAll(async () => {
  bench = await startPageBench();
  folder = await mkdtemp(join(tmpdir(), 'dmw-sessions-'));
}, 120_000);
afterAll(async () => {
  await bench?.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const one of opened) await one.close();
  opened = [];
});

async function open(options: OpenOptions = {}): Promise<OpenPage> {
  const one = await bench.open({ hash: '#/sessions', ...options });
  opened.push(one);
  await side(one.page, 'Session list').waitFor();
  return one;
}

const list = (page: Page): Locator => page.getByRole('listbox', { name: 'Sessions' });
const row = (page: Page, name: RegExp): Locator => list(page).getByRole('option', { name });
const session = (page: Page): Locator => page.getByRole('region', { name: 'Session', exact: true });
const ladder = (page: Page): Locator => session(page).getByRole('grid', { name: 'Message ladder' });
const message = (page: Page, place: number): Locator => ladder(page).getByRole('row').nth(place);
const side = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
const filter = (page: Page, name: string): Locator =>
  page.getByRole('search', { name: 'Filter sessions' }).getByLabel(name, { exact: true });
const number = (page: Page): Promise<number> => list(page).getByRole('option').count();

/** The first page of the list is there, as far as it is on screen. */
const all = (page: Page): Promise<void> => list(page).getByRole('option').nth(8).waitFor();

/** All texts of an element, a space between any two. */
const wordsOf = (element: Locator): Promise<string> =>
  element.evaluate(root => {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const words: string[] = [];
    while (texts.nextNode()) words.push(texts.currentNode.textContent ?? '');
    return words.join(' ').replace(/\s+/g, ' ').trim();
  });

const get = (uri: string): Draft => ({ kind: 'Get', items: [{ target: { uri } }] });
const GROUP: Draft = {
  kind: 'Sequence',
  commands: [get('./A/B'), { kind: 'Delete', items: [{ target: { uri: './A/None' } }] }],
};

/** A real session between both ends, as the newest of the handset. */
function addReal({ fake }: OpenPage, packages: readonly (readonly Draft[])[] = [[get('./A'), GROUP]]): void {
  const { messages } = recordedSession({ packages });
  const key = fake.recorded.add({ deviceId: HANDSET, sessionId: 'F1', startedAt: Date.now() }, messages);
  fake.recorded.events.emit({ kind: 'session', deviceId: HANDSET, sessionKey: key });
}

async function openReal(one: OpenPage, packages?: readonly (readonly Draft[])[]): Promise<void> {
  addReal(one, packages);
  await row(one.page, /Session F1/).click();
  await message(one.page, 1).waitFor();
}

describe('the list', () => {
  test('a session opens by keyboard, its messages too, and Escape leads back', async () => {
    const { page, complaints } = await open();
    await list(page).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await session(page).getByRole('heading', { name: 'Session 19' }).waitFor();
    await ladder(page).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await side(page, 'Message').getByText('Package 1 · msg 1').waitFor();
    await page.keyboard.press('Escape');
    await side(page, 'Message').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await list(page).and(page.locator(':focus')).waitFor();
    expect(complaints).toEqual([]);
  });

  test('the address leads back to session and message', async () => {
    const { page } = await open();
    await row(page, /Virtual handset 1.*Session 19/).click();
    await message(page, 3).click();
    await side(page, 'Message').getByText('Package 3 · msg 2').waitFor();
    await expect.poll(() => page.url()).toMatch(/#\/sessions\/15\/\d+$/);
    await page.reload();
    await side(page, 'Message').getByText('Package 3 · msg 2').waitFor();
  });

  test('a session that begins appears on top, and its messages as they come', async () => {
    const { page, fake } = await open();
    const [first, second] = ordinaryMessages();
    if (!first || !second) throw new Error('no messages');
    const key = fake.recorded.add({ deviceId: PHONE, sessionId: 'AA', startedAt: Date.now(), state: 'open' }, [first]);
    fake.recorded.events.emit({ kind: 'session', deviceId: PHONE, sessionKey: key });
    await list(page).getByRole('option').first().getByText('Session AA').waitFor();
    await row(page, /Session AA/).click();
    await expect.poll(() => ladder(page).getByRole('row').count()).toBe(2);
    await fake.recorded.say(key, second);
    await expect.poll(() => ladder(page).getByRole('row').count()).toBe(3);
    await row(page, /Session AA.*2 messages/).waitFor();
  });

  test('ten thousand sessions: few rows on the page, and the next ones come with the scroll', async () => {
    const { page, fake } = await open({ filled: false });
    fake.recorded.addMany(10_000, PHONE, Date.now() - 7 * 86_400_000);
    await page.reload();
    await row(page, /Session/)
      .first()
      .waitFor();
    await side(page, 'Session list').getByText('200 of 10,000').waitFor();
    await list(page).focus();
    for (const loaded of ['400', '600', '800']) {
      await page.keyboard.press('End');
      await side(page, 'Session list').getByText(`${loaded} of 10,000`).waitFor();
    }
    expect(await number(page)).toBeLessThan(60);
  });

  test('an empty room says how to fill it', async () => {
    const { page } = await open({ filled: false });
    await page.getByText('No session yet. It appears here when a device sends its first message').waitFor();
  });
});

describe('filters', () => {
  test('by device, state, code, URI and failed only, and back to all', async () => {
    const { page } = await open();
    await all(page);
    await filter(page, 'Device').selectOption({ label: 'Virtual handset 1' });
    await page.getByText('3 matches').waitFor();
    expect(await number(page)).toBe(3);
    await filter(page, 'State').selectOption('failed');
    await page.getByText('1 match', { exact: true }).waitFor();
    expect(await number(page)).toBe(1);
    await page.getByRole('button', { name: 'Clear' }).click();
    await filter(page, 'Status code').fill('425');
    await page.getByText('2 matches').waitFor();
    await filter(page, 'URI').fill('./vendor/app1');
    await page.getByText('1 match', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('search').getByLabel('failed only').check();
    await page.getByText('3 matches').waitFor();
  });

  test('by day', async () => {
    const { page } = await open();
    const today = new Date();
    const day = [today.getFullYear(), today.getMonth() + 1, today.getDate()]
      .map(n => String(n).padStart(2, '0'))
      .join('-');
    await filter(page, 'To day').fill('2020-01-01');
    await page.getByText('No session fits the filter.').waitFor();
    await filter(page, 'To day').fill(day);
    await page.getByText('16 matches').waitFor();
  });

  test('what is no code says so and filters nothing', async () => {
    const { page } = await open();
    await filter(page, 'Status code').fill('4');
    await expect.poll(() => filter(page, 'Status code').getAttribute('aria-invalid')).toBe('true');
    await all(page);
  });

  test('the messages that fit are marked, and can be shown alone', async () => {
    const one = await open();
    const { page } = one;
    await openReal(one);
    await filter(page, 'URI').fill('./a/none');
    await session(page).getByLabel('fitting the filter only (2)').check();
    expect(await ladder(page).locator('.message.hit').count()).toBe(2);
    expect(await ladder(page).locator('.message').count()).toBe(2);
  });

  test('a long search says how far it is, stops when asked to, and goes on', async () => {
    const { page, fake } = await open({ filled: false });
    fake.recorded.addMany(4000, PHONE, Date.now() - 4 * 86_400_000);
    await filter(page, 'Status code').fill('599');
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText(/looked through [\d,]+ of 4,000/).waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: 'Stop' }).waitFor();
  });
});

describe('one session', () => {
  test('each message with direction, package, size, encoding and time; commands of groups with their own statuses', async () => {
    const one = await open();
    const { page } = one;
    await openReal(one);
    const text = await wordsOf(message(page, 2));
    expect(text.replace(/ (?=[,)])|(?<=\() /g, '')).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} ▼ 2 · msg 1 Status ×3, Get \.\/A, Sequence \(Get \.\/A\/B, Delete \.\/A\/None\) 212 200 ×2 \d+ B WBXML 37 ms$/,
    );
    await message(page, 2).click();
    await side(page, 'Message').getByText('Commands', { exact: true }).click();
    const lines = side(page, 'Message').locator('.line-command');
    expect(await Promise.all((await lines.all()).map(wordsOf))).toEqual([
      '4 Get ./A 200 OK',
      '5 Sequence 2 inside 200 OK',
      '6 Get ./A/B 200 OK',
      '7 Delete ./A/None 404 Not found',
    ]);
  });

  test('says which identities acted with which credentials; their message opens from there', async () => {
    const one = await open();
    const { page } = one;
    await openReal(one);
    const acting = session(page).getByLabel('Who acted');
    const words = await wordsOf(acting);
    expect(words).toContain('Device IMEI:1 as device msg 1 MD5 212');
    expect(words).toContain('Server http://dm.example/dm as dm.example msg 1 MD5 212');
    await acting.getByRole('button', { name: 'msg 1' }).last().click();
    await side(page, 'Message').getByText('Package 2 · msg 1').waitFor();
  });

  test('says in full why it failed', async () => {
    const { page } = await open();
    await row(page, /Session 07/).click();
    const words = '401: wrong password, or a nonce that was used before; locked until tomorrow morning';
    const detail = session(page).getByRole('definition').filter({ hasText: words });
    const { width, whole } = await detail.evaluate(({ clientWidth, scrollWidth }) => ({
      width: clientWidth,
      whole: scrollWidth,
    }));
    expect(whole).toBe(width);
  });

  test('opens from the node that was read in it, also where its SessionID came again later', async () => {
    const { page, fake } = await open();
    const spec = { deviceId: HANDSET, sessionId: '1A' } as const;
    const key = fake.recorded.add({ ...spec, startedAt: 0 }, ordinaryMessages());
    fake.recorded.add({ ...spec, startedAt: Date.now() + 86_400_000 }, []);
    await page.keyboard.press('1');
    await page.getByRole('tree', { name: 'Device tree' }).getByRole('treeitem', { name: 'FwV' }).click();
    await page.getByLabel('Properties').getByRole('button', { name: 'session 1A' }).first().click();
    await expect.poll(() => page.url()).toMatch(new RegExp(`#/sessions/${key}$`));
    await session(page).getByRole('heading', { name: 'Session 1A' }).waitFor();
  });

  test('one that is not recorded says so', async () => {
    const { page } = await open({ hash: '#/sessions/999999' });
    await session(page).getByText('this session is not recorded').waitFor();
  });
});

describe('export and import', () => {
  async function save(page: Page, button: string): Promise<string> {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      side(page, 'Export session').getByRole('button', { name: button }).click(),
    ]);
    const path = join(folder, file.suggestedFilename());
    await file.saveAs(path);
    return path;
  }

  test('a file without secrets opens again, as imported, beside the records', async () => {
    const one = await open();
    const { page, fake } = one;
    await openReal(one);
    await session(page).getByRole('button', { name: 'Export' }).click();
    const path = await save(page, 'Save session file');
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
      format: 'dm-workbench-session',
      secrets: 'masked',
    });
    await page.getByLabel('Session file').setInputFiles(path);
    await session(page).getByText('imported').waitFor();
    await session(page).getByText('without secrets. It is no record of the device.').waitFor();
    await message(page, 1).click();
    await side(page, 'Message').getByText('1 place shown as •••').waitFor();
    expect(await fake.recorded.store.countSessions({})).toBe(17);
    await side(page, 'Opened files and replays')
      .getByRole('button', { name: /^Close/ })
      .click();
    await side(page, 'Opened files and replays').waitFor({ state: 'detached' });
  });

  test('what came without secrets offers no export with them', async () => {
    const one = await open();
    await openReal(one);
    const { text } = await one.fake.recorded.room.exportSession('1', 'file', 'masked');
    const { key } = await one.fake.recorded.room.importSession('x.json', text);
    await one.page.goto(`${one.page.url().replace(/#.*/, '')}#/sessions/${key}`);
    await session(one.page).getByRole('button', { name: 'Export' }).click();
    const panel = side(one.page, 'Export session');
    await panel.getByText('It came without secrets, and stays without them').waitFor();
    expect(await panel.getByRole('radio').count()).toBe(0);
  });

  test('with its secrets only when chosen', async () => {
    const one = await open();
    await openReal(one);
    await session(one.page).getByRole('button', { name: 'Export' }).click();
    await side(one.page, 'Export session').getByLabel('As it was on the wire').check();
    expect(JSON.parse(await readFile(await save(one.page, 'Save session file'), 'utf8'))).toMatchObject({
      secrets: 'included',
    });
  });

  test('the page to mail opens without the workbench', async () => {
    const one = await open();
    const { page } = one;
    await openReal(one);
    await session(page).getByRole('button', { name: 'Export' }).click();
    const path = await save(page, 'Save as HTML');
    await page.goto(`file://${path}`);
    await page.getByRole('heading', { name: /Virtual handset 1 · session F1/ }).waitFor();
    await page.getByRole('link', { name: '2', exact: true }).click();
    expect(await page.locator('details').count()).toBe(4);
  });

  test('what is no session file says why and what to do', async () => {
    const { page } = await open();
    const path = join(folder, 'other.json');
    await writeFile(path, '{"format": "something else"}');
    await page.getByLabel('Session file').setInputFiles(path);
    await page.getByText('this is no session file: format is "something else"').waitFor();
  });
});

describe('replay', () => {
  async function replay(page: Page, against: string): Promise<Locator> {
    await session(page).getByRole('button', { name: 'Replay' }).click();
    await side(page, 'Replay session').getByLabel(against, { exact: true }).check();
    await side(page, 'Replay session').getByRole('button', { name: 'Replay', exact: true }).click();
    return side(page, 'Result of the replay');
  }

  test('against a server session: no difference, and the replayed session opens', async () => {
    const one = await open();
    await openReal(one);
    const result = await replay(one.page, 'A server session in memory');
    await result.getByText('no difference').waitFor();
    await result.getByText('4 of 4 messages against a server session in memory').waitFor();
    await result.getByRole('link', { name: 'Open the replayed session' }).click();
    await session(one.page).getByText('Made by a replay against a server session in memory.').waitFor();
  });

  test('against a virtual handset: the first difference with element, both values and its message', async () => {
    const one = await open();
    const { messages } = await recordedHandset([[get('./Vendor/Battery/Level')]], 'wbxml');
    const planted = messages.map(record => ({
      ...record,
      bytes: Uint8Array.from(Buffer.from(Buffer.from(record.bytes).toString('latin1').replace('83', '42'), 'latin1')),
    }));
    one.fake.recorded.add({ deviceId: HANDSET, sessionId: 'F2', startedAt: Date.now() }, planted);
    await one.page.reload();
    await row(one.page, /Session F2/).click();
    const result = await replay(one.page, 'A virtual handset');
    await result.getByText('1 difference').waitFor();
    const difference = await wordsOf(result.locator('.difference'));
    expect(difference).toBe('Message 3 SyncBody/Results/Item/Data recorded 42 replayed 83');
    await result.getByRole('button', { name: 'Message 3' }).click();
    await side(one.page, 'Message').getByText('Package 3 · msg 2').waitFor();
  });

  test('a server that is not there: it broke off, and why', async () => {
    const one = await open();
    await openReal(one);
    await session(one.page).getByRole('button', { name: 'Replay' }).click();
    const panel = side(one.page, 'Replay session');
    await panel.getByLabel('A DM server at an address').check();
    await panel.getByRole('textbox', { name: 'Address' }).fill('http://127.0.0.1:9/dm');
    await panel.getByRole('button', { name: 'Replay', exact: true }).click();
    // What was recorded proves the device to the server it spoke to, and to no other.
    await panel.getByText('password', { exact: false }).first().waitFor();
    await panel.getByRole('textbox', { name: 'Password' }).fill('another');
    await panel.getByRole('button', { name: 'Replay', exact: true }).click();
    await panel.getByText('broke off').waitFor();
    await panel.getByText('cannot be reached', { exact: false }).waitFor();
  });

  test('on a device: the exact commands before they go out, and the first difference in its answers', async () => {
    const one = await open();
    await openReal(one, [[get('./A/B')]]);
    await session(one.page).getByRole('button', { name: 'Replay' }).click();
    const panel = side(one.page, 'Replay session');
    await panel.getByLabel('A device', { exact: true }).check();
    await panel.getByRole('figure', { name: 'Command as it will be sent' }).getByText('./A/B').waitFor();
    await panel.getByRole('button', { name: 'Replay', exact: true }).click();
    await panel.getByText('waiting for the device to connect').waitFor();
    expect(one.fake.asked).toEqual(['send read ./A/B']);
    await one.fake.work.hold(HANDSET, true);
    await panel.getByText('1 difference').waitFor();
    await panel.getByText('1 of 1 commands answered by Virtual handset 1').waitFor();
    await panel.getByText('Get ./A/B → Results ./A/B').waitFor();
  });

  test('the palette offers what can be done with the session', async () => {
    const one = await open();
    await openReal(one);
    await one.page.keyboard.press('Control+k');
    await one.page.keyboard.type('replay session');
    await one.page.keyboard.press('Enter');
    await side(one.page, 'Replay session').waitFor();
  });
});

describe('commands by hand', () => {
  test('hold the session, send a command into it, and see its answer beside it', async () => {
    const { page, fake } = await open();
    await row(page, /Virtual handset 1.*Session 1A/).click();
    await session(page).getByRole('button', { name: 'Commands' }).click();
    const panel = side(page, 'Commands by hand');
    await panel.getByRole('button', { name: 'Hold session' }).click();
    await panel.getByRole('button', { name: 'Let go' }).waitFor();
    await panel.getByLabel('URI', { exact: true }).fill('./Vendor/Clock');
    await panel.getByRole('figure', { name: 'Command as it will be sent' }).getByText('./Vendor/Clock').waitFor();
    await panel.getByRole('button', { name: 'Send Get' }).click();
    const sent = panel.getByRole('list', { name: 'Sent, newest first' }).getByRole('listitem').first();
    await sent.locator('summary').getByText('200 OK').waitFor();
    await sent.locator('summary').click();
    await sent.getByRole('article', { name: 'Get ./Vendor/Clock' }).waitFor();
    expect(fake.asked).toEqual([`hold ${HANDSET}`, 'send read ./Vendor/Clock']);
  });

  test('there are none for a session from a file', async () => {
    const one = await open();
    await openReal(one);
    const { text } = await one.fake.recorded.room.exportSession('1', 'file', 'masked');
    const { key } = await one.fake.recorded.room.importSession('x.json', text);
    await one.page.goto(`${one.page.url().replace(/#.*/, '')}#/sessions/${key}`);
    await session(one.page).getByText('imported').waitFor();
    expect(await session(one.page).getByRole('button', { name: 'Commands' }).count()).toBe(0);
  });
});

describe.each(['light', 'dark'] as const)('accessible, %s', theme => {
  test('axe finds nothing in the empty room', { timeout: 60_000 }, async () => {
    const { page, violations } = await open({ theme, filled: false });
    await page.getByText('No session yet').waitFor();
    expect(await violations()).toEqual([]);
  });

  test.each([
    { width: 1440, height: 900 },
    { width: 1100, height: 760 },
  ])('axe finds nothing at $width, and nothing is wider than the window', { timeout: 120_000 }, async size => {
    const one = await open({ theme, size });
    const { page } = one;
    await openReal(one);
    await session(page).getByRole('button', { name: 'Export' }).click();
    await side(page, 'Export session').waitFor();
    expect(await one.violations()).toEqual([]);
    await message(page, 2).click();
    await side(page, 'Message').getByRole('tree').waitFor();
    await session(page).getByRole('button', { name: 'Replay' }).click();
    await side(page, 'Replay session').getByRole('button', { name: 'Replay', exact: true }).click();
    await page.getByText('no difference').first().waitFor();
    await filter(page, 'Status code').fill('4xx');
    await page
      .getByText(/\d match/)
      .first()
      .waitFor();
    expect(await one.violations()).toEqual([]);
    await session(page).getByRole('button', { name: 'Commands' }).click();
    await side(page, 'Commands by hand').waitFor();
    expect(await one.violations()).toEqual([]);
    const width = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(width).toBeLessThanOrEqual(0);
  });
});
