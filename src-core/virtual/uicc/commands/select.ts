/** SELECT, STATUS and GET RESPONSE of a virtual UICC (ETSI TS 102 221 §11.1.1, §11.1.2, §12.1.1). */
import { SW_OK } from '../../../encoding/apdu.ts';
import { answer, fileIdentifiers, type Handler, makeCurrent, type Request, sw } from '../card.ts';
import { fcpOf } from '../file-control.ts';
import { type CardFile, findByAid, findByFid, findByPath, masterFile } from '../file-system.ts';

const NOT_FOUND = 0x6a82;
const WRONG_P1_P2 = 0x6a86;

export const select: Handler = request => {
  const { command, memory, session } = request;
  if (command.p2 !== 0x04 && command.p2 !== 0x0c && command.p2 !== 0x00) return sw(WRONG_P1_P2);
  const found = locate(request);
  if (typeof found === 'number') return sw(found);
  makeCurrent(request, found);
  return command.p2 === 0x0c ? sw(SW_OK) : answer(session, fcpOf(found, memory.habits.rules, memory.mf), command.le);
};

/** The file that SELECT means, or the status word that refuses it. */
function locate({ memory, command, selection: { df } }: Request): CardFile | number {
  const { p1, data = new Uint8Array() } = command;
  if (p1 === 0x04) return findByAid(memory.mf, data) ?? NOT_FOUND;
  if (p1 === 0x03) return data.length > 0 ? 0x6700 : (df.parent ?? NOT_FOUND);
  const fids = fileIdentifiers(data);
  if (fids === undefined) return 0x6700;
  switch (p1) {
    case 0x00:
      return fids.length > 1 ? 0x6700 : (findByFid(df, fids[0] ?? memory.mf.fid) ?? NOT_FOUND);
    case 0x01:
      return fids.length === 1
        ? (df.files.find(file => file.kind === 'df' && file.fid === fids[0]) ?? NOT_FOUND)
        : 0x6700;
    case 0x08:
      return findByPath(masterFile(df), fids) ?? NOT_FOUND;
    case 0x09:
      return findByPath(df, fids) ?? NOT_FOUND;
    default:
      return WRONG_P1_P2;
  }
}

export const status: Handler = ({ memory, session, command, selection }) => {
  if (command.p1 > 0x02) return sw(WRONG_P1_P2);
  if (command.p2 === 0x0c) return sw(SW_OK);
  if (command.p2 !== 0x00) return sw(WRONG_P1_P2);
  return answer(session, fcpOf(selection.df, memory.habits.rules, memory.mf), command.le);
};

export const getResponse: Handler = ({ session, command }) => {
  if (session.pending === undefined) return sw(0x6985);
  if (command.le === undefined) return sw(0x6700);
  return answer(session, session.pending, command.le);
};
