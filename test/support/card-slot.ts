/** The other end of the vpcd protocol without a pcscd: a slot that a card program connects to, and commands for the card. */
import { createServer, type Socket } from 'node:net';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';

export interface CardSlot {
  readonly address: string;
  /** The card that comes next, switched on; its ATR in hexadecimal. */
  card(): Promise<{ readonly atr: string; send(command: string): Promise<string> }>;
  close(): Promise<void>;
}

const POWER_ON = Uint8Array.of(0x01);
const ATR = Uint8Array.of(0x04);

export async function openCardSlot(): Promise<CardSlot> {
  const arrived: Socket[] = [];
  let expecting = Promise.withResolvers<void>();
  const server = createServer(socket => {
    arrived.push(socket.on('error', () => undefined));
    expecting.resolve();
  });
  const port = await new Promise<number>(resolve => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  return {
    address: `127.0.0.1:${port}`,
    async card() {
      await expecting.promise;
      expecting = Promise.withResolvers();
      const socket = arrived.at(-1);
      if (!socket) throw new Error('no card has come');
      socket.write(framed(POWER_ON));
      const atr = await ask(socket, ATR);
      return { atr, send: command => ask(socket, fromHex(command)) };
    },
    async close() {
      for (const socket of arrived) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** One message and its answer. @throws Error where the card hangs up instead. */
function ask(socket: Socket, message: Uint8Array): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const gone = () => reject(new Error('the card is out'));
  let read: Buffer = Buffer.alloc(0);
  const take = (chunk: Buffer) => {
    read = Buffer.concat([read, chunk]);
    if (read.length >= 2 && read.length === 2 + read.readUInt16BE(0)) resolve(toHex(read.subarray(2)));
  };
  socket.on('data', take).once('close', gone);
  socket.write(framed(message));
  return promise.finally(() => socket.off('data', take).off('close', gone));
}

function framed(payload: Uint8Array): Uint8Array {
  return Uint8Array.of(payload.length >> 8, payload.length & 0xff, ...payload);
}
