/** Real readers in the PC/SC process: the reader contract over the service of the machine (pcscd, WinSCard). */
import { setTimeout as sleep } from 'node:timers/promises';
import { takesExtended } from '../encoding/atr.ts';
import { establishContext, loadPcscBinding, meaningOf, type PcscBinding, type PcscContext } from './pcsc-binding.ts';
import type { CardAccess, CardConnection, ReaderService, ReaderState, ReadersListener } from './reader.ts';
import { removedCard, unknownReader } from './reader-errors.ts';

type PcscReader = ReturnType<PcscContext['listReaders']>[number];
type PcscCard = Awaited<ReturnType<PcscReader['connect']>>;

/** Pseudo reader whose state changes with the list of readers. */
const PLUG_AND_PLAY = '\\\\?PnP?\\Notification';
/** Longest wait for one change: the list is looked at this often even if a notification is lost. */
const WAIT_MS = 1000;
/** Between two attempts to reach a service that does not run. */
const RETRY_MS = 500;

/** @throws TransportError `pcsc-unbuilt`. The service itself need not run yet. */
export async function openPcscService(): Promise<ReaderService> {
  const binding = await loadPcscBinding();
  const watchers = new Set<() => Promise<void>>();
  return {
    transport: 'pcscd',
    async readers() {
      const context = establishContext(binding);
      try {
        return context.listReaders().map(reader => stateOf(binding, reader));
      } catch (error) {
        throw meaningOf(error, binding, 'list');
      } finally {
        context.close();
      }
    },
    watch(listener) {
      const end = watchReaders(binding, listener);
      watchers.add(end);
      return () => {
        watchers.delete(end);
        void end();
      };
    },
    connect: (readerName, access = 'exclusive') => connect(binding, readerName, access),
    async close() {
      const ends = [...watchers];
      watchers.clear();
      await Promise.all(ends.map(end => end()));
    },
  };
}

function stateOf(binding: PcscBinding, reader: PcscReader): ReaderState {
  const { name, state, atr } = reader;
  if (state & binding.SCARD_STATE_MUTE) return { name, state: 'mute' };
  if (state & binding.SCARD_STATE_PRESENT) return { name, state: 'present', atr: Uint8Array.from(atr ?? []) };
  return { name, state: state & binding.SCARD_STATE_EMPTY ? 'empty' : 'unavailable' };
}

/** Starts a watch and returns its end, which resolves when the service connection is closed. */
function watchReaders(binding: PcscBinding, listener: ReadersListener): () => Promise<void> {
  const ended = new AbortController();
  let context: PcscContext | undefined;
  let last: string | undefined;

  const announce = (readers: readonly ReaderState[]) => {
    const seen = JSON.stringify(readers.map(({ name, state, atr }) => [name, state, atr?.join()]));
    if (seen === last || ended.signal.aborted) return;
    last = seen;
    listener(readers);
  };
  // A context does not survive its service: whatever fails, drop it and make a new one.
  const follow = async () => {
    while (!ended.signal.aborted) {
      try {
        context ??= establishContext(binding);
        const readers = context.listReaders();
        announce(readers.map(reader => stateOf(binding, reader)));
        const known = readers.map(({ name, state, atr }) => ({ name, state, atr, changed: false }));
        await context.waitForChange([...known, { name: PLUG_AND_PLAY, state: 0, atr: null, changed: false }], WAIT_MS);
      } catch {
        release(context);
        context = undefined;
        announce([]);
        await sleep(RETRY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
      }
    }
    release(context);
  };
  const following = Promise.resolve().then(follow);

  return async () => {
    ended.abort();
    const cancel = () => {
      try {
        context?.cancel();
      } catch {
        // The service went first: the wait has ended by itself.
      }
    };
    // A cancel that comes just before the wait begins is lost, so it is repeated.
    const repeat = setInterval(cancel, 50);
    cancel();
    await following.finally(() => clearInterval(repeat));
  };
}

function release(context: PcscContext | undefined): void {
  try {
    context?.close();
  } catch {
    // Nothing is left to release when the service has gone.
  }
}

async function connect(binding: PcscBinding, readerName: string, access: CardAccess): Promise<CardConnection> {
  // A context of its own: calls through one context wait for each other.
  const context = establishContext(binding);
  try {
    const reader = context.listReaders().find(candidate => candidate.name === readerName);
    if (reader === undefined) throw unknownReader(readerName);
    const card = await reader
      .connect(
        access === 'shared' ? binding.SCARD_SHARE_SHARED : binding.SCARD_SHARE_EXCLUSIVE,
        binding.SCARD_PROTOCOL_T0 | binding.SCARD_PROTOCOL_T1,
      )
      .catch((error: unknown) => {
        throw meaningOf(error, binding, readerName);
      });
    // The list was made before the card was powered; its ATR is in the list that follows.
    const atr = context.listReaders().find(candidate => candidate.name === readerName)?.atr;
    return connectionTo(binding, context, card, { readerName, atr: Uint8Array.from(atr ?? []), access });
  } catch (error) {
    release(context);
    throw error;
  }
}

function connectionTo(
  binding: PcscBinding,
  context: PcscContext,
  card: PcscCard,
  { readerName, atr, access }: { readerName: string; atr: Uint8Array; access: CardAccess },
): CardConnection {
  const { protocol } = card;
  const extended = protocol === binding.SCARD_PROTOCOL_T1 && atr.length > 0 && takesExtended(atr);
  const options = extended ? { maxRecvLength: MOST_EXTENDED } : {};
  let open = true;
  return {
    atr,
    extended,
    async transmit(apdu) {
      if (!open) throw removedCard();
      const command = protocol === binding.SCARD_PROTOCOL_T0 ? withoutLe(apdu) : apdu;
      const response = await card.transmit(Buffer.from(command), options).catch((error: unknown) => {
        throw meaningOf(error, binding, readerName);
      });
      // vpcd answers for a card pulled during the command with nothing at all.
      if (response.length < 2) throw removedCard();
      return Uint8Array.from(response);
    },
    async disconnect() {
      if (!open) return;
      open = false;
      try {
        // Reset without blocking this thread: behind vpcd the card may live in this very process and must answer.
        // A reset would throw out the programs that share the card; nothing was opened on it.
        if (access === 'exclusive')
          await card.reconnect(binding.SCARD_SHARE_EXCLUSIVE, protocol, binding.SCARD_RESET_CARD);
        card.disconnect(binding.SCARD_LEAVE_CARD);
      } catch {
        // Card or service have gone, and the connection with them.
      } finally {
        release(context);
      }
    },
  };
}

/** Response of 65536 bytes with its status word. */
const MOST_EXTENDED = 0x10002;

/** T=0 cannot send Le after data: the card answers 61xx instead (ISO/IEC 7816-3 §12.2.5). */
function withoutLe(apdu: Uint8Array): Uint8Array {
  const lc = apdu[4];
  return lc !== undefined && lc > 0 && apdu.length === 5 + lc + 1 ? apdu.subarray(0, -1) : apdu;
}
