/** Command interpreter of a virtual UICC: one APDU in, one response out (ETSI TS 102 221 §11.1). */
import { bytesEqual } from '../../base/bytes.ts';
import type { Secret } from '../../base/secret.ts';
import { type CommandApdu, channelOf, INS, type ResponseApdu, SW_OK } from '../../encoding/apdu.ts';
import { type CardFile, type Df, type Ef, fcpOf, findByAid, findByFid, findByPath, masterFile } from './file-system.ts';
import type { Access } from './profile.ts';

/** What lives as long as the card. */
export interface CardMemory {
  readonly mf: Df;
  readonly adm1: Secret;
  admTriesLeft: number;
}

interface Channel {
  readonly df: Df;
  readonly ef: Ef | undefined;
}

/** What a reset forgets: open channels with their selection, rights, response bytes not yet fetched. */
export interface CardSession {
  readonly channels: Map<number, Channel>;
  admVerified: boolean;
  pending: Uint8Array | undefined;
}

export const ADM_TRIES = 3;
const ADM1_REFERENCE = 0x0a;
const ADM1_LENGTH = 8;
/** Basic channel and three more, the first CLA form. */
const CHANNELS = 4;

export function startSession(memory: CardMemory): CardSession {
  return {
    channels: new Map([[0, { df: memory.mf, ef: undefined }]]),
    admVerified: false,
    pending: undefined,
  };
}

type Handler = (memory: CardMemory, session: CardSession, command: CommandApdu, channel: Channel) => ResponseApdu;

const HANDLERS: Readonly<Record<number, Handler>> = {
  [INS.select]: select,
  [INS.readBinary]: readBinary,
  [INS.updateBinary]: updateBinary,
  [INS.readRecord]: readRecord,
  [INS.verify]: verify,
  [INS.manageChannel]: manageChannel,
  [INS.status]: status,
};

/** Carries out one command. The session and the memory change only when the command succeeds as a whole. */
export function interpret(memory: CardMemory, session: CardSession, command: CommandApdu): ResponseApdu {
  const wrongClass = checkClass(command);
  if (wrongClass !== undefined) return sw(wrongClass);
  const channel = session.channels.get(channelOf(command.cla));
  if (channel === undefined) return sw(0x6881);
  if (command.ins === INS.getResponse) return getResponse(session, command);
  session.pending = undefined;
  const handler = HANDLERS[command.ins];
  return handler === undefined ? sw(0x6d00) : handler(memory, session, command, channel);
}

/** Classes 0X and 4X, for STATUS also 8X and CX (TS 102 221 §10.1.1); no secure messaging. */
function checkClass(command: CommandApdu): number | undefined {
  const form = command.cla & 0xf0;
  const proprietary = command.ins === INS.status && (form === 0x80 || form === 0xc0);
  if (form !== 0x00 && form !== 0x40 && !proprietary) return 0x6e00;
  return (form === 0x00 || form === 0x80) && (command.cla & 0x0c) !== 0 ? 0x6882 : undefined;
}

function select(memory: CardMemory, session: CardSession, command: CommandApdu, channel: Channel): ResponseApdu {
  const data = command.data ?? new Uint8Array();
  if (command.p2 !== 0x04 && command.p2 !== 0x0c && command.p2 !== 0x00) return sw(0x6a86);
  const found = locate(memory, command.p1, data, channel);
  if (typeof found === 'number') return sw(found);
  const selected = found.kind === 'df' ? { df: found, ef: undefined } : { df: found.parent, ef: found };
  session.channels.set(channelOf(command.cla), selected);
  return command.p2 === 0x0c ? sw(SW_OK) : answer(session, fcpOf(found), command.le);
}

/** The file that SELECT means, or the status word that refuses it. */
function locate(memory: CardMemory, p1: number, data: Uint8Array, channel: Channel): CardFile | number {
  if (p1 === 0x04) return findByAid(memory.mf, data) ?? 0x6a82;
  if (p1 !== 0x00 && p1 !== 0x08 && p1 !== 0x09) return 0x6a86;
  const fids = fileIdentifiers(data);
  if (fids === undefined) return 0x6700;
  if (p1 === 0x00) return fids.length > 1 ? 0x6700 : (findByFid(channel.df, fids[0] ?? memory.mf.fid) ?? 0x6a82);
  return findByPath(p1 === 0x08 ? masterFile(channel.df) : channel.df, fids) ?? 0x6a82;
}

function fileIdentifiers(data: Uint8Array): number[] | undefined {
  if (data.length % 2 !== 0) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return Array.from({ length: data.length / 2 }, (_, i) => view.getUint16(2 * i));
}

