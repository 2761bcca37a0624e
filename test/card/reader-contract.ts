/** What every reader service promises; run over the in-process readers and over the real pcscd. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { type CardConnection, type ReaderService, waitForReader } from '../../src-core/card/reader.ts';
import { createUicc, type Uicc } from '../../src-core/virtual/uicc/uicc.ts';

export interface ContractBench {
  readonly service: ReaderService;
  readonly reader: string;
  insert(card: Uicc): Promise<void>;
  remove(): Promise<void>;
  release(): Promise<void>;
}

const ATR = '3B9F96801FC78031A073BE21136743200718000001A5';
const SELECT_BOOTSTRAP = fromHex('00A4080C047F506431');
const READ_BYTE = fromHex('00B0000001');
const RIGHT_KEY = fromHex('0020000A083132333435363738');
const UPDATE = fromHex('00D6000001AA');

export function readerContract(open: () => Promise<ContractBench>): void {
  let bench: ContractBench;
  const open_: CardConnection[] = [];
  const connect = async () => {
    const connection = await bench.service.connect(bench.reader);
    open_.push(connection);
    return connection;
  };
  const reaches = (state: string) => waitForReader(bench.service, bench.reader, reader => reader.state === state, 5000);
  const insert = async (card = createUicc()) => {
    await bench.insert(card);
    await reaches('present');
    return card;
  };

  beforeEach(async () => {
    bench = await open();
  });
  afterEach(async () => {
    for (const connection of open_.splice(0)) await connection.disconnect();
    await bench.service.close();
    await bench.release();
  });

  describe('contract', () => {
    it('shows readers and cards that come and go', async () => {
      const seen: string[] = [];
      const stop = bench.service.watch(readers => {
        const state = readers.find(reader => reader.name === bench.reader)?.state ?? 'none';
        if (seen.at(-1) !== state) seen.push(state);
      });
      await reaches('empty');
      await insert();
      const reader = (await bench.service.readers()).find(candidate => candidate.name === bench.reader);
      expect(reader).toMatchObject({ name: bench.reader, state: 'present' });
      expect(toHex(reader?.atr ?? new Uint8Array())).toBe(ATR);
      await bench.remove();
      await reaches('empty');
      await expect.poll(() => seen, { timeout: 3000 }).toEqual(['empty', 'present', 'empty']);
      stop();
      await insert();
      expect(seen).toHaveLength(3);
    });

    it('carries bytes as they are and is exclusive', async () => {
      await insert();
      const connection = await connect();
      expect(toHex(connection.atr)).toBe(ATR);
      expect(toHex(await connection.transmit(SELECT_BOOTSTRAP))).toBe('9000');
      expect(toHex(await connection.transmit(READ_BYTE))).toBe('FF9000');
      await expect(connect()).rejects.toMatchObject({ name: 'TransportError', code: 'reader-busy' });
    });

    it('shared, serves several that read, keeps out who wants it alone, and is not reset for the others', async () => {
      await insert();
      const share = async () => {
        const connection = await bench.service.connect(bench.reader, 'shared');
        open_.push(connection);
        return connection;
      };
      const [one, two] = [await share(), await share()];
      await one.transmit(SELECT_BOOTSTRAP);
      await expect(connect()).rejects.toMatchObject({ code: 'reader-busy' });
      await two.disconnect();
      expect(toHex(await one.transmit(READ_BYTE))).toBe('FF9000');
      await one.disconnect();
      const alone = await connect();
      await expect(share()).rejects.toMatchObject({ code: 'reader-busy' });
      await alone.disconnect();
    });

    it('closes with the connection what a key opened', async () => {
      const card = await insert();
      const first = await connect();
      await first.transmit(RIGHT_KEY);
      await first.transmit(SELECT_BOOTSTRAP);
      expect(toHex(await first.transmit(UPDATE))).toBe('9000');
      await first.disconnect();
      await first.disconnect();
      await expect(first.transmit(READ_BYTE)).rejects.toMatchObject({ code: 'card-removed' });
      const second = await connect();
      await second.transmit(SELECT_BOOTSTRAP);
      expect(toHex(await second.transmit(UPDATE))).toBe('6982');
      expect(card.file('3F007F506431')[0]).toBe(0xaa);
    });

    it('refuses an unknown reader and an empty one', async () => {
      await reaches('empty');
      await expect(bench.service.connect('No such reader')).rejects.toMatchObject({ code: 'reader-unknown' });
      await expect(connect()).rejects.toMatchObject({ name: 'CardError', code: 'no-card' });
    });

    it('fails for a card pulled during a command and serves the next one', async () => {
      const card = await insert();
      const connection = await connect();
      card.tearAfter(1);
      await expect(connection.transmit(SELECT_BOOTSTRAP)).rejects.toMatchObject({
        name: 'CardError',
        code: 'card-removed',
      });
      await expect(connection.transmit(READ_BYTE)).rejects.toMatchObject({ code: 'card-removed' });
      await reaches('empty');
      await bench.remove();
      await insert(card);
      await expect(connection.transmit(SELECT_BOOTSTRAP)).rejects.toMatchObject({ code: 'card-removed' });
      await connection.disconnect();
      expect(toHex(await (await connect()).transmit(SELECT_BOOTSTRAP))).toBe('9000');
    });
  });
}
