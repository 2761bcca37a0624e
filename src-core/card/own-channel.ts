/** A logical channel of our own on a card that other programs use on theirs: what they selected stays selected. */
import { channelOf, GSM_CLASS, INS, SW_OK, withChannel } from '../encoding/apdu.ts';
import { basicChannel, exchange } from './file-access.ts';
import type { CardConnection } from './reader.ts';

/** @param otherwise thrown where the card has no further channel. */
export async function onOwnChannel<T>(
  connection: CardConnection,
  otherwise: Error,
  work: (connection: CardConnection) => Promise<T>,
): Promise<T> {
  const basic = basicChannel(connection);
  const opened = await exchange(basic, { cla: 0, ins: INS.manageChannel, p1: 0, p2: 0, le: 1 });
  const number = opened.data[0];
  if (opened.sw !== SW_OK || number === undefined) throw otherwise;
  try {
    return await work({ ...connection, transmit: apdu => connection.transmit(moved(apdu, number, otherwise)) });
  } finally {
    await exchange(basic, { cla: 0, ins: INS.manageChannel, p1: 0x80, p2: number }).catch(() => undefined);
  }
}

/** What would go to the basic channel; MANAGE CHANNEL moves nobody's selection. */
function moved(apdu: Uint8Array, number: number, otherwise: Error): Uint8Array {
  const [cla = 0, ins] = apdu;
  if (cla === GSM_CLASS) throw otherwise;
  if (ins === INS.manageChannel || channelOf(cla) !== 0) return apdu;
  return Uint8Array.of(withChannel(cla, number), ...apdu.subarray(1));
}
