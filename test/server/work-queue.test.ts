/** The queue of a device under any order of work, answers, sessions that break off and restarts: nothing is lost, nothing done again. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Device } from '../../src-core/server/device.ts';
import { DeviceRegistry } from '../../src-core/server/device-registry.ts';
import { Effects } from '../../src-core/server/effects.ts';
import type { WorkRecord } from '../../src-core/server/work-item.ts';
import type { Store } from '../../src-core/store/contract.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import type { Command, Draft } from '../../src-core/syncml/message.ts';
import { status, uriOf } from './jobs/bench.ts';

const DEVICE = 'IMEI:1';

class Model {
  readonly store: Store = openSqliteStore(':memory:');
  /** How often the device was asked to do the command of each piece of work. */
  readonly sent = new Map<number, number>();
  /** Known to be answered, and on the disk. */
  readonly settled = new Set<number>();
  readonly cancelled = new Set<number>();
  device: Device | undefined;
  #registry: DeviceRegistry | undefined;
  #session: ReturnType<Device['workFor']> | undefined;
  #open: readonly Draft[] = [];
  #sessions = 0;

  async restart(): Promise<void> {
    this.#registry = await DeviceRegistry.load(this.store, () => 0);
    this.device = this.#registry.known(DEVICE);
    this.#registry.admit(this.device, 'user');
    // A device that was read before is not read whole in its first session.
    this.device.readings([{ uri: '.', format: 'node' }]);
    this.#session = undefined;
    this.#open = [];
    await this.save();
  }

  /** As the server does with every exchange. */
  async save(): Promise<void> {
    if (!this.device) return;
    const effects = new Effects();
    this.#registry?.save(this.device, effects);
    await effects.written();
    for (const { id, state } of (await this.store.jobs.ofDevice(DEVICE, 99)) as unknown as WorkRecord[])
      if (state === 'answered' || state === 'refused') this.settled.add(id);
  }

  async add(thenRead: boolean): Promise<void> {
    const id = this.device?.list.add({
      kind: 'send',
      commands: [{ kind: 'exec', uri: `./W${this.sent.size}` }],
      thenRead,
    });
    if (id !== undefined) this.sent.set(id, 0);
    await this.save();
  }

  async cancel(which: number): Promise<void> {
    const id = [...this.sent.keys()][which % Math.max(1, this.sent.size)];
    if (id !== undefined && this.device?.list.cancel(id)) this.cancelled.add(id);
    await this.save();
  }

  /** The next package goes out. */
  async send(): Promise<void> {
    this.#session ??= this.device?.workFor({ id: '1', key: String(++this.#sessions), encoding: 'wbxml' });
    this.#open = this.#session?.next() ?? [];
    for (const draft of this.#open) {
      const id = [...this.sent.keys()][Number(uriOf(draft).slice(3))] ?? 0;
      expect([this.settled.has(id), this.cancelled.has(id)]).toEqual([false, false]);
      this.sent.set(id, (this.sent.get(id) ?? 0) + 1);
    }
    await this.save();
  }

  async answer(code: number): Promise<void> {
    for (const draft of this.#open) {
      const command = { ...draft, cmdId: '1' } as Command;
      this.#session?.onStatus(command, status(command, code));
    }
    this.#open = [];
    await this.save();
  }

  async breakOff(): Promise<void> {
    this.#session?.breakOff();
    this.#session = undefined;
    this.#open = [];
    await this.save();
  }
}

type Act = (model: Model) => Promise<void>;
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.boolean().map(thenRead => (model: Model) => model.add(thenRead)),
  fc.nat(9).map(which => (model: Model) => model.cancel(which)),
  fc.constant<Act>(model => model.send()),
  fc.constantFrom(200, 404).map(code => (model: Model) => model.answer(code)),
  fc.constant<Act>(model => model.breakOff()),
  fc.constant<Act>(model => model.restart()),
);

describe('the queue', () => {
  it('loses nothing and does nothing again that is known to be done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 40 }), async acts => {
        const model = new Model();
        await model.restart();
        for (const one of acts) await one(model);
        await model.breakOff();
        for (let rounds = 0; (model.device?.work.queued ?? 0) > 0; rounds++) {
          expect(rounds).toBeLessThan(100);
          await model.send();
          await model.answer(200);
        }
        for (const [id, times] of model.sent) {
          expect(model.cancelled.has(id) || times > 0).toBe(true);
          expect(await model.store.jobs.get(id)).toMatchObject({ done: true });
        }
        await model.store.close();
      }),
      { numRuns: 100 },
    );
  });
});
