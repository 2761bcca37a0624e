/** Command interpreter of a virtual UICC: one APDU in, one response out (ETSI TS 102 221 §10, §11.1; class A0 in gsm.ts). */
import { type CommandApdu, channelOf, GSM_CLASS, INS, type ResponseApdu } from '../../encoding/apdu.ts';
import { type CardMemory, type CardSession, type Handler, sw } from './card.ts';
import { createFile, deleteFile, resizeFile } from './commands/administration.ts';
import { manageChannel } from './commands/channels.ts';
import { readBinary, readRecord, updateBinary, updateRecord } from './commands/content.ts';
import { changePin, disablePin, enablePin, unblockPin, verify } from './commands/security.ts';
import { getResponse, select, status } from './commands/select.ts';
import { interpretGsm } from './gsm.ts';

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
};

/** Carries out one command. The session and the memory change only when the command succeeds as a whole. */
export function interpret(memory: CardMemory, session: CardSession, command: CommandApdu): ResponseApdu {
  const { classes } = memory.habits;
  if (command.cla === GSM_CLASS && classes !== '00') return interpretGsm(memory, session, command);
  if (classes === 'A0-only') return sw(0x6e00);
  const wrongClass = checkClass(command);
  if (wrongClass !== undefined) return sw(wrongClass);
  const selection = session.channels.get(channelOf(command.cla));
  if (selection === undefined) return sw(0x6881);
  const request = { memory, session, command, selection };
  if (command.ins === INS.getResponse) return getResponse(request);
  session.pending = undefined;
  const handler = HANDLERS[command.ins];
  return handler === undefined ? sw(0x6d00) : handler(request);
}

/** Instructions that come with class 8X as well (TS 102 221 §10.1.1, TS 102 222 §6.10). */
const PROPRIETARY: ReadonlySet<number> = new Set([INS.status, INS.resizeFile]);

/** Classes 0X and 4X, for some also 8X and CX; no secure messaging. */
function checkClass(command: CommandApdu): number | undefined {
  const form = command.cla & 0xf0;
  const proprietary = PROPRIETARY.has(command.ins) && (form === 0x80 || form === 0xc0);
  if (form !== 0x00 && form !== 0x40 && !proprietary) return 0x6e00;
  return (form === 0x00 || form === 0x80) && (command.cla & 0x0c) !== 0 ? 0x6882 : undefined;
}
