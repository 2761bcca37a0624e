/** Serial ports of this machine: which there are, and who holds which with what settings. */
import { realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { TransportError } from '../base/errors.ts';
import type { SerialLink } from './link.ts';
import { DEFAULT_SETTINGS, loadSerialport, openSerialPort, type SerialSettings } from './serial-port.ts';

export interface ListedPort {
  readonly path: string;
  /** Product name as the operating system knows it, for example `Nokia 6230`; absent where it knows none. */
  readonly product?: string;
  readonly manufacturer?: string;
  readonly serialNumber?: string;
  /** USB vendor and product identifiers, four hexadecimal digits each. */
  readonly usb?: { readonly vendorId: string; readonly productId: string };
  /** True for a path that a person typed: it is offered even though the system does not list it (pseudo-terminals). */
  readonly typed: boolean;
}

/** What `serialport` says of a port. */
interface SystemPort {
  readonly path: string;
  readonly manufacturer?: string;
  readonly serialNumber?: string;
  readonly pnpId?: string;
  readonly friendlyName?: string;
  readonly vendorId?: string;
  readonly productId?: string;
}

/** Ports the system lists and the typed ones, those with a product name first, then by path. */
export async function listPorts(
  typed: readonly string[] = [],
  system: () => Promise<readonly SystemPort[]> = systemPorts,
): Promise<readonly ListedPort[]> {
  const listed = (await system()).map(listedPort);
  const known = new Set(listed.map(port => port.path));
  const added = [...new Set(typed)].filter(path => !known.has(path)).map(path => ({ path, typed: true }));
  return [...listed, ...added].sort(byUsefulness);
}

async function systemPorts(): Promise<readonly SystemPort[]> {
  const { SerialPort } = await loadSerialport();
  try {
    return await SerialPort.list();
  } catch (error) {
    // On Linux `serialport` asks udevadm, which small installations and containers lack: /dev still has the names.
    if ((error as NodeJS.ErrnoException).syscall !== 'spawn udevadm') throw listError(error);
    const names = (await readdir('/dev')).filter(name => /^tty(USB|ACM)\d+$/.test(name));
    return names.map(name => ({ path: `/dev/${name}` }));
  }
}

function listError(cause: unknown): TransportError {
  return new TransportError('port-list-failed', 'The operating system does not list its serial ports', {
    advice: 'Type the path of the port instead, for example /dev/ttyUSB0 or COM4',
    cause,
  });
}

function listedPort(port: SystemPort): ListedPort {
  const product = productName(port);
  return {
    path: port.path,
    ...(product && { product }),
    ...(port.manufacturer && { manufacturer: port.manufacturer }),
    ...(port.serialNumber && { serialNumber: port.serialNumber }),
    ...(port.vendorId &&
      port.productId && { usb: { vendorId: port.vendorId.toLowerCase(), productId: port.productId.toLowerCase() } }),
    typed: false,
  };
}

/** Windows has a friendly name (`Nokia 6230 (COM4)`), Linux the by-id link (`usb-Nokia_6230_3520…-if00`). */
function productName(port: SystemPort): string | undefined {
  if (port.friendlyName) return port.friendlyName.replace(/\s*\(COM\d+\)$/i, '');
  if (!port.pnpId?.startsWith('usb-')) return port.manufacturer;
  const name = port.pnpId.slice('usb-'.length).replace(/-if\d+.*$/, '');
  const serial = port.serialNumber ? `_${port.serialNumber}` : '';
  return (serial && name.endsWith(serial) ? name.slice(0, -serial.length) : name).replaceAll('_', ' ').trim();
}

function byUsefulness(a: ListedPort, b: ListedPort): number {
  const named = Number(b.product !== undefined) - Number(a.product !== undefined);
  return named || a.path.localeCompare(b.path, 'en', { numeric: true });
}

export interface HeldPort {
  readonly path: string;
  /** Who holds it, in words for a person: `local session`, `AT console`. */
  readonly holder: string;
  readonly settings: SerialSettings;
}

export interface PortLease extends HeldPort {
  /** Gives the port back; a second call does nothing. */
  release(): void;
}

/** Who holds which port. One for the whole workbench: nobody opens a port beside it. */
export class PortRegistry {
  readonly #held = new Map<string, HeldPort>();
  readonly #listeners = new Set<() => void>();

  /** Ports held now, in the order in which they were taken. */
  held(): readonly HeldPort[] {
    return [...this.#held.values()];
  }

  /** Called after every change of `held()`. Returns the function that stops listening. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @throws TransportError `port-busy` that names the holder */
  acquire(path: string, holder: string, settings: SerialSettings = DEFAULT_SETTINGS): PortLease {
    const key = deviceOf(path);
    const other = this.#held.get(key);
    if (other)
      throw new TransportError('port-busy', `${path} is held by ${other.holder}`, {
        advice: `End ${other.holder} first, or choose another port`,
        details: { port: path, holder: other.holder, baudRate: other.settings.baudRate },
      });
    const held: HeldPort = { path, holder, settings };
    this.#held.set(key, held);
    this.#changed();
    return {
      ...held,
      release: () => {
        if (this.#held.get(key) !== held) return;
        this.#held.delete(key);
        this.#changed();
      },
    };
  }

  /** Acquires and opens a port; its lease ends with the link, also when the port vanishes. */
  async open(path: string, holder: string, settings: SerialSettings = DEFAULT_SETTINGS): Promise<SerialLink> {
    const lease = this.acquire(path, holder, settings);
    try {
      const link = await openSerialPort(path, settings);
      link.onClose(() => lease.release());
      return link;
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** One name for one device: links (`/dev/serial/by-id/…`) are followed, Windows names know no case. */
function deviceOf(path: string): string {
  if (/^(\\\\\.\\)?com\d+$/i.test(path)) return path.replace(/^\\\\\.\\/, '').toUpperCase();
  try {
    return realpathSync(path);
  } catch {
    // Not there (yet): opening it will say so, the name arbitrates until then.
    return path;
  }
}
