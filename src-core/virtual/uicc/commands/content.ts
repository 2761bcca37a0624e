/** Reading and updating what is in files of a virtual UICC (ETSI TS 102 221 §11.1.3 to §11.1.6). Updates are whole or not at all. */
import { SW_OK } from '../../../encoding/apdu.ts';
import { type Handler, type Request, sw } from '../card.ts';
import type { Ef } from '../file-system.ts';

export const readBinary: Handler = request => {
  const ef = binary(request, 'read');
  if (typeof ef === 'number') return sw(ef);
  const { command, memory } = request;
  if (command.le === undefined || command.data !== undefined) return sw(0x6700);
  const offset = offsetOf(request);
  const available = ef.content.length - offset;
  const short = command.le > available && (command.le !== 256 || memory.habits.exactLe);
  if (short) return sw(0x6c00 | (available & 0xff));
  const length = Math.min(command.le, memory.habits.mostRead);
  return { data: ef.content.slice(offset, offset + length), sw: SW_OK };
};

export const updateBinary: Handler = request => {
  const ef = binary(request, 'update');
  if (typeof ef === 'number') return sw(ef);
  const { data, le } = request.command;
  if (data === undefined || le !== undefined) return sw(0x6700);
  const offset = offsetOf(request);
  if (offset + data.length > ef.content.length) return sw(0x6700);
  ef.content.set(data, offset);
  return sw(SW_OK);
};

/** The transparent file at hand, or why it cannot be had. */
function binary(request: Request, use: 'read' | 'update'): Ef | number {
  // Bit 8 of P1 names a short file identifier; the files of this card have none.
  if (request.command.p1 & 0x80) return 0x6a82;
  const { ef } = request.selection;
  if (ef === undefined) return 0x6986;
  if (ef.recordLength !== undefined) return 0x6981;
  if (!allowed(request, ef, use)) return 0x6982;
  return offsetOf(request) >= ef.content.length ? 0x6b00 : ef;
}

export const readRecord: Handler = request => {
  const place = record(request, 'read');
  if (typeof place === 'number') return sw(place);
  const { le } = request.command;
  const { ef, start, length } = place;
  if (le === undefined) return sw(0x6700);
  if (le !== length && (le !== 256 || request.memory.habits.exactLe)) return sw(0x6c00 | length);
  return { data: ef.content.slice(start, start + length), sw: SW_OK };
};

export const updateRecord: Handler = request => {
  const place = record(request, 'update');
  if (typeof place === 'number') return sw(place);
  const { data, le } = request.command;
  if (data?.length !== place.length || le !== undefined) return sw(0x6700);
  place.ef.content.set(data, place.start);
  return sw(SW_OK);
};

/** A record by its number (absolute mode), or why it cannot be had. */
function record(request: Request, use: 'read' | 'update'): { ef: Ef; start: number; length: number } | number {
  const { command, selection } = request;
  const { ef } = selection;
  if ((command.p2 & 0x07) !== 0x04) return 0x6a86;
  if (command.p2 >> 3 !== 0) return 0x6a82;
  if (ef === undefined) return 0x6986;
  if (ef.recordLength === undefined) return 0x6981;
  if (!allowed(request, ef, use)) return 0x6982;
  const start = (command.p1 - 1) * ef.recordLength;
  return command.p1 === 0 || start >= ef.content.length ? 0x6a83 : { ef, start, length: ef.recordLength };
}

export function offsetOf({ command }: Request): number {
  return (command.p1 << 8) | command.p2;
}

export function allowed({ memory, session }: Request, ef: Ef, use: 'read' | 'update'): boolean {
  return memory.keys.allows(ef[use], session.verified);
}
