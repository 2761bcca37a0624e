/** MANAGE CHANNEL of a virtual UICC (ETSI TS 102 221 §11.1.17; classes 4X for channels from 4 on, §10.1.1). */
import { atDf, type Handler, sw } from '../card.ts';
import { SW } from '../status.ts';

/** With the basic channel: what the first form of CLA reaches, and what both forms do. */
const CHANNELS = { first: 4, both: 20 };

export const manageChannel: Handler = ({ memory, session, command, channel, selection }) => {
  if (command.p1 === 0x80) {
    // 00 closes the channel that the command comes on; the basic one stays.
    const number = command.p2 === 0 ? channel : command.p2;
    if (number === 0) return sw(SW.wrongP1P2);
    session.pending.delete(number);
    return sw(session.channels.delete(number) ? SW.ok : SW.noChannel);
  }
  if (command.p1 !== 0x00 || command.p2 !== 0x00) return sw(SW.wrongP1P2);
  if (command.le === undefined) return sw(SW.wrongLength);
  const most = memory.habits.extended ? CHANNELS.both : CHANNELS.first;
  const free = Array.from({ length: most }, (_, i) => i).find(number => !session.channels.has(number));
  if (free === undefined) return sw(SW.notSupported);
  // Opened from the basic channel it begins at the MF, else where that other one is.
  session.channels.set(free, channel === 0 ? atDf(memory.mf) : { ...selection, ef: undefined, record: 0 });
  return { data: Uint8Array.of(free), sw: SW.ok };
};
