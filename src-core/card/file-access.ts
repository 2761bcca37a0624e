/** Files of a card over any connection: select, read, update on one logical channel (ETSI TS 102 221 §11.1). */
import { concatBytes, fromHex, toHex } from '../base/bytes.ts';
import { CardError, EncodingError, TransportError } from '../base/errors.ts';
import {
  type CommandApdu,
  decodeResponse,
  describeStatusWord,
  encodeCommand,
  followUp,
  formatStatusWord,
  GSM_CLASS,
  INS,
  instructionName,
  MAX_RESPONSE_DATA,
  type ResponseApdu,
  SW_OK,
  withChannel,
} from '../encoding/apdu.ts';
import { decodeFcp, type Fcp } from '../encoding/fcp.ts';
import { decodeGsmHeader } from '../encoding/gsm-header.ts';
import { PKCS15_AID } from '../encoding/pkcs15.ts';
import type { CardConnection } from './reader.ts';

/** A connection and the logical channel to use on it; 0 is the basic channel. */
export interface CardChannel {
  readonly connection: CardConnection;
  readonly number: number;
  /** A SIM of the second generation: class A0, one channel, files by identifier one after another. */
  readonly gsm?: true;
}

const MF = '3F00';
/** The PKCS#15 directory of a SIM, which has no AIDs (OMA DM Bootstrap 1.2, smart card appendix). */
export const SIM_PKCS15 = '3F007F50';
const NOT_FOUND: ReadonlySet<number> = new Set([0x6a82, 0x9404]);
/** Bit 8 of P1 means something else: what lies behind is out of reach. */
export const ADDRESSABLE = 0x8000;
const NO_MEMORY = 0x6a84;
/** Fewer bytes than were asked for. */
const ENDS_EARLY = 0x6282;
const WRONG_LENGTH = 0x6700;
/** Less than the 64 KiB that the form allows: cards have smaller buffers. */
const MAX_EXTENDED_READ = 2048;
/** Security status, or in class A0 access condition, not fulfilled. */
const LOCKED: ReadonlySet<number> = new Set([0x6982, 0x9804]);
/** Record numbers end there, whatever the card says (TS 102 221 §8.2.2.2). */
const MAX_RECORDS = 254;
/** More GET RESPONSEs than any answer needs: a card that asks on for ever is broken. */
const MAX_FOLLOW_UPS = 16;

export function basicChannel(connection: CardConnection): CardChannel {
  return { connection, number: 0 };
}

/** Sends a command and whatever 61xx and 6Cxx ask for; the response is final, its data joined. */
export async function exchange(channel: CardChannel, command: CommandApdu): Promise<ResponseApdu> {
  const parts: Uint8Array[] = [];
  let next: CommandApdu | undefined = onChannel(channel, command);
  for (let i = 0; i <= MAX_FOLLOW_UPS; i++) {
    const response = decodeResponse(
      await channel.connection.transmit(encodeCommand(next, channel.connection.extended)),
    );
    parts.push(response.data);
    next = followUp(next, response.sw);
    if (next === undefined) return { data: concatBytes(parts), sw: response.sw };
  }
  throw new CardError('endless-response', `the card never finishes its answer to ${instructionName(command.ins)}`);
}

/** One command and its response as they are: what costs a try is never repeated, whatever the card asks for. */
export async function sendOnce(channel: CardChannel, command: CommandApdu): Promise<ResponseApdu> {
  return decodeResponse(await channel.connection.transmit(encodeCommand(onChannel(channel, command))));
}

function onChannel({ gsm, number }: CardChannel, command: CommandApdu): CommandApdu {
  return { ...command, cla: gsm ? GSM_CLASS : withChannel(command.cla, number) };
}

/** Carried out: also where a proactive command waits (91xx), or after retries inside the card (920x, for an update 63Cx). */
function isDone(sw: number, ins: number): boolean {
  if (sw === SW_OK || sw >> 8 === 0x91 || (sw & 0xfff0) === 0x9200) return true;
  return (sw & 0xfff0) === 0x63c0 && ins === INS.updateBinary;
}

/** Selects by path: absolute from `3F00`, else from the PKCS#15 application. @throws CardError `file-not-found`. */
export async function selectFile(channel: CardChannel, path: string): Promise<Fcp> {
  if (channel.gsm) return selectSimFile(channel, path.startsWith(MF) ? path : `${SIM_PKCS15}${path}`);
  const absolute = path.startsWith(MF);
  if (!absolute && (await selectApplication(channel, PKCS15_AID)) === undefined) throw fileNotFound(path);
  const data = fromHex(absolute ? path.slice(MF.length) : path);
  const fcp = await select(channel, absolute ? 0x08 : 0x09, data, path);
  if (fcp === undefined) throw fileNotFound(path);
  return fcp;
}

