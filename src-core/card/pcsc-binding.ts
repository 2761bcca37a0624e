/** The optional native binding to pcsc-lite and WinSCard (npm package `smartcard`), and what its messages mean. */
import { TransportError, type WorkbenchError } from '../base/errors.ts';
import { busyReader, muteCard, noCard, pcscAbsent, removedCard, unknownReader } from './reader-errors.ts';

export type PcscBinding = typeof import('smartcard');
export type PcscContext = InstanceType<PcscBinding['Context']>;

/** @throws TransportError `pcsc-unbuilt` when the package or its native part is not there. */
export async function loadPcscBinding(): Promise<PcscBinding> {
  try {
    return await import('smartcard');
  } catch (cause) {
    throw new TransportError('pcsc-unbuilt', 'the PC/SC binding is not installed', {
      advice: 'Install a C++ compiler and, on Linux, libpcsclite-dev; then run npm install again',
      cause,
    });
  }
}

/** A new connection to the PC/SC service. @throws TransportError `pcsc-absent` when it does not run. */
export function establishContext(binding: PcscBinding): PcscContext {
  try {
    return new binding.Context();
  } catch (cause) {
    throw pcscAbsent(cause);
  }
}

/** The binding throws plain errors; their message is the text of the PC/SC return code. */
const MEANINGS: Readonly<Record<string, (reader: string, cause: unknown) => WorkbenchError>> = {
  'PC/SC service not running': (_, cause) => pcscAbsent(cause),
  'PC/SC service stopped': (_, cause) => pcscAbsent(cause),
  'Sharing violation': busyReader,
  'Unknown reader': unknownReader,
  'Reader unavailable': unknownReader,
  'No readers available': unknownReader,
  'No smart card present': noCard,
  'Card is unresponsive': muteCard,
  'Card is unpowered': muteCard,
  'Card is not supported': muteCard,
  'Card was removed': (_, cause) => removedCard(cause),
  'Card was reset': (_, cause) => removedCard(cause),
  'Card is not connected': (_, cause) => removedCard(cause),
  'Transaction failed': (_, cause) => removedCard(cause),
};

/** What an error of the binding means for the person. */
export function meaningOf(error: unknown, binding: PcscBinding, reader: string): WorkbenchError {
  const message = error instanceof Error ? error.message : String(error);
  const meaning = MEANINGS[message];
  if (meaning) return meaning(reader, error);
  // `Communication error` and `Invalid handle` follow both a dead service and a dead card.
  if (!isServiceRunning(binding)) return pcscAbsent(error);
  return new TransportError('reader-failed', `reader ${reader} failed: ${message}`, {
    advice: 'Take the card out, unplug the reader, plug it in again and try again',
    cause: error,
  });
}

export function isServiceRunning(binding: PcscBinding): boolean {
  try {
    new binding.Context().close();
    return true;
  } catch {
    return false;
  }
}
