/** Puts a virtual UICC behind the vpcd reader of pcscd (vsmartcard: the card is the TCP client). */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CardError, TransportError } from '../base/errors.ts';
import type { Uicc } from '../virtual/uicc/uicc.ts';

/** Reader names and their ports, as Debian's vsmartcard-vpcd configures them. */
export const VPCD_SLOTS = [
  { reader: 'Virtual PCD 00 00', port: 35963 },
  { reader: 'Virtual PCD 00 01', port: 35964 },
] as const;

export interface VpcdAttachment {
  /** Pulls the card. */
  detach(): Promise<void>;
  /** Resolves when the card is out, whoever pulled it, and pcscd has had the time to see it. */
  readonly detached: Promise<void>;
}

export interface VpcdOptions {
  readonly host: string;
  readonly port: number;
  readonly card: Uicc;
}

const CONTROL = { powerOff: 0x00, powerOn: 0x01, reset: 0x02, atr: 0x04 } as const;
/** vpcd polls the card several times a second; a slot that stays silent this long serves another card. */
const FIRST_POLL_MS = 3000;
/** pcscd looks every 0.4 s: a card that is back sooner was never out for it, and its reader stays empty for ever. */
const NOTICE_MS = 600;

/** Resolves when vpcd has asked for the card. @throws TransportError `vpcd-absent`, `vpcd-slot-taken`. */
export async function attachToVpcd(options: VpcdOptions): Promise<VpcdAttachment> {
  const { host, port, card } = options;
  const socket = connect({ host, port, noDelay: true });
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()));
  const { promise: polled, resolve, reject } = Promise.withResolvers<void>();
  const taken = () =>
    new TransportError('vpcd-slot-taken', `the vpcd reader at ${host}:${port} does not ask for a card`, {
      advice: 'Another virtual card is in it: take that out, or use the other slot',
    });
  const timer = setTimeout(() => reject(taken()), FIRST_POLL_MS);
  let connected = false;
  socket.once('connect', () => {
    connected = true;
  });
  // A lost connection is a pulled card; before the first poll it is why the card cannot go in.
  socket.on('error', cause => reject(absent(host, port, cause)));
  socket.once('close', () => {
    card.power(false);
    reject(connected ? taken() : absent(host, port));
  });
  serve(socket, card, resolve);
  try {
    await polled;
  } catch (error) {
    socket.destroy();
    await closed;
    throw error;
  } finally {
    clearTimeout(timer);
  }
  const detached = closed.then(() => sleep(NOTICE_MS));
  return {
    detached,
    async detach() {
      socket.destroy();
      await detached;
    },
  };
}

function serve(socket: Socket, card: Uicc, onFirstMessage: () => void): void {
  let buffered: Buffer = Buffer.alloc(0);
  socket.on('data', chunk => {
    buffered = Buffer.concat([buffered, chunk]);
    while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
      const end = 2 + buffered.readUInt16BE(0);
      const reply = answer(card, Uint8Array.from(buffered.subarray(2, end)));
      buffered = buffered.subarray(end);
      if (reply === 'pulled') {
        socket.destroy();
        return;
      }
      if (reply) socket.write(framed(reply));
      onFirstMessage();
    }
  });
}

/** A payload of one byte is control, anything longer an APDU. */
function answer(card: Uicc, message: Uint8Array): Uint8Array | 'pulled' | undefined {
  const [control] = message;
  if (message.length !== 1) return transmit(card, message);
  if (control === CONTROL.atr) return card.atr;
  if (control === CONTROL.powerOn || control === CONTROL.powerOff) card.power(control === CONTROL.powerOn);
  if (control === CONTROL.reset) card.reset();
  return undefined;
}

function transmit(card: Uicc, apdu: Uint8Array): Uint8Array | 'pulled' {
  try {
    return card.transmit(apdu);
  } catch (error) {
    if (error instanceof CardError && error.code === 'card-removed') return 'pulled';
    throw error;
  }
}

function framed(payload: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(payload.length);
  return Buffer.concat([length, payload]);
}

function absent(host: string, port: number, cause?: unknown): TransportError {
  return new TransportError('vpcd-absent', `no vpcd reader listens at ${host}:${port}`, {
    advice: 'Start pcscd with the vpcd driver (Debian: vsmartcard-vpcd), or check the address',
    cause,
  });
}