function readBinary(_: CardMemory, session: CardSession, command: CommandApdu, channel: Channel): ResponseApdu {
  const refused = refuseBinary(session, command, channel.ef, channel.ef?.read);
  if (refused !== undefined || channel.ef === undefined) return sw(refused ?? 0x6986);
  if (command.le === undefined || command.data !== undefined) return sw(0x6700);
  const offset = offsetOf(command);
  const available = channel.ef.content.length - offset;
  const whole = command.le === 256;
  if (!whole && command.le > available) return sw(0x6c00 | available);
  return { data: channel.ef.content.slice(offset, offset + command.le), sw: SW_OK };
}

/** Atomic: either all bytes of the command are in the file or none. */
function updateBinary(_: CardMemory, session: CardSession, command: CommandApdu, channel: Channel): ResponseApdu {
  const refused = refuseBinary(session, command, channel.ef, channel.ef?.update);
  if (refused !== undefined || channel.ef === undefined) return sw(refused ?? 0x6986);
  if (command.data === undefined || command.le !== undefined) return sw(0x6700);
  const offset = offsetOf(command);
  if (offset + command.data.length > channel.ef.content.length) return sw(0x6700);
  channel.ef.content.set(command.data, offset);
  return sw(SW_OK);
}

function refuseBinary(session: CardSession, command: CommandApdu, ef: Ef | undefined, access: Access = 'never') {
  // Bit 8 of P1 names a short file identifier; the files of this card have none.
  if (command.p1 & 0x80) return 0x6a82;
  if (ef === undefined) return 0x6986;
  if (ef.recordLength !== undefined) return 0x6981;
  if (!allowed(session, access)) return 0x6982;
  return offsetOf(command) >= ef.content.length ? 0x6b00 : undefined;
}

function offsetOf(command: CommandApdu): number {
  return (command.p1 << 8) | command.p2;
}

function readRecord(_: CardMemory, session: CardSession, command: CommandApdu, channel: Channel): ResponseApdu {
  const { ef } = channel;
  if ((command.p2 & 0x07) !== 0x04) return sw(0x6a86);
  if (command.p2 >> 3 !== 0) return sw(0x6a82);
  if (ef === undefined) return sw(0x6986);
  if (ef.recordLength === undefined) return sw(0x6981);
  if (!allowed(session, ef.read)) return sw(0x6982);
  const start = (command.p1 - 1) * ef.recordLength;
  if (command.p1 === 0 || start >= ef.content.length) return sw(0x6a83);
  if (command.le === undefined) return sw(0x6700);
  if (command.le !== 256 && command.le !== ef.recordLength) return sw(0x6c00 | ef.recordLength);
  return { data: ef.content.slice(start, start + ef.recordLength), sw: SW_OK };
}

function verify(memory: CardMemory, session: CardSession, command: CommandApdu): ResponseApdu {
  if (command.p1 !== 0x00) return sw(0x6a86);
  if (command.p2 !== ADM1_REFERENCE) return sw(0x6a88);
  if (memory.admTriesLeft === 0) return sw(0x6983);
  if (command.data === undefined) return sw(0x63c0 | memory.admTriesLeft);
  if (command.data.length !== ADM1_LENGTH) return sw(0x6700);
  session.admVerified = bytesEqual(command.data, memory.adm1.reveal());
  memory.admTriesLeft = session.admVerified ? ADM_TRIES : memory.admTriesLeft - 1;
  return sw(session.admVerified ? SW_OK : 0x63c0 | memory.admTriesLeft);
}

function manageChannel(memory: CardMemory, session: CardSession, command: CommandApdu): ResponseApdu {
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
}

function status(_: CardMemory, session: CardSession, command: CommandApdu, channel: Channel): ResponseApdu {
  if (command.p1 > 0x02) return sw(0x6a86);
  if (command.p2 === 0x0c) return sw(SW_OK);
  if (command.p2 !== 0x00) return sw(0x6a86);
  return answer(session, fcpOf(channel.df), command.le);
}

function getResponse(session: CardSession, command: CommandApdu): ResponseApdu {
  if (session.pending === undefined) return sw(0x6985);
  if (command.le === undefined) return sw(0x6700);
  return answer(session, session.pending, command.le);
}

/** Data at once where the command has an Le, else 61xx and the data with GET RESPONSE. */
function answer(session: CardSession, data: Uint8Array, le: number | undefined): ResponseApdu {
  if (le === undefined) {
    session.pending = data;
    return sw(0x6100 | (data.length & 0xff));
  }
  if (le !== 256 && le > data.length) return sw(0x6c00 | data.length);
  const rest = data.slice(le);
  session.pending = rest.length > 0 ? rest : undefined;
  return { data: data.slice(0, le), sw: rest.length > 0 ? 0x6100 | rest.length : SW_OK };
}

function allowed(session: CardSession, access: Access): boolean {
  return access === 'always' || (access === 'adm1' && session.admVerified);
}

function sw(statusWord: number): ResponseApdu {
  return { data: new Uint8Array(), sw: statusWord };
}
