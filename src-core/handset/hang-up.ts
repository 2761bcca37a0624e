/** Makes a hang-up visible that `serialport` 13 overlooks on Linux and macOS. */
import { read } from 'node:fs';
import { promisify } from 'node:util';
import type { SerialPort } from 'serialport';

/** What the bindings for Linux and macOS have in common; those for Windows have neither. */
interface UnixBinding {
  readonly isOpen: boolean;
  readonly fd: number | null;
  readonly poller: { once(event: 'readable', listener: (error: Error | null) => void): unknown };
  read(buffer: Buffer, offset: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }>;
}

const readFile = promisify(read);

/**
 * A hung-up terminal answers every read with 0 bytes. The bindings read again at once, for ever: the hang-up is never
 * told and a processor core is busy. Here 0 bytes is what it means: the end. To be called on an open port before anyone
 * reads from it.
 */
export function makeHangUpVisible(port: SerialPort): void {
  const binding: unknown = port.port;
  if (isUnix(binding)) binding.read = (buffer, offset, length) => readOrFail(binding, buffer, offset, length);
}

function isUnix(binding: unknown): binding is UnixBinding {
  return typeof binding === 'object' && binding !== null && 'poller' in binding && 'fd' in binding;
}

async function readOrFail(binding: UnixBinding, buffer: Buffer, offset: number, length: number) {
  for (;;) {
    // `canceled` tells the stream that the port was closed on purpose.
    if (!binding.isOpen || binding.fd === null) throw Object.assign(new Error('Port is not open'), { canceled: true });
    try {
      const { bytesRead } = await readFile(binding.fd, buffer, offset, length, null);
      if (bytesRead === 0) throw new Error('The port hung up');
      return { buffer, bytesRead };
    } catch (error) {
      if (!['EAGAIN', 'EINTR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
    if (binding.isOpen) await readable(binding);
  }
}

function readable(binding: UnixBinding): Promise<void> {
  return new Promise((resolve, reject) => {
    binding.poller.once('readable', error => (error ? reject(error) : resolve()));
  });
}