/** The directory that all is under; undefined on a card that does not let it be selected. */
export async function selectMf(channel: CardChannel): Promise<Fcp | undefined> {
  return channel.gsm ? selectSimFile(channel, MF) : select(channel, 0x00, fromHex(MF), MF);
}

/** Selects an application by AID; undefined when the card has none. */
export function selectApplication(channel: CardChannel, aid: string): Promise<Fcp | undefined> {
  return select(channel, 0x04, fromHex(aid), `application ${aid}`);
}

/** From the MF downwards, one identifier at a time. */
async function selectSimFile(channel: CardChannel, path: string): Promise<Fcp> {
  let header: Uint8Array = new Uint8Array();
  for (const fid of path.match(/.{4}/g) ?? []) {
    const response = await exchange(channel, { cla: GSM_CLASS, ins: INS.select, p1: 0, p2: 0, data: fromHex(fid) });
    if (NOT_FOUND.has(response.sw)) throw fileNotFound(path);
    if (response.sw !== SW_OK) throw refused('SELECT', path, response.sw);
    header = response.data;
  }
  return described(path, () => decodeGsmHeader(header), header);
}

async function select(channel: CardChannel, p1: number, data: Uint8Array, what: string): Promise<Fcp | undefined> {
  const response = await exchange(channel, { cla: 0, ins: INS.select, p1, p2: 0x04, data, le: 256 });
  if (NOT_FOUND.has(response.sw)) return undefined;
  if (response.sw !== SW_OK) throw refused('SELECT', what, response.sw);
  return described(what, () => decodeFcp(response.data), response.data);
}

function described(what: string, decode: () => Fcp, data: Uint8Array): Fcp {
  try {
    return decode();
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause;
    throw new CardError('fcp-malformed', `the card describes ${what} in a way that cannot be read: ${cause.message}`, {
      details: { fcp: toHex(data) },
      cause,
    });
  }
}

/** Size in bytes of a selected transparent file. @throws CardError `not-transparent`. */
export function transparentSize(fcp: Fcp, path: string): number {
  if (fcp.structure === 'transparent' && fcp.size !== undefined) return Math.min(fcp.size, ADDRESSABLE);
  throw new CardError('not-transparent', `file ${path} is ${fcp.structure}, not a transparent file with a size`, {
    advice: 'The card issuer must create it as a transparent EF',
  });
}

/** Selects a transparent file and reads all of it. */
export async function readFile(channel: CardChannel, path: string): Promise<Uint8Array> {
  return readBinary(channel, path, transparentSize(await selectFile(channel, path), path));
}

/** Reads `size` bytes of the selected file. */
export async function readBinary(channel: CardChannel, path: string, size: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let most = channel.connection.extended && !channel.gsm ? MAX_EXTENDED_READ : MAX_RESPONSE_DATA;
  for (let offset = 0; offset < size; ) {
    const le = Math.min(most, size - offset);
    const command = { cla: 0, ins: INS.readBinary, p1: offset >> 8, p2: offset & 0xff, le };
    const response = le > MAX_RESPONSE_DATA ? await tryExtended(channel, command) : await exchange(channel, command);
    if (!response) {
      most = MAX_RESPONSE_DATA;
      continue;
    }
    if (LOCKED.has(response.sw)) throw readLocked(path, response.sw);
    const isRead = isDone(response.sw, INS.readBinary) || response.sw === ENDS_EARLY;
    if (!isRead || response.data.length === 0) throw refused('READ BINARY', path, response.sw);
    parts.push(response.data);
    offset += response.data.length;
  }
  return concatBytes(parts);
}

/** Undefined where the card, or a reader that knows short APDUs only, does not take it. */
async function tryExtended(channel: CardChannel, command: CommandApdu): Promise<ResponseApdu | undefined> {
  try {
    const response = await exchange(channel, command);
    return response.sw === WRONG_LENGTH ? undefined : response;
  } catch (error) {
    if (error instanceof TransportError && error.code === 'reader-failed') return undefined;
    throw error;
  }
}

