/**
 * The laboratory: a virtual card in a reader, a virtual handset, and a virtual cable between it and this machine. What
 * lies between is real where the machine has it (pcscd with vpcd, pseudo-terminals), else in this process.
 */
import { describeError, TransportError } from '../base/errors.ts';
import { lockCardBench } from '../card/bench-lock.ts';
import { createInProcessReaders } from '../card/in-process.ts';
import { pcscdState, startPcscd } from '../card/pcscd.ts';
import { type ReaderService, waitForReader } from '../card/reader.ts';
import { attachToVpcd, VPCD_SLOTS } from '../card/vpcd.ts';
import type { SerialLink } from '../handset/link.ts';
import type { PortRegistry } from '../handset/ports.ts';
import { openSerialPort } from '../handset/serial-port.ts';
import { createMemoryCable } from '../virtual/cable/memory.ts';
import { createPtyPair } from '../virtual/cable/socat.ts';
import { createModem } from '../virtual/modem/modem.ts';
import type { ModemIdentity } from '../virtual/modem/responses.ts';
import { serveModem } from '../virtual/modem/serve.ts';
import type { Uicc } from '../virtual/uicc/uicc.ts';

export interface LabReader {
  readonly service: ReaderService;
  /** Readers of this process that nobody knows yet; the PC/SC service is known already. */
  readonly isNew: boolean;
  readonly name: string;
  /** How the card is reached, and why so, in words for a person. */
  readonly note: string;
  close(): Promise<void>;
}

/** `may-start`: a daemon of our own where pcscd is installed and none runs; `if-running`: never start one. */
export type PcscdUse = 'may-start' | 'if-running' | 'never';

const READER_MS = 8_000;
/** Another test run or demo on this machine may be starting and stopping pcscd. */
const LOCK_MS = 60_000;

/**
 * Puts the card into a reader behind the real pcscd where that can be had, else into one of this process.
 * @param pcsc the PC/SC service; undefined where its binding is not built.
 */
export async function openLabReader(card: Uicc, use: PcscdUse, pcsc: ReaderService | undefined): Promise<LabReader> {
  if (use === 'never') return inProcessReader(card, 'asked for');
  if (!pcsc) return inProcessReader(card, 'the PC/SC binding is not built');
  try {
    return await pcscdReader(card, use, pcsc);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return inProcessReader(card, describeError(error));
  }
}

function inProcessReader(card: Uicc, why: string): LabReader {
  const service = createInProcessReaders();
  const name = 'Virtual reader';
  service.insert(name, card);
  return {
    service,
    isNew: true,
    name,
    note: `in-process reader (${why})`,
    async close() {
      service.remove(name);
      await service.close();
    },
  };
}

/** Closes what was opened, last first; one that fails does not keep the others open. */
class Closers {
  readonly #closers: (() => Promise<void> | void)[] = [];

  add(close: () => Promise<void> | void): void {
    this.#closers.unshift(close);
  }

  async close(): Promise<void> {
    const errors: unknown[] = [];
    for (const close of this.#closers.splice(0)) await Promise.resolve(close()).catch(error => errors.push(error));
    if (errors.length > 0) throw errors[0];
  }
}

/** @throws TransportError where pcscd or its virtual reader cannot be had. */
async function pcscdReader(card: Uicc, use: PcscdUse, service: ReaderService): Promise<LabReader> {
  const closers = new Closers();
  try {
    if (use === 'may-start') closers.add(await lockCardBench(LOCK_MS));
    const note = await ensurePcscd(use, closers);
    const { slot, attachment } = await attachToFreeSlot(card);
    closers.add(() => attachment.detach());
    await waitForReader(service, slot.reader, reader => reader.state === 'present', READER_MS);
    return { service, isNew: false, name: slot.reader, note, close: () => closers.close() };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function ensurePcscd(use: PcscdUse, closers: Closers): Promise<string> {
  const state = await pcscdState();
  if (state === 'running') return 'the running pcscd, virtual UICC behind vpcd';
  if (state === 'not-installed' || use === 'if-running') {
    throw new TransportError(
      'pcsc-absent',
      state === 'not-installed' ? 'pcscd is not installed' : 'pcscd does not run',
    );
  }
  const daemon = await startPcscd();
  closers.add(() => daemon.stop());
  return `a pcscd of our own (pid ${daemon.pid}), virtual UICC behind vpcd`;
}

async function attachToFreeSlot(card: Uicc) {
  const [first, ...others] = VPCD_SLOTS;
  for (const slot of [first, ...others]) {
    try {
      return { slot, attachment: await attachToVpcd({ host: '127.0.0.1', port: slot.port, card }) };
    } catch (error) {
      const taken = error instanceof TransportError && error.code === 'vpcd-slot-taken';
      if (!taken || slot === others.at(-1)) throw error;
    }
  }
  throw new TransportError('vpcd-slot-taken', 'no virtual reader is free');
}

export interface LabCable {
  /** Where this machine finds the handset. */
  readonly path: string;
  readonly note: string;
  /** Opens the near end; the port registry knows who holds it. */
  open(holder: string): Promise<SerialLink>;
  close(): Promise<void>;
}

/** A cable with the handset's modem at its far end: a pseudo-terminal pair by socat, or one in memory without socat. */
export async function openLabCable(identity: ModemIdentity, ports: PortRegistry): Promise<LabCable> {
  const modem = createModem({ identity });
  try {
    const pair = await createPtyPair();
    const far = await openSerialPort(pair.b);
    const stop = serveModem(far, modem);
    return {
      path: pair.a,
      note: 'pseudo-terminal pair by socat',
      open: holder => ports.open(pair.a, holder),
      async close() {
        stop();
        await far.close();
        await pair.close();
      },
    };
  } catch (error) {
    if (!(error instanceof TransportError) || error.code !== 'socat-missing') throw error;
    const cable = createMemoryCable();
    const stop = serveModem(cable.b, modem);
    return {
      path: cable.a.path,
      note: `cable in memory (${describeError(error)})`,
      open: async () => cable.a,
      close: async () => {
        stop();
        cable.unplug();
      },
    };
  }
}
