/** Class A0: a virtual card as a SIM of the second generation (3GPP TS 51.011 §9.2). One channel, files by identifier only. */
import { INS, type ResponseApdu } from '../../encoding/apdu.ts';
import { type CardMemory, type CardSession, fileIdentifiers, makeCurrent, type Request, sw } from './card.ts';
import type { CardCommand } from './command.ts';
import { type Ef, findByFid } from './file-system.ts';
import { gsmHeaderOf } from './gsm-header.ts';
import { changeChv, disableChv, enableChv, unblockChv, verifyChv } from './gsm-keys.ts';
import { GSM_SW, wrongP3 } from './gsm-status.ts';
import { RECORD_MODES, recordAt, recordMeant, writeRecord } from './records.ts';

type GsmHandler = (request: Request) => ResponseApdu;

const BASIC = 0;
const MORE_INS = { invalidate: 0x04, rehabilitate: 0x44 };

const HANDLERS: Readonly<Record<number, GsmHandler>> = {
  [INS.select]: select,
  [INS.status]: request => given(request, gsmHeaderOf(request.selection.df, request.memory)),
  [INS.readBinary]: readBinary,
  [INS.updateBinary]: updateBinary,
  [INS.readRecord]: readRecord,
  [INS.updateRecord]: updateRecord,
  [INS.verify]: verifyChv,
  [INS.changePin]: changeChv,
  [INS.disablePin]: disableChv,
  [INS.enablePin]: enableChv,
  [INS.unblockPin]: unblockChv,
  [MORE_INS.invalidate]: request => switchFile(request, false),
  [MORE_INS.rehabilitate]: request => switchFile(request, true),
};

export function interpretGsm(memory: CardMemory, session: CardSession, command: CardCommand): ResponseApdu {
  const selection = session.channels.get(BASIC);
  if (!selection) return sw(GSM_SW.technicalProblem);
  const request = { memory, session, command, channel: BASIC, selection };
  if (command.ins === INS.getResponse) {
    const pending = session.pending.get(BASIC);
    return pending === undefined ? sw(GSM_SW.technicalProblem) : given(request, pending);
  }
  session.pending.delete(BASIC);
  return HANDLERS[command.ins]?.(request) ?? sw(GSM_SW.wrongInstruction);
}

/** 9Fxx: so many bytes wait for GET RESPONSE. */
function select(request: Request): ResponseApdu {
  const { memory, session, command, selection } = request;
  if (command.p1 !== 0 || command.p2 !== 0) return sw(GSM_SW.wrongP1P2);
  const [fid, ...more] = fileIdentifiers(command.data ?? new Uint8Array()) ?? [];
  if (fid === undefined || more.length > 0) return sw(wrongP3(2));
  const found = findByFid(selection.df, fid);
  if (!found) return sw(GSM_SW.notFound);
  makeCurrent(request, found);
  const header = gsmHeaderOf(found, memory);
  session.pending.set(BASIC, header);
  return sw(0x9f00 | header.length);
}

/** The first bytes, as many as P3 says, and not more than there are; they can be fetched again. */
function given({ session, command: { le, leIsMost } }: Request, data: Uint8Array): ResponseApdu {
  if (le === undefined || (le > data.length && !leIsMost)) return sw(wrongP3(data.length));
  session.pending.set(BASIC, data);
  return { data: data.slice(0, le), sw: GSM_SW.ok };
}

function readBinary(request: Request): ResponseApdu {
  const ef = fileFor(request, 'read', true);
  if (typeof ef === 'number') return sw(ef);
  const offset = offsetOf(request);
  const length = Math.min(request.command.le ?? 0, request.memory.habits.mostRead);
  if (length === 0 || offset + length > ef.content.length) return sw(GSM_SW.outOfRange);
  return { data: ef.content.slice(offset, offset + length), sw: GSM_SW.ok };
}

function updateBinary(request: Request): ResponseApdu {
  const ef = fileFor(request, 'update', true);
  if (typeof ef === 'number') return sw(ef);
  const { data } = request.command;
  if (!data) return sw(GSM_SW.wrongP3);
  if (offsetOf(request) + data.length > ef.content.length) return sw(GSM_SW.outOfRange);
  ef.content.set(data, offsetOf(request));
  return sw(GSM_SW.ok);
}

function readRecord(request: Request): ResponseApdu {
  const place = record(request, 'read');
  if (typeof place === 'number') return sw(place);
  const data = recordAt(place.ef, place.number);
  if (request.command.le !== data.length) return sw(wrongP3(data.length));
  makeCurrent(request, place.ef, place.pointer);
  return { data, sw: GSM_SW.ok };
}

/** A cyclic file takes previous only: the oldest record becomes the new number 1. */
function updateRecord(request: Request): ResponseApdu {
  const place = record(request, 'update');
  if (typeof place === 'number') return sw(place);
  const { ef, number, pointer } = place;
  const { data, p2 } = request.command;
  const isCyclic = ef.structure === 'cyclic';
  if (isCyclic && RECORD_MODES[p2] !== 'previous') return sw(GSM_SW.wrongP1P2);
  if (!data || data.length !== ef.recordLength) return sw(wrongP3(ef.recordLength ?? 0));
  writeRecord(ef, number, data);
  makeCurrent(request, ef, isCyclic ? 1 : pointer);
  return sw(GSM_SW.ok);
}

interface Place {
  readonly ef: Ef;
  readonly number: number;
  /** Where the record pointer is afterwards: reading by number leaves it. */
  readonly pointer: number;
}

function record(request: Request, use: 'read' | 'update'): Place | number {
  const { command, selection } = request;
  const mode = RECORD_MODES[command.p2];
  const ef = fileFor(request, use, false);
  if (typeof ef === 'number') return ef;
  if (mode === undefined) return GSM_SW.wrongP1P2;
  const isNew = ef.structure === 'cyclic' && use === 'update';
  const number = isNew ? 1 : recordMeant(ef, mode, command.p1, selection.record);
  return number === 0 ? GSM_SW.outOfRange : { ef, number, pointer: mode === 'absolute' ? selection.record : number };
}

function fileFor({ memory, session, selection }: Request, use: 'read' | 'update', binary: boolean): Ef | number {
  const { ef } = selection;
  if (!ef) return GSM_SW.noEf;
  if ((ef.structure === 'transparent') !== binary) return GSM_SW.wrongStructure;
  if (!memory.keys.allows(ef[use], session.verified)) return GSM_SW.notAllowed;
  return ef.active ? ef : GSM_SW.invalidated;
}

function switchFile({ memory, session, selection }: Request, active: boolean): ResponseApdu {
  const { ef } = selection;
  if (!ef) return sw(GSM_SW.noEf);
  if (!memory.keys.allows(ef.activate, session.verified)) return sw(GSM_SW.notAllowed);
  if (ef.active === active) return sw(GSM_SW.invalidated);
  ef.active = active;
  return sw(GSM_SW.ok);
}

function offsetOf({ command }: Request): number {
  return (command.p1 << 8) | command.p2;
}