/** One record by its number; undefined where the file or the record is not there. */
export async function readRecord(channel: CardChannel, path: string, number: number): Promise<Uint8Array | undefined> {
  const fcp = await findFile(channel, path);
  if (!fcp) return undefined;
  const le = fcp.recordLength ?? MAX_RESPONSE_DATA;
  const response = await exchange(channel, { cla: 0, ins: INS.readRecord, p1: number, p2: 0x04, le });
  return response.sw === SW_OK ? response.data : undefined;
}

/** Selects a record file and reads all its records. */
export async function readRecords(channel: CardChannel, path: string): Promise<Uint8Array[]> {
  const fcp = await selectFile(channel, path);
  const records: Uint8Array[] = [];
  for (let number = 1; number <= Math.min(fcp.recordCount ?? 0, MAX_RECORDS); number++) {
    const le = fcp.recordLength ?? MAX_RESPONSE_DATA;
    const response = await exchange(channel, { cla: 0, ins: INS.readRecord, p1: number, p2: 0x04, le });
    if (response.sw !== SW_OK) throw refused('READ RECORD', path, response.sw);
    records.push(response.data);
  }
  return records;
}

/** The description of a file; undefined where the card has none there. */
export async function findFile(channel: CardChannel, path: string): Promise<Fcp | undefined> {
  try {
    return await selectFile(channel, path);
  } catch (error) {
    if (error instanceof CardError && error.code === 'file-not-found') return undefined;
    throw error;
  }
}

/** Creates a file in the directory that is selected (ETSI TS 102 222 §6.3); it is selected then. */
export async function createFile(channel: CardChannel, path: string, template: Uint8Array): Promise<void> {
  const response = await exchange(channel, { cla: 0, ins: INS.createFile, p1: 0, p2: 0, data: template });
  if (!isDone(response.sw, INS.createFile)) throw refused('CREATE FILE', path, response.sw);
}

/** Writes up to 255 bytes at `offset` of the selected file. @throws CardError `out-of-reach` */
export async function updateBinary(
  channel: CardChannel,
  path: string,
  offset: number,
  data: Uint8Array,
): Promise<void> {
  // With bit 8 of P1 another file would be written.
  if (offset + data.length > ADDRESSABLE)
    throw new CardError('out-of-reach', `${path} cannot be written behind byte ${ADDRESSABLE}`, {
      advice: 'Shorten the profile',
    });
  const command = { cla: 0, ins: INS.updateBinary, p1: offset >> 8, p2: offset & 0xff, data };
  const response = await exchange(channel, command);
  if (!isDone(response.sw, INS.updateBinary))
    throw refused('UPDATE BINARY', `${path} at offset ${offset}`, response.sw);
}

/** Runs `work` on a logical channel of its own, as a handset does; on cards with one channel only, and on a SIM, on that. */
export async function onLogicalChannel<T>(
  connection: CardConnection,
  work: (channel: CardChannel) => Promise<T>,
  gsm?: true,
): Promise<T> {
  const basic = basicChannel(connection);
  if (gsm) return work({ ...basic, gsm });
  const opened = await exchange(basic, { cla: 0, ins: INS.manageChannel, p1: 0x00, p2: 0x00, le: 1 });
  const number = opened.sw === SW_OK ? opened.data[0] : undefined;
  if (number === undefined) return work(basic);
  try {
    return await work({ connection, number });
  } finally {
    // A card that has gone has closed it already; what the work found or threw is what counts.
    await exchange(basic, { cla: 0, ins: INS.manageChannel, p1: 0x80, p2: number }).catch(() => undefined);
  }
}

function refused(command: string, where: string, sw: number): CardError {
  const message = `the card refused ${command} on ${where}: ${formatStatusWord(sw)}, ${describeStatusWord(sw)}`;
  const advice =
    sw === NO_MEMORY
      ? 'The card has no room for a second file: plan it again, to be written in place'
      : 'Take the card out and in again, then plan it anew; if it still refuses, its issuer knows why';
  return new CardError('command-refused', message, { statusWord: sw, advice });
}

function readLocked(path: string, sw: number): CardError {
  const words = `${formatStatusWord(sw)}, ${describeStatusWord(sw)}`;
  return new CardError('read-locked', `the card refused READ BINARY on ${path}: ${words}`, {
    advice: 'It is read after a PIN or a key that was not presented: the card sheet says which',
    statusWord: sw,
    details: { path },
  });
}

function fileNotFound(path: string): CardError {
  return new CardError('file-not-found', `the card has no file ${path}`, {
    advice: 'The card issuer must create it before a bootstrap can be written',
    statusWord: 0x6a82,
    details: { path },
  });
}
