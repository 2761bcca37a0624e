/** Class A0: a virtual card as a SIM of the second generation (3GPP TS 51.011 §9). One channel, files by identifier only. */
import { type CommandApdu, INS, type ResponseApdu, SW_OK } from '../../encoding/apdu.ts';
import { type CardMemory, type CardSession, fileIdentifiers, makeCurrent, type Request, sw } from './card.ts';
import { allowed, offsetOf } from './commands/content.ts';
import { gsmHeaderOf } from './file-control.ts';
import { type Ef, findByFid } from './file-system.ts';
import { KEY_BYTES } from './keys.ts';

const NO_EF = 0x9400;
const OUT_OF_RANGE = 0x9402;
const NOT_FOUND = 0x9404;
const WRONG_STRUCTURE = 0x9408;
const NOT_ALLOWED = 0x9804;
const BLOCKED = 0x9840;
const CONTRADICTION = 0x9808;

type GsmHandler = (request: Request) => ResponseApdu;

const HANDLERS: Readonly<Record<number, GsmHandler>> = {
  [INS.select]: select,
  [INS.status]: ({ memory, session, command, selection }) =>
    given(session, gsmHeaderOf(selection.df, memory.keys, memory.free), command.le),
  [INS.readBinary]: readBinary,
  [INS.updateBinary]: updateBinary,
  [INS.readRecord]: readRecord,
  [INS.verify]: verify,
};

export function interpretGsm(memory: CardMemory, session: CardSession, command: CommandApdu): ResponseApdu {
  const selection = session.channels.get(0);
  if (!selection) return sw(0x6f00);
  const request = { memory, session, command: { ...command, cla: 0x00 }, selection };
  if (command.ins === INS.getResponse) {
    const { pending } = session;
    return pending === undefined ? sw(0x6f00) : given(session, pending, command.le);
  }
  session.pending = undefined;
  return HANDLERS[command.ins]?.(request) ?? sw(0x6d00);
}

/** 9Fxx: so many bytes wait for GET RESPONSE. */
function select(request: Request): ResponseApdu {
  const { memory, session, command, selection } = request;
  if (command.p1 !== 0 || command.p2 !== 0) return sw(0x6b00);
  const [fid, ...more] = fileIdentifiers(command.data ?? new Uint8Array()) ?? [];
  if (fid === undefined || more.length > 0) return sw(0x6702);
  const found = findByFid(selection.df, fid);
  if (!found) return sw(NOT_FOUND);
  makeCurrent(request, found);
  session.pending = gsmHeaderOf(found, memory.keys, memory.free);
  return sw(0x9f00 | session.pending.length);
}

/** The first `le` bytes, and not more than there are. */
function given(session: CardSession, data: Uint8Array, le: number | undefined): ResponseApdu {
  if (le === undefined || (le > data.length && le !== 256)) return sw(0x6700 | data.length);
  session.pending = data;
  return { data: data.slice(0, le), sw: SW_OK };
}

function readBinary(request: Request): ResponseApdu {
  const ef = transparent(request, 'read');
  if (typeof ef === 'number') return sw(ef);
  const offset = offsetOf(request);
  const length = Math.min(request.command.le ?? 0, request.memory.habits.mostRead);
  if (length === 0 || offset + length > ef.content.length) return sw(OUT_OF_RANGE);
  return { data: ef.content.slice(offset, offset + length), sw: SW_OK };
}

function updateBinary(request: Request): ResponseApdu {
  const ef = transparent(request, 'update');
  if (typeof ef === 'number') return sw(ef);
  const { data } = request.command;
  if (!data) return sw(0x6700);
  if (offsetOf(request) + data.length > ef.content.length) return sw(OUT_OF_RANGE);
  ef.content.set(data, offsetOf(request));
  return sw(SW_OK);
}

function transparent(request: Request, use: 'read' | 'update'): Ef | number {
  const { ef } = request.selection;
  if (!ef) return NO_EF;
  if (ef.recordLength !== undefined) return WRONG_STRUCTURE;
  return allowed(request, ef, use) ? ef : NOT_ALLOWED;
}

function readRecord(request: Request): ResponseApdu {
  const { command, selection } = request;
  const { ef } = selection;
  if (!ef) return sw(NO_EF);
  if (ef.recordLength === undefined) return sw(WRONG_STRUCTURE);
  if (command.p2 !== 0x04) return sw(0x6b00);
  if (!allowed(request, ef, 'read')) return sw(NOT_ALLOWED);
  const start = (command.p1 - 1) * ef.recordLength;
  if (command.p1 === 0 || start >= ef.content.length) return sw(OUT_OF_RANGE);
  if (command.le !== ef.recordLength) return sw(0x6700 | ef.recordLength);
  return { data: ef.content.slice(start, start + ef.recordLength), sw: SW_OK };
}

/** Without data it would cost nothing in class 00; here it has always data. */
function verify({ memory, session, command }: Request): ResponseApdu {
  const key = memory.keys.of(command.p2);
  if (command.p1 !== 0 || !key) return sw(0x6b00);
  if (command.data?.length !== KEY_BYTES) return sw(0x6700 | KEY_BYTES);
  if (!key.enabled) return sw(CONTRADICTION);
  if (key.tries === 0) return sw(BLOCKED);
  if (!memory.keys.present(key, command.data)) {
    session.verified.delete(command.p2);
    return sw(key.tries === 0 ? BLOCKED : NOT_ALLOWED);
  }
  session.verified.add(command.p2);
  return sw(SW_OK);
}
