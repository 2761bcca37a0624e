/** READ BINARY and UPDATE BINARY of a virtual UICC (ETSI TS 102 221 §11.1.3, §11.1.4). Updates are whole or not at all. */
import { type Handler, makeCurrent, type Request, sw } from '../card.ts';
import type { Ef } from '../file-system.ts';
import { SW, wrongLe } from '../status.ts';
import { fileFor, refusal } from './access.ts';

export const readBinary: Handler = request => {
  const { command, memory } = request;
  const place = binary(request, 'read');
  if (typeof place === 'number') return sw(place);
  const { le, leIsMost, data } = command;
  if (le === undefined || data !== undefined) return sw(SW.wrongLength);
  const { exactLe, warnsShort, mostRead } = memory.habits;
  const { ef, offset } = place;
  const available = ef.content.length - offset;
  const most = Math.min(available, mostRead);
  const isBehindEnd = le > available && !leIsMost && !warnsShort && available <= 0xff;
  if (exactLe ? le > most : isBehindEnd) return sw(wrongLe(exactLe ? most : available));
  const length = Math.min(le, most);
  const isShort = length < le && !(leIsMost && length === available);
  take(request, place);
  return { data: ef.content.slice(offset, offset + length), sw: isShort && warnsShort ? SW.endOfFile : SW.ok };
};

export const updateBinary: Handler = request => {
  const place = binary(request, 'update');
  if (typeof place === 'number') return sw(place);
  const { data, le } = request.command;
  if (data === undefined || le !== undefined) return sw(SW.wrongLength);
  const { ef, offset } = place;
  if (offset + data.length > ef.content.length) return sw(SW.wrongLength);
  ef.content.set(data, offset);
  take(request, place);
  return sw(SW.ok);
};

interface Place {
  readonly ef: Ef;
  readonly offset: number;
}

/** The transparent file at hand and where in it, or why it cannot be had. Bit 8 of P1 names a short file identifier. */
function binary(request: Request, use: 'read' | 'update'): Place | number {
  const { p1, p2 } = request.command;
  const byShort = (p1 & 0x80) !== 0;
  if (byShort && (p1 & 0x60) !== 0) return SW.wrongP1P2;
  const ef = fileFor(request, byShort ? p1 & 0x1f : 0);
  if (typeof ef === 'number') return ef;
  if (ef.structure !== 'transparent') return SW.wrongStructure;
  const refused = refusal(request, ef, use);
  if (refused !== undefined) return refused;
  const offset = byShort ? p2 : (p1 << 8) | p2;
  return offset >= ef.content.length ? SW.wrongOffset : { ef, offset };
}

/** A file reached by its short identifier is current from then on. */
function take(request: Request, { ef }: Place): void {
  if (request.selection.ef !== ef) makeCurrent(request, ef);
}
