/** A DM server over HTTP with work for one device, and what became of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandInput } from '../../src-core/server/jobs/command-input.ts';
import type { JobSpec } from '../../src-core/server/jobs/spec.ts';
import type { WorkRecord } from '../../src-core/server/work-item.ts';
import { decodeMessage } from '../../src-core/syncml/codec.ts';
import type { Exchange, VirtualHandset } from '../../src-core/virtual/handset/handset.ts';
import { exchangeOverHttp } from '../../src-core/virtual/handset/http-exchange.ts';
import { type DmBench, type DmBenchOptions, startDmBench } from '../support/dm-bench.ts';

export const DEVICE = 'IMEI:493005100592800';
export const BRIGHTNESS = './Vendor/Display/Brightness';

export const send = (...commands: CommandInput[]): JobSpec => ({ kind: 'send', commands, thenRead: true });
export const get: CommandInput = { kind: 'get', uri: BRIGHTNESS };
export const replace = (value: string): CommandInput => ({ kind: 'replace', uri: BRIGHTNESS, format: 'int', value });

/** Fails the test where it does not come true soon. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isTrue()); tries++) {
    if (tries > 400) throw new Error(`${what}: did not come true`);
    await sleep(10);
  }
}

export class WorkBench {
  bench: DmBench;

  private constructor(bench: DmBench) {
    this.bench = bench;
  }

  static async start(options: DmBenchOptions = {}): Promise<WorkBench> {
    return new WorkBench(await startDmBench(options));
  }

  async restart(options: DmBenchOptions): Promise<void> {
    await this.bench.close();
    this.bench = await startDmBench(options);
  }

  /** A handset whose tree the server has read. */
  async knownHandset(exchange: Exchange = exchangeOverHttp): Promise<VirtualHandset> {
    const handset = this.bench.handset(await this.bench.account('device'), {}, exchange);
    await handset.connect();
    return handset;
  }

  /** The same handset after a restart: its tree as it is, its nonces as the server has them. */
  async knownAgain(
    before: VirtualHandset,
    account: Awaited<ReturnType<DmBench['account']>>,
    exchange: Exchange = exchangeOverHttp,
  ): Promise<VirtualHandset> {
    const stored = await this.bench.store.findAccount(account.client.name);
    const client = { ...account.client, nonce: stored?.clientNonce ?? new Uint8Array() };
    const server = { ...account.server, nonce: stored?.serverNonce ?? new Uint8Array() };
    const handset = this.bench.handset({ ...account, client, server }, {}, exchange);
    handset.tree.replace(BRIGHTNESS, before.tree.get(BRIGHTNESS, 'device').value ?? '', 'device');
    return handset;
  }

  add(spec: JobSpec) {
    return this.bench.dm.live.add(DEVICE, spec);
  }

  async work(id: number): Promise<WorkRecord> {
    const record = await this.bench.store.jobs.get(id);
    if (!record) throw new Error(`there is no work ${id}`);
    return record as unknown as WorkRecord;
  }

  async isDone(id: number): Promise<boolean> {
    return (await this.work(id)).done;
  }

  get isHeld(): boolean {
    return this.bench.dm.live.held(DEVICE)?.state === 'held';
  }

  /** The last session's commands of the server, as `Get ./A`. */
  async sentCommands(): Promise<string[]> {
    const [session] = await this.bench.store.sessions(DEVICE, 1);
    const messages = session ? await this.bench.store.messages(session.key) : [];
    return messages
      .filter(({ direction }) => direction === 'down')
      .flatMap(({ bytes, encoding }) => decodeMessage(bytes, encoding).commands)
      .filter(({ kind }) => kind !== 'Status')
      .map(command => `${command.kind} ${'items' in command ? (command.items[0]?.target?.uri ?? '') : ''}`);
  }
}
