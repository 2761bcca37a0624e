/** DEACTIVATE FILE and ACTIVATE FILE of a virtual UICC (ETSI TS 102 221 §11.1.14, §11.1.15). */
import { type Handler, makeCurrent, type Request, sw } from '../card.ts';
import type { Ef } from '../file-system.ts';
import { SW } from '../status.ts';
import { locate } from './select.ts';

export const deactivateFile: Handler = request => switchFile(request, false);
export const activateFile: Handler = request => switchFile(request, true);

function switchFile(request: Request, active: boolean) {
  const ef = fileMeant(request);
  if (typeof ef === 'number') return sw(ef);
  if (!request.memory.keys.allows(ef.activate, request.session.verified)) return sw(SW.notAllowed);
  ef.active = active;
  makeCurrent(request, ef);
  return sw(SW.ok);
}

/** The current EF without data, else by identifier or path, as SELECT finds it. */
function fileMeant(request: Request): Ef | number {
  const { p1, p2, data } = request.command;
  if (p2 !== 0x00 || (p1 !== 0x00 && p1 !== 0x08 && p1 !== 0x09)) return SW.wrongP1P2;
  if (data === undefined) return request.selection.ef ?? SW.noEf;
  const found = locate(request);
  if (typeof found === 'number') return found;
  return found.kind === 'ef' ? found : SW.wrongState;
}
