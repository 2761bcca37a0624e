/** What was said to the cards of a batch, kept with their rows. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CardTrace, unpackTrace } from '../../src-core/workbench/cards/batch/card-trace.ts';
import { type Bench, batchBench, closeBench, csvOf, present, type TrayCard, trayCard } from '../support/card-tray.ts';
import { expectLostTries } from '../support/lost-tries.ts';

const A = 'Reader A';

describe('the trace of one card', () => {
  it('keeps its last thousand commands and is small where they are alike', async () => {
    const trace = new CardTrace();
    let time = 0;
    const silent = { atr: new Uint8Array(), extended: false, disconnect: async () => undefined };
    const connection = trace.of({ ...silent, transmit: async () => Uint8Array.of(0x90, 0x00) }, () => time++);
    for (let i = 0; i < 1500; i += 1) await connection.transmit(Uint8Array.of(0x00, 0xb0, i >> 8, i & 0xff, 0x10));
    const kept = unpackTrace(trace.packed());
    expect([kept.length, kept[0]?.command, kept.at(-1)?.command]).toEqual([1000, '00B001F410', '00B005DB10']);
    expect(trace.packed().length).toBeLessThan(20_000);
  });
});

describe('traces of a batch', () => {
  let bench: Bench;
  let key: string;
  beforeEach(() => {
    bench = batchBench([A]);
  });
  afterEach(() => closeBench(bench));

  const take = async (tray: readonly TrayCard[]) => {
    key = (await bench.room.importList('tray 1.csv', csvOf(tray))).key ?? '';
    await bench.room.start(key);
  };
  const feed = async ({ card }: TrayCard, tearAfter?: number) => {
    const stage = await present(bench, A, card, tearAfter);
    bench.readers.remove(A);
    await bench.room.stop();
    await bench.room.start(key);
    return stage;
  };

  it('are one for each card, of its last run, without keys and content; seeing a done card again keeps it', async () => {
    expectLostTries(1);
    const [good, wrong, open] = [trayCard(1), trayCard(2, 'wrong-key'), trayCard(3)];
    await take([good, wrong, open]);
    expect(await feed(good)).toBe('verified');
    const before = await bench.room.trace(key, 2, 'text');
    expect(await feed(good)).toBe('already-done');
    expect(await bench.room.trace(key, 2, 'text')).toEqual(before);
    expect(before.name).toBe(`apdus-${good.iccid}.txt`);
    expect(before.text).toMatch(
      new RegExp(`^# line 2, card ${good.iccid}, verified: \\d+ bytes written: \\d+ commands`),
    );
    expect(before.text).toContain('UPDATE BINARY');
    expect(await feed(wrong)).toBe('failed');
    const { text } = await bench.room.trace(key, 3, 'json');
    expect(JSON.parse(text)).toMatchObject({ line: 3, iccid: wrong.iccid, state: 'failed', reader: A });
    expect(JSON.parse(text).apdus.at(-1)).toMatchObject({ statusWord: '63C2', command: '0020000A08•••' });
    await expect(bench.room.trace(key, 4, 'text')).rejects.toMatchObject({ code: 'no-trace' });
    const hex = (adm: string) => Buffer.from(adm).toString('hex').toUpperCase();
    for (const one of [good, wrong]) expect(before.text + text).not.toContain(hex(one.adm));
    expect(before.text).toMatch(/READ BINARY[^\n]*\n[^\n]*\n\s+< ••• \d+ bytes/);
  });

  it('of a card that comes back are those of the run that changed it last', async () => {
    const one = trayCard(1);
    await take([one]);
    expect(await feed(one, 38)).toBe('interrupted');
    const torn = JSON.parse((await bench.room.trace(key, 2, 'json')).text);
    expect(torn.apdus.at(-1)).toMatchObject({ ok: false, statusWord: '' });
    expect(await feed(one)).toBe('verified');
    const whole = JSON.parse((await bench.room.trace(key, 2, 'json')).text);
    expect(whole).toMatchObject({ state: 'verified' });
    expect(whole.apdus.every(({ statusWord }: { statusWord: string }) => statusWord !== '')).toBe(true);
  });

  it('are one file of all cards, put together from parts', async () => {
    const tray = Array.from({ length: 12 }, (_, i) => trayCard(i + 1));
    await take(tray);
    for (const one of tray.slice(0, 11)) await feed(one);
    const parts = async (form: 'text' | 'json', most?: number) => {
      const texts: string[] = [];
      for (let from: number | undefined = 0; from !== undefined; ) {
        const part = await bench.room.traces(key, form, from, most);
        texts.push(part.text);
        from = part.next;
      }
      return texts;
    };
    const [whole, many] = [await parts('json'), await parts('json', 1)];
    expect([whole.length, many.length]).toEqual([1, 12]);
    expect(many.join('')).toBe(whole.join(''));
    const { batch, cards } = JSON.parse(many.join(''));
    expect(batch).toBe('tray 1.csv');
    expect(cards.map(({ iccid }: { iccid: string }) => iccid)).toEqual(tray.slice(0, 11).map(({ iccid }) => iccid));
    expect((await parts('text', 1)).join('')).toBe((await parts('text')).join(''));
  });
});
