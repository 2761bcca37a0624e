/** READ RECORD, UPDATE RECORD and SEARCH RECORD of a virtual UICC (ETSI TS 102 221 §11.1.5 to §11.1.7). */
import { type Handler, makeCurrent, type Request, sw } from '../card.ts';
import type { Ef } from '../file-system.ts';
import { RECORD_MODES, type RecordMode, recordAt, recordCount, recordMeant, writeRecord } from '../records.ts';
import { SW, wrongLe } from '../status.ts';
import { fileFor, refusal } from './access.ts';

export const readRecord: Handler = request => {
  const place = record(request, 'read');
  if (typeof place === 'number') return sw(place);
  const { le, leIsMost } = request.command;
  const { ef, number } = place;
  if (le === undefined) return sw(SW.wrongLength);
  const data = recordAt(ef, number);
  if (le !== data.length && (!leIsMost || request.memory.habits.exactLe)) return sw(wrongLe(data.length));
  take(request, place);
  return { data, sw: SW.ok };
};

/** A cyclic file is updated in its oldest record only, with previous. */
export const updateRecord: Handler = request => {
  const place = record(request, 'update');
  if (typeof place === 'number') return sw(place);
  const { data, le } = request.command;
  const { ef, mode, number } = place;
  const isCyclic = ef.structure === 'cyclic';
  if (isCyclic && mode !== 'previous') return sw(SW.wrongP1P2);
  if (data === undefined || data.length !== ef.recordLength || le !== undefined) return sw(SW.wrongLength);
  writeRecord(ef, number, data);
  take(request, isCyclic ? { ...place, number: 1 } : place);
  return sw(SW.ok);
};

interface Place {
  readonly ef: Ef;
  readonly mode: RecordMode;
  readonly number: number;
}

function record(request: Request, use: 'read' | 'update'): Place | number {
  const { p1, p2 } = request.command;
  const mode = RECORD_MODES[p2 & 0x07];
  if (mode === undefined) return SW.wrongP1P2;
  const ef = recordFile(request, use);
  if (typeof ef === 'number') return ef;
  // A cyclic file has always room for one more.
  const number = ef.structure === 'cyclic' && use === 'update' ? 1 : recordMeant(ef, mode, p1, pointerIn(request, ef));
  return number === 0 ? SW.noRecord : { ef, mode, number };
}

/** The high bits of P2 name a short file identifier. */
function recordFile(request: Request, use: 'read' | 'update'): Ef | number {
  const ef = fileFor(request, request.command.p2 >> 3);
  if (typeof ef === 'number') return ef;
  if (ef.structure === 'transparent') return SW.wrongStructure;
  return refusal(request, ef, use) ?? ef;
}

/** A short identifier begins anew, even for the file that is current (§8.4.3). */
function pointerIn({ command, selection }: Request, ef: Ef): number {
  return selection.ef === ef && command.p2 >> 3 === 0 ? selection.record : 0;
}

/** Reading by number leaves the pointer where it was. */
function take(request: Request, { ef, mode, number }: Place): void {
  makeCurrent(request, ef, mode === 'absolute' ? pointerIn(request, ef) : number);
}

/** Numbers of the records that hold the bytes; the first is current then. None: 6282. */
export const searchRecord: Handler = request => {
  const ef = recordFile(request, 'read');
  if (typeof ef === 'number') return sw(ef);
  const { data = new Uint8Array(), le } = request.command;
  const search = searchOf(request, ef, data);
  if (typeof search === 'number') return sw(search);
  const found = search.order.filter(number => includes(recordAt(ef, number).subarray(search.offset), search.bytes));
  if (found.length === 0) return sw(SW.endOfFile);
  makeCurrent(request, ef, found[0]);
  return { data: Uint8Array.from(le === undefined ? [] : found.slice(0, le)), sw: SW.ok };
};

interface Search {
  readonly order: readonly number[];
  readonly bytes: Uint8Array;
  readonly offset: number;
}

/** Simple search (P2 04 forward, 05 backward); enhanced (06) says direction and offset in two bytes before the bytes. */
function searchOf(request: Request, ef: Ef, data: Uint8Array): Search | number {
  const { p1, p2 } = request.command;
  const isEnhanced = (p2 & 0x07) === 0x06;
  const direction = isEnhanced ? (data[0] ?? 0) : p2 & 0x07;
  const bytes = isEnhanced ? data.subarray(2) : data;
  if ((p2 & 0x07) < 0x04 || (p2 & 0x07) > 0x06 || direction < 0x04 || direction > 0x07) return SW.wrongP1P2;
  if (bytes.length === 0) return SW.wrongLength;
  const pointer = pointerIn(request, ef);
  // 04 and 05 begin at the record of P1, 06 and 07 at the next and the previous one.
  const mode = direction < 0x06 ? 'absolute' : direction === 0x06 ? 'next' : 'previous';
  const start = recordMeant(ef, mode, p1, pointer);
  if (start === 0) return SW.noRecord;
  return { order: numbers(ef, start, direction % 2 === 0), bytes, offset: isEnhanced ? (data[1] ?? 0) : 0 };
}

function numbers(ef: Ef, start: number, isForward: boolean): number[] {
  const length = isForward ? recordCount(ef) - start + 1 : start;
  return Array.from({ length }, (_, i) => (isForward ? start + i : start - i));
}

function includes(record: Uint8Array, bytes: Uint8Array): boolean {
  return Buffer.from(record).includes(Buffer.from(bytes));
}
