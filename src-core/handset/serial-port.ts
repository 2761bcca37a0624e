/** A serial link over a real port, through the npm package `serialport`. */
import type { SerialPort } from 'serialport';
import { TransportError } from '../base/errors.ts';
import { type LinkEnd, LinkListeners } from '../base/link-listeners.ts';
import { makeHangUpVisible } from './hang-up.ts';
import type { SerialLink } from './link.ts';

export interface SerialSettings {
  /** Bits a second; always 8 data bits, no parity, 1 stop bit. USB handsets ignore it. */
  readonly baudRate: number;
}

export const DEFAULT_SETTINGS: SerialSettings = { baudRate: 115_200 };

interface SerialTimeouts {
  /** How long the operating system may take to open a port (Bluetooth ports connect first). Milliseconds. */
  readonly openMs: number;
  /** How long the far end may take no bytes at all. Milliseconds. */
  readonly writeMs: number;
  /** How long closing may take. Milliseconds. */
  readonly closeMs: number;
}

const DEFAULT_TIMEOUTS: SerialTimeouts = { openMs: 15_000, writeMs: 5_000, closeMs: 2_000 };

/**
 * Opens a port exclusively. Callers that share ports go through `PortRegistry.open`.
 * @throws TransportError `port-busy`, `port-missing`, `port-denied`, `port-unusable`, `serialport-missing`
 */
export async function openSerialPort(
  path: string,
  settings: SerialSettings = DEFAULT_SETTINGS,
  timeouts: Partial<SerialTimeouts> = {},
): Promise<SerialLink> {
  const limits = { ...DEFAULT_TIMEOUTS, ...timeouts };
  const { SerialPort } = await loadSerialport();
  const port = new SerialPort({ path, baudRate: settings.baudRate, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(
        new TransportError('port-unusable', `${path} did not open within ${limits.openMs / 1000} s`, {
          advice: 'Check that the handset is on and near, then plug the cable again or choose another port',
          details: { port: path },
        }),
      );
    }, limits.openMs);
    port.open(error => {
      clearTimeout(timer);
      // Nobody waits for a port that opens after all: give it back.
      if (late && !error) port.close(() => {});
      else if (error) reject(openError(path, error));
      else resolve();
    });
  });
  makeHangUpVisible(port);
  return new SerialPortLink(port, limits);
}

/** Loaded at first use: start-up does not pay for a native module that the person may not need. */
export async function loadSerialport(): Promise<typeof import('serialport')> {
  try {
    return await import('serialport');
  } catch (cause) {
    throw new TransportError('serialport-missing', 'The serial port module of this installation cannot be loaded', {
      advice: 'Run `npm install` again on this machine; the rest of the workbench works without it',
      cause,
    });
  }
}

/** `serialport` gives plain errors: only the text of the operating system tells them apart. */
function openError(path: string, cause: Error): TransportError {
  const details = { port: path };
  if (/cannot lock port|access denied|resource busy/i.test(cause.message))
    return new TransportError('port-busy', `${path} is held by another program`, {
      advice: 'Close the terminal or modem program that uses it (on Linux ModemManager may), then try again',
      details,
      cause,
    });
  if (/no such file|file not found|no such device/i.test(cause.message))
    return new TransportError('port-missing', `There is no serial port ${path}`, {
      advice: 'Plug the handset in, or choose one of the listed ports',
      details,
      cause,
    });
  if (/permission denied/i.test(cause.message))
    return new TransportError('port-denied', `This user may not open ${path}`, {
      advice: 'On Debian add the user to the group: `sudo usermod -aG dialout $USER`, then log in again',
      details,
      cause,
    });
  return new TransportError('port-unusable', `${path} cannot be opened as a serial port: ${cause.message}`, {
    advice: 'Check the path and its speed, or choose one of the listed ports',
    details,
    cause,
  });
}

/** Bytes handed to the operating system at a time. */
const PART = 4096;

class SerialPortLink implements SerialLink {
  readonly path: string;
  readonly #port: SerialPort;
  readonly #limits: SerialTimeouts;
  readonly #listeners = new LinkListeners();
  /** Rejects of the writes under way: their callbacks may never fire once the port is gone. */
  readonly #writing = new Set<(error: TransportError) => void>();
  #closing: Promise<void> | undefined;
  /** Writes go one after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(port: SerialPort, limits: SerialTimeouts) {
    this.path = port.path;
    this.#port = port;
    this.#limits = limits;
    // Always reading, because `serialport` notices a hang-up only while it reads.
    port.on('data', (chunk: Buffer) => this.#listeners.arrive(Uint8Array.from(chunk)));
    port.on('error', (cause: Error) => this.#vanish(cause));
    port.on('close', (cause: Error | null) => (cause ? this.#vanish(cause) : this.#finish({})));
  }

  write(bytes: Uint8Array): Promise<void> {
    const copy = Buffer.from(bytes);
    const turn = this.#turn.then(() => this.#send(copy));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** In parts, so that a long write may take its time as long as the far end takes bytes at all. */
  async #send(bytes: Buffer): Promise<void> {
    for (let start = 0; start === 0 || start < bytes.length; start += PART) {
      await this.#sendPart(bytes.subarray(start, start + PART));
    }
  }

  #sendPart(part: Buffer): Promise<void> {
    const { end } = this.#listeners;
    if (end) return Promise.reject(end.error ?? this.#closedError());
    if (this.#closing) return Promise.reject(this.#closedError());
    return new Promise<void>((resolve, reject) => {
      const settle = (error?: TransportError) => {
        clearTimeout(timer);
        this.#writing.delete(settle);
        if (error) reject(error);
        else resolve();
      };
      const timer = setTimeout(() => settle(this.#stalledError()), this.#limits.writeMs);
      this.#writing.add(settle);
      // A failed write also raises 'error' on the port, which ends the link and with it every write under way.
      this.#port.write(part, error => (error ? this.#vanish(error) : settle()));
    });
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    return this.#listeners.onData(listener);
  }

  onClose(listener: (error?: TransportError) => void): () => void {
    return this.#listeners.onClose(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#listeners.end ? Promise.resolve() : this.#closePort();
    return this.#closing;
  }

  #closePort(): Promise<void> {
    for (const settle of [...this.#writing]) settle(this.#closedError());
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(
          new TransportError('port-stalled', `${this.path} did not close within ${this.#limits.closeMs / 1000} s`, {
            advice: 'Unplug the cable; if the port stays busy, restart the workbench',
            details: { port: this.path },
          }),
        );
      }, this.#limits.closeMs);
      this.#port.close(() => {
        clearTimeout(timer);
        this.#finish({});
        resolve();
      });
    });
  }

  #vanish(cause: Error): void {
    const error = new TransportError('port-vanished', `${this.path} went away`, {
      advice: 'Plug the cable in again and repeat; what was under way is not done',
      details: { port: this.path },
      cause,
    });
    this.#finish({ error });
    if (this.#port.isOpen) this.#port.close(() => {});
  }

  #finish(end: LinkEnd): void {
    if (this.#listeners.end) return;
    for (const settle of [...this.#writing]) settle(end.error ?? this.#closedError());
    this.#listeners.finish(end);
  }

  #closedError(): TransportError {
    return new TransportError('port-closed', `${this.path} was closed`, {
      advice: 'Open the port again',
      details: { port: this.path },
    });
  }

  #stalledError(): TransportError {
    const { writeMs } = this.#limits;
    return new TransportError('port-stalled', `${this.path} took no bytes for ${writeMs / 1000} s`, {
      advice: 'The handset does not read: unplug it, plug it in again and repeat',
      details: { port: this.path },
    });
  }
}
