/** Through the real pcscd and vpcd. Every APDU costs about 48 ms here: few of them. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { Secret } from '../../src-core/base/secret.ts';
import { lockCardBench } from '../../src-core/card/bench-lock.ts';
import { readBootstrapAsHandset } from '../../src-core/card/handset-view.ts';
import { identifyCard } from '../../src-core/card/layout.ts';
import { openPcscReaders } from '../../src-core/card/pcsc.ts';
import { pcscdState, startPcscd } from '../../src-core/card/pcscd.ts';
import { planCard, verifyPlan, writePlan } from '../../src-core/card/provision.ts';
import { waitForReader } from '../../src-core/card/reader.ts';
import { attachToVpcd, VPCD_SLOTS, type VpcdAttachment } from '../../src-core/card/vpcd.ts';
import { DEFAULT_ICCID } from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, DEFAULT_ADM1 } from '../../src-core/virtual/uicc/uicc.ts';
import { type PcscdBench, usePcscd } from '../support/pcscd.ts';
import { readerContract } from './reader-contract.ts';

const [SLOT] = VPCD_SLOTS;
const HOST = '127.0.0.1';
/** More than the longest wait for another program on the virtual reader. */
const WAIT_FOR_BENCH_MS = 150_000;
const ADM = Secret.ofText(DEFAULT_ADM1);
const DOCUMENT = Uint8Array.from({ length: 300 }, (_, i) => i % 251);

describe('real pcscd', () => {
  let bench: PcscdBench | undefined;
  beforeAll(async () => {
    bench = await usePcscd();
  }, WAIT_FOR_BENCH_MS);
  afterAll(() => bench?.release());

  readerContract(async () => {
    let inserted: VpcdAttachment | undefined;
    const remove = async () => {
      await inserted?.detach();
      inserted = undefined;
    };
    return {
      service: await openPcscReaders(),
      reader: SLOT.reader,
      insert: async card => {
        inserted = await attachToVpcd({ host: HOST, port: SLOT.port, card });
      },
      remove,
      release: remove,
    };
  });

  it('provisions a card; one pulled during the write is an error and can be resumed', async () => {
    const service = await openPcscReaders();
    const card = createUicc();
    const insert = async () => {
      const attached = await attachToVpcd({ host: HOST, port: SLOT.port, card });
      await waitForReader(service, SLOT.reader, reader => reader.state === 'present', 5000);
      return attached;
    };
    let attached = await insert();
    try {
      const first = await service.connect(SLOT.reader);
      const plan = await planCard(first, DOCUMENT);
      expect(plan.apdusToWrite).toBe(5);
      const write = writePlan(first, plan, ADM, {
        onProgress: ({ done }) => {
          if (done === 1) card.tearAfter(1);
        },
      });
      await expect(write).rejects.toMatchObject({ name: 'CardError', code: 'card-removed' });
      await first.disconnect();
      await attached.detached;
      attached = await insert();

      const second = await service.connect(SLOT.reader);
      await expect(verifyPlan(second, plan)).rejects.toMatchObject({ code: 'verify-failed' });
      expect(await writePlan(second, plan, ADM)).toMatchObject({ updates: 3 });
      await verifyPlan(second, plan);
      expect(toHex(await readBootstrapAsHandset(second))).toBe(toHex(DOCUMENT));
      await second.disconnect();
    } finally {
      await attached.detach();
      await service.close();
    }
  });

  it('comes back after its process was killed: the readers are gone, then there, and the card is read again', async () => {
    const before = await childrenOfOurs();
    const service = await openPcscReaders();
    const [pid = 0] = (await childrenOfOurs()).filter(child => !before.includes(child));
    const attached = await attachToVpcd({ host: HOST, port: SLOT.port, card: createUicc() });
    try {
      await waitForReader(service, SLOT.reader, reader => reader.state === 'present', 5000);
      const faults: (string | undefined)[] = [];
      service.watch((_, fault) => faults.push(fault?.code));
      const connection = await service.connect(SLOT.reader);
      process.kill(pid, 'SIGKILL');
      await expect.poll(() => faults).toContain('pcsc-crashed');
      await expect(connection.transmit(fromHex('00A40004023F00'))).rejects.toMatchObject({ code: 'pcsc-crashed' });
      await waitForReader(service, SLOT.reader, reader => reader.state === 'present', 5000);
      expect(faults.at(-1)).toBeUndefined();
      const again = await service.connect(SLOT.reader);
      expect((await identifyCard(again)).iccid).toBe(DEFAULT_ICCID);
      await again.disconnect();
    } finally {
      await attached.detach();
      await service.close();
    }
  });

  it('says that the slot is taken', async () => {
    const first = await attachToVpcd({ host: HOST, port: SLOT.port, card: createUicc() });
    const second = attachToVpcd({ host: HOST, port: SLOT.port, card: createUicc() });
    await expect(second).rejects.toMatchObject({ name: 'TransportError', code: 'vpcd-slot-taken' });
    await first.detach();
  });
});

/** Processes that this one started and that speak PC/SC. */
async function childrenOfOurs(): Promise<number[]> {
  const listed = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
  const found: number[] = [];
  for (const pid of listed.trim().split(' ').filter(Boolean).map(Number)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('pcsc-process')) found.push(pid);
  }
  return found;
}

describe('a pcscd of our own', () => {
  it(
    'starts over stale files, refuses a second one, and comes back for a watch that lost it',
    async () => {
      const unlock = await lockCardBench(120_000);
      const service = await openPcscReaders();
      try {
        const counts: number[] = [];
        service.watch(readers => counts.push(readers.length));
        const first = await startPcscd();
        expect(await pcscdState()).toBe('running');
        await expect(startPcscd()).rejects.toMatchObject({ code: 'pcscd-running' });
        await waitForReader(service, SLOT.reader, reader => reader.state === 'empty', 5000);
        process.kill(first.pid, 'SIGKILL');
        await expect.poll(() => counts.at(-1), { timeout: 5000 }).toBe(0);
        expect(await pcscdState()).toBe('installed-not-running');
        await expect(service.readers()).rejects.toMatchObject({ name: 'TransportError', code: 'pcsc-absent' });
        await expect(service.connect(SLOT.reader)).rejects.toMatchObject({ code: 'pcsc-absent' });

        const second = await startPcscd();
        await first.stop().catch(() => undefined);
        await expect.poll(() => counts.at(-1), { timeout: 5000 }).toBeGreaterThan(0);
        await second.stop();
        expect(existsSync('/run/pcscd/pcscd.pid')).toBe(false);
      } finally {
        await service.close();
        await unlock();
      }
    },
    WAIT_FOR_BENCH_MS,
  );
});

describe('vpcd without pcscd', () => {
  it('says that nothing listens', async () => {
    const server = createServer();
    const port = await new Promise<number>(resolve => {
      server.listen(0, HOST, () => {
        const address = server.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    await new Promise(resolve => server.close(resolve));
    await expect(attachToVpcd({ host: HOST, port, card: createUicc() })).rejects.toMatchObject({ code: 'vpcd-absent' });
  });
});
