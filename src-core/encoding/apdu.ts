/** APDUs (ISO/IEC 7816-3 §12.1, 7816-4 §5.1; ETSI TS 102 221 §10.1): command and response, bytes both ways. */
import { concatBytes } from '../base/bytes.ts';
import { EncodingError } from '../base/errors.ts';
import { COUNTED_STATUS_WORDS, INSTRUCTIONS, STATUS_FAMILIES, STATUS_WORDS } from './status-words.ts';

export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  /** At most 255 bytes, extended 65535; absent or empty: no Lc. */
  readonly data?: Uint8Array;
  /** Bytes expected, 1 to 256 (sent as 00), extended to 65536; absent: no Le. */
  readonly le?: number;
}

export interface ResponseApdu {
  readonly data: Uint8Array;
  /** SW1 SW2 as one number, `0x9000`. */
  readonly sw: number;
}

export const SW_OK = 0x9000;
/** Class of a SIM of the second generation (3GPP TS 51.011 §9.2). */
export const GSM_CLASS = 0xa0;

export const INS = {
  verify: 0x20,
  changePin: 0x24,
  disablePin: 0x26,
  enablePin: 0x28,
  unblockPin: 0x2c,
  manageChannel: 0x70,
  select: 0xa4,
  readBinary: 0xb0,
  readRecord: 0xb2,
  getResponse: 0xc0,
  resizeFile: 0xd4,
  updateBinary: 0xd6,
  updateRecord: 0xdc,
  createFile: 0xe0,
  deleteFile: 0xe4,
  status: 0xf2,
} as const;

/** Most bytes that one short command can carry. */
export const MAX_COMMAND_DATA = 255;
/** Most bytes that one short response can carry. */
export const MAX_RESPONSE_DATA = 256;

/**
 * @param extended lengths over those of a short APDU may be sent; what fits into a short one is one.
 * @throws EncodingError when the data or Le do not fit.
 */
export function encodeCommand(command: CommandApdu, extended = false): Uint8Array {
  const data = command.data ?? new Uint8Array();
  if (extended && (data.length > MAX_COMMAND_DATA || (command.le ?? 0) > MAX_RESPONSE_DATA))
    return encodeExtended(command, data);
  if (data.length > MAX_COMMAND_DATA)
    throw new EncodingError('data-too-long', `${data.length} data bytes do not fit into a short APDU`, 4);
  if (command.le !== undefined && (command.le < 1 || command.le > MAX_RESPONSE_DATA))
    throw new EncodingError('le-out-of-range', `Le ${command.le} is not between 1 and 256`, 5 + data.length);
  const parts: Uint8Array[] = [Uint8Array.of(command.cla, command.ins, command.p1, command.p2)];
  if (data.length > 0) parts.push(Uint8Array.of(data.length), data);
  if (command.le !== undefined) parts.push(Uint8Array.of(command.le % 256));
  return concatBytes(parts);
}

/** One byte 00, then each length in two bytes (ISO/IEC 7816-3 §12.1.3). */
function encodeExtended({ cla, ins, p1, p2, le }: CommandApdu, data: Uint8Array): Uint8Array {
  if (data.length > 0xffff)
    throw new EncodingError('data-too-long', `${data.length} data bytes do not fit into an extended APDU`, 5);
  if (le !== undefined && (le < 1 || le > 0x10000))
    throw new EncodingError('le-out-of-range', `Le ${le} is not between 1 and 65536`, 5 + data.length);
  const parts: Uint8Array[] = [Uint8Array.of(cla, ins, p1, p2, 0)];
  if (data.length > 0) parts.push(twoBytes(data.length), data);
  if (le !== undefined) parts.push(twoBytes(le));
  return concatBytes(parts);
}

function twoBytes(length: number): Uint8Array {
  return Uint8Array.of((length >> 8) & 0xff, length & 0xff);
}

