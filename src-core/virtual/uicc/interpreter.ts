/** Command interpreter of a virtual UICC: one APDU in, one response out (ETSI TS 102 221 §10, §11.1; class A0 in gsm.ts). */
import { channelOf, GSM_CLASS, INS, type ResponseApdu } from '../../encoding/apdu.ts';
import { type CardMemory, type CardSession, type Handler, sw } from './card.ts';
import type { CardCommand } from './command.ts';
import { createFile, deleteFile, resizeFile } from './commands/administration.ts';
import { readBinary, updateBinary } from './commands/binary.ts';
import { manageChannel } from './commands/channels.ts';
import { activateFile, deactivateFile } from './commands/life-cycle.ts';
import { readRecord, searchRecord, updateRecord } from './commands/records.ts';
import { changePin, disablePin, enablePin, unblockPin, verify } from './commands/security.ts';
import { getResponse, select, status } from './commands/select.ts';
import { interpretGsm } from './gsm.ts';
import { SW } from './status.ts';

/** Instructions that the workbench itself never sends. */
const MORE_INS = { deactivateFile: 0x04, activateFile: 0x44, searchRecord: 0xa2 };

const HANDLERS: Readonly<Record<number, Handler>> = {
  [INS.select]: select,
  [INS.readBinary]: readBinary,
  [INS.updateBinary]: updateBinary,
  [INS.readRecord]: readRecord,
  [INS.updateRecord]: updateRecord,
  [INS.verify]: verify,
  [INS.changePin]: changePin,
  [INS.disablePin]: disablePin,
  [INS.enablePin]: enablePin,
  [INS.unblockPin]: unblockPin,
  [INS.manageChannel]: manageChannel,
  [INS.status]: status,
  [INS.createFile]: createFile,
  [INS.deleteFile]: deleteFile,
  [INS.resizeFile]: resizeFile,
  [MORE_INS.deactivateFile]: deactivateFile,
  [MORE_INS.activateFile]: activateFile,
  [MORE_INS.searchRecord]: searchRecord,
};

/** Carries out one command. The session and the memory change only when the command succeeds as a whole. */
export function interpret(memory: CardMemory, session: CardSession, command: CardCommand): ResponseApdu {
  const { classes } = memory.habits;
  if (command.cla === GSM_CLASS && classes !== '00') return interpretGsm(memory, session, command);
  if (classes === 'A0-only') return sw(SW.wrongClass);
  const wrongClass = checkClass(command);
  if (wrongClass !== undefined) return sw(wrongClass);
  const channel = channelOf(command.cla);
  const selection = session.channels.get(channel);
  if (selection === undefined) return sw(SW.noChannel);
  const request = { memory, session, command, channel, selection };
  if (command.ins === INS.getResponse) return getResponse(request);
  session.pending.delete(channel);
  const handler = HANDLERS[command.ins];
  return handler === undefined ? sw(SW.wrongInstruction) : handler(request);
}

/** Instructions that come with class 8X as well (TS 102 221 §10.1.1, TS 102 222 §6.10). */
const PROPRIETARY: ReadonlySet<number> = new Set([INS.status, INS.resizeFile]);

/** Classes 0X and 4X, for some also 8X and CX; no secure messaging. */
function checkClass(command: CardCommand): number | undefined {
  const form = command.cla & 0xf0;
  const proprietary = PROPRIETARY.has(command.ins) && (form === 0x80 || form === 0xc0);
  if (form !== 0x00 && form !== 0x40 && !proprietary) return SW.wrongClass;
  return (form === 0x00 || form === 0x80) && (command.cla & 0x0c) !== 0 ? SW.noSecureMessaging : undefined;
}
