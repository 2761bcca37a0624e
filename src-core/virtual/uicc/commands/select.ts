/** SELECT, STATUS and GET RESPONSE of a virtual UICC (ETSI TS 102 221 §11.1.1, §11.1.2, §12.1.1). */
import { writeTlv } from '../../../encoding/ber-tlv.ts';
import { answer, fileIdentifiers, type Handler, makeCurrent, type Request, sw } from '../card.ts';
import { fcpOf } from '../file-control.ts';
import { type CardFile, CURRENT_ADF, type Df, findByAid, findByFid, findByPath, isWithin } from '../file-system.ts';
import { SW } from '../status.ts';

const BY_AID = 0x04;
const AID = 0x84;
/** Bits 4 and 3 of P2: FCP (also where another template is asked for), or nothing. */
const RETURN: Readonly<Record<number, 'fcp' | 'nothing'>> = { 0: 'fcp', 4: 'fcp', 12: 'nothing' };
/** Bit 7 of P2: the application ends. */
const TERMINATION = 0x40;

export const select: Handler = request => {
  const { command, memory } = request;
  const returns = RETURN[command.p2 & 0x0c];
  // Which occurrence, and what becomes of a session, is said of applications only.
  const rest = command.p2 & 0xf3;
  if (returns === undefined || (rest !== 0 && command.p1 !== BY_AID) || (rest & 0xb0) !== 0) return sw(SW.wrongP1P2);
  const found = locate(request);
  if (typeof found === 'number') return sw(found);
  const done = found.kind === 'ef' && !found.active ? SW.deactivated : SW.ok;
  const response = returns === 'nothing' ? sw(done) : answer(request, fcpOf(found, memory), done);
  if (response.sw >> 8 !== 0x6c) makeCurrent(request, command.p2 & TERMINATION ? memory.mf : found);
  return response;
};

/** The file that P1 and the data mean, or the status word that refuses it. */
export function locate({ memory: { mf }, command, selection }: Request): CardFile | number {
  const { p1, p2, data = new Uint8Array() } = command;
  const { df, adf } = selection;
  if (p1 === BY_AID) return occurrence(findByAid(mf, data), df, p2 & 0x03) ?? SW.notFound;
  if (p1 === 0x03) return data.length > 0 ? SW.wrongLength : (df.parent ?? SW.notFound);
  const fids = fileIdentifiers(data);
  if (fids === undefined) return SW.wrongLength;
  const byPath = (start: Df, path: readonly number[]) =>
    path[0] === CURRENT_ADF && adf ? findByPath(adf, path.slice(1)) : findByPath(start, path);
  switch (p1) {
    case 0x00:
      if (fids.length > 1) return SW.wrongLength;
      return (fids[0] === CURRENT_ADF ? adf : findByFid(df, fids[0] ?? mf.fid)) ?? SW.notFound;
    case 0x01:
      if (fids.length !== 1) return SW.wrongLength;
      return df.files.find(file => file.kind === 'df' && file.fid === fids[0]) ?? SW.notFound;
    case 0x08:
      return byPath(mf, fids) ?? SW.notFound;
    case 0x09:
      return byPath(df, fids) ?? SW.notFound;
    default:
      return SW.wrongP1P2;
  }
}

/** Bits 2 and 1 of P2: first, last, next or previous of the applications that fit, seen from where the channel is. */
function occurrence(candidates: readonly Df[], current: Df, which: number): Df | undefined {
  const here = candidates.findIndex(candidate => isWithin(current, candidate));
  if (which === 0) return candidates[0];
  if (which === 1) return candidates.at(-1);
  if (which === 2) return candidates[here + 1];
  return here < 0 ? candidates.at(-1) : here === 0 ? undefined : candidates[here - 1];
}

/** P2 00: FCP of the current DF; 01: the AID of the application selected last; 0C: nothing. */
export const status: Handler = request => {
  const { command, selection, memory } = request;
  if (command.p1 > 0x02) return sw(SW.wrongP1P2);
  switch (command.p2) {
    case 0x00:
      return answer(request, fcpOf(selection.df, memory));
    case 0x01:
      return selection.adf?.aid ? answer(request, writeTlv(AID, selection.adf.aid)) : sw(SW.wrongState);
    case 0x0c:
      return sw(SW.ok);
    default:
      return sw(SW.wrongP1P2);
  }
};

export const getResponse: Handler = request => {
  const pending = request.session.pending.get(request.channel);
  if (pending === undefined) return sw(SW.wrongState);
  return request.command.le === undefined ? sw(SW.wrongLength) : answer(request, pending);
};