/** @throws EncodingError for a cut header and a wrong Lc. */
export function decodeCommand(bytes: Uint8Array): CommandApdu {
  const [cla, ins, p1, p2, p3] = bytes;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined)
    throw new EncodingError('unexpected-end', 'a command needs four header bytes', bytes.length);
  const header = { cla, ins, p1, p2 };
  if (p3 === undefined) return header;
  if (bytes.length === 5) return { ...header, le: p3 || 256 };
  if (p3 === 0) return decodeExtended(header, bytes);
  const data = bytes.slice(5, 5 + p3);
  const rest = bytes.length - 5 - p3;
  if (rest === 0) return { ...header, data };
  if (rest === 1) return { ...header, data, le: bytes.at(-1) || 256 };
  throw new EncodingError('wrong-lc', `Lc says ${p3} bytes, ${bytes.length - 5} follow`, 4);
}

function decodeExtended(header: CommandApdu, bytes: Uint8Array): CommandApdu {
  const [high, low] = bytes.subarray(5);
  if (high === undefined || low === undefined)
    throw new EncodingError('unexpected-end', 'an extended length needs two bytes', bytes.length);
  const length = (high << 8) | low;
  if (bytes.length === 7) return { ...header, le: length || 0x10000 };
  const data = bytes.slice(7, 7 + length);
  const le = bytes.subarray(7 + length);
  if (data.length === length && length > 0) {
    if (le.length === 0) return { ...header, data };
    if (le.length === 2) return { ...header, data, le: ((le[0] ?? 0) << 8) | (le[1] ?? 0) || 0x10000 };
  }
  throw new EncodingError('wrong-lc', `Lc says ${length} bytes, ${bytes.length - 7} follow`, 5);
}

export function encodeResponse(response: ResponseApdu): Uint8Array {
  return concatBytes([response.data, Uint8Array.of(response.sw >> 8, response.sw & 0xff)]);
}

/** @throws EncodingError when the status word is missing. */
export function decodeResponse(bytes: Uint8Array): ResponseApdu {
  const sw1 = bytes.at(-2);
  const sw2 = bytes.at(-1);
  if (sw1 === undefined || sw2 === undefined)
    throw new EncodingError('unexpected-end', 'a response needs a status word', bytes.length);
  return { data: bytes.slice(0, -2), sw: (sw1 << 8) | sw2 };
}

/**
 * The command that a card asks for by 61xx, in class A0 9Fxx (GET RESPONSE) or 6Cxx (the same with the right Le); undefined
 * when the response is final. Sent on the logical channel of `command` (ETSI TS 102 221 §7.3.1.1, 3GPP TS 51.011 §9.4).
 */
export function followUp(command: CommandApdu, sw: number): CommandApdu | undefined {
  const le = sw & 0xff || 256;
  if (sw >> 8 === 0x9f) return { cla: GSM_CLASS, ins: INS.getResponse, p1: 0, p2: 0, le };
  if (sw >> 8 === 0x61)
    return { cla: withChannel(0x00, channelOf(command.cla)), ins: INS.getResponse, p1: 0, p2: 0, le };
  if (sw >> 8 === 0x6c) return { ...command, le };
  return undefined;
}

/** Logical channel in an interindustry CLA: 0 to 3 in the first form, 4 to 19 in the further form (7816-4 §5.4.1). */
export function channelOf(cla: number): number {
  return cla & 0x40 ? 4 + (cla & 0x0f) : cla & 0x03;
}

/** The class byte for a logical channel 0 to 19. */
export function withChannel(cla: number, channel: number): number {
  return channel < 4 ? (cla & 0xbc) | channel : (cla & 0xb0) | 0x40 | (channel - 4);
}

/** What a status word means, for people. */
export function describeStatusWord(sw: number): string {
  const exact = STATUS_WORDS[sw];
  if (exact !== undefined) return exact;
  const counted = COUNTED_STATUS_WORDS.find(entry => (sw & ~entry.mask) === entry.sw);
  if (counted) return counted.text(sw & counted.mask);
  return STATUS_FAMILIES[sw >> 8] ?? 'unknown status word';
}

/** `9000`, `63C2`: as traces and errors show it. */
export function formatStatusWord(sw: number): string {
  return sw.toString(16).toUpperCase().padStart(4, '0');
}

/** `SELECT`, `READ BINARY`, or `INS 99` for an instruction without a name here. */
export function instructionName(ins: number): string {
  return INSTRUCTIONS[ins] ?? `INS ${ins.toString(16).toUpperCase().padStart(2, '0')}`;
}
