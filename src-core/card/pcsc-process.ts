/** The process that speaks PC/SC. A call that waits for a card or a stuck service holds this process, never the core. */
import { type Connected, fieldsOf, type PcscAnswer, type PcscCall, type PcscRequest } from './pcsc-protocol.ts';
import { openPcscService } from './pcsc-service.ts';
import type { CardAccess, CardConnection, ReaderService } from './reader.ts';
import { removedCard } from './reader-errors.ts';

if (process.send) {
  const answer = (message: PcscAnswer) => process.send?.(message);
  const perform = performer(answer);
  process.on('message', ({ id, call }: PcscRequest) => {
    perform(call).then(
      value => answer({ kind: 'value', id, value }),
      error => answer({ kind: 'error', id, error: fieldsOf(error) }),
    );
  });
  // The core has gone, and with it whoever wants an answer.
  process.on('disconnect', () => process.exit());
  // Ctrl+C reaches every process of a terminal: the core decides when this one ends.
  process.on('SIGINT', () => undefined);
}

function performer(answer: (message: PcscAnswer) => unknown): (call: PcscCall) => Promise<unknown> {
  const opened = openPcscService();
  // Whoever calls first learns of it; nobody has to wait for it here.
  opened.catch(() => undefined);
  const connections = new Map<number, CardConnection>();
  const watches = new Map<number, () => void>();
  let lastConnection = 0;

  const connect = async (service: ReaderService, reader: string, access: CardAccess): Promise<Connected> => {
    const made = await service.connect(reader, access);
    const connection = ++lastConnection;
    connections.set(connection, made);
    return { connection, atr: made.atr, extended: made.extended };
  };

  const connected = (connection: number): CardConnection => {
    const made = connections.get(connection);
    if (!made) throw removedCard();
    return made;
  };

  return async call => {
    const service = await opened;
    switch (call.method) {
      case 'open':
        return undefined;
      case 'readers':
        return service.readers();
      case 'watch':
        watches.set(
          call.watch,
          service.watch(readers => answer({ kind: 'readers', watch: call.watch, readers })),
        );
        return undefined;
      case 'unwatch':
        watches.get(call.watch)?.();
        watches.delete(call.watch);
        return undefined;
      case 'connect':
        return connect(service, call.reader, call.access);
      case 'transmit':
        return connected(call.connection).transmit(call.apdu);
      case 'disconnect': {
        const connection = connections.get(call.connection);
        connections.delete(call.connection);
        return connection?.disconnect();
      }
      case 'close':
        return service.close();
    }
  };
}
