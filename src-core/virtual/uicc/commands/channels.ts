/** MANAGE CHANNEL of a virtual UICC (ETSI TS 102 221 §11.1.17). */
import { SW_OK } from '../../../encoding/apdu.ts';
import { type Handler, sw } from '../card.ts';

/** Basic channel and three more, the first CLA form. */
const CHANNELS = 4;

export const manageChannel: Handler = ({ memory, session, command }) => {
  if (command.p1 === 0x80) {
    if (command.p2 === 0) return sw(0x6a86);
    return sw(session.channels.delete(command.p2) ? SW_OK : 0x6881);
  }
  if (command.p1 !== 0x00 || command.p2 !== 0x00) return sw(0x6a86);
  if (command.le === undefined) return sw(0x6700);
  const free = Array.from({ length: CHANNELS }, (_, i) => i).find(number => !session.channels.has(number));
  if (free === undefined) return sw(0x6a81);
  session.channels.set(free, { df: memory.mf, ef: undefined });
  return { data: Uint8Array.of(free), sw: SW_OK };
};
