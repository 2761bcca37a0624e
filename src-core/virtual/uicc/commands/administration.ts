/** CREATE FILE, DELETE FILE and RESIZE FILE of a virtual UICC (ETSI TS 102 222 §6.3, §6.4, §6.10). */
import { EncodingError } from '../../../base/errors.ts';
import { decodeFcp, shortIdentifierOf } from '../../../encoding/fcp.ts';
import { atDf, fileIdentifiers, type Handler, makeCurrent, type Request, sw } from '../card.ts';
import { DEACTIVATED } from '../file-control.ts';
import { type CardFile, type Df, type Ef, isWithin, sizeOf } from '../file-system.ts';
import { accessOf } from '../rules.ts';
import { SW } from '../status.ts';

/** A directory file takes this much room of its own. */
const DIRECTORY_BYTES = 16;

export const createFile: Handler = request => {
  const { memory, command, selection } = request;
  const { df } = selection;
  if (command.p1 !== 0 || command.p2 !== 0) return sw(SW.wrongP1P2);
  if (!mayChange(request, df)) return sw(SW.notAllowed);
  const file = read(data => fileOf(data, df), command.data);
  if (!file) return sw(SW.wrongData);
  if (df.files.some(other => other.fid === file.fid)) return sw(SW.exists);
  const needed = file.kind === 'df' ? DIRECTORY_BYTES : file.content.length;
  if (needed > memory.free) return sw(SW.noMemory);
  memory.free -= needed;
  df.files.push(file);
  makeCurrent(request, file);
  return sw(SW.ok);
};

export const deleteFile: Handler = request => {
  const { memory, session, command, selection } = request;
  if (command.p1 !== 0 || command.p2 !== 0) return sw(SW.wrongP1P2);
  const fids = fileIdentifiers(command.data ?? new Uint8Array());
  if (fids?.length !== 1) return sw(SW.wrongLength);
  const { df } = selection;
  const file = df.files.find(({ fid }) => fid === fids[0]);
  if (!file) return sw(SW.notFound);
  if (!mayChange(request, df)) return sw(SW.notAllowed);
  memory.free += file.kind === 'df' ? DIRECTORY_BYTES + sizeOf(file) : sizeOf(file);
  df.files.splice(df.files.indexOf(file), 1);
  // What lay in it is current nowhere any more.
  for (const [channel, current] of session.channels) {
    if (current.ef === file || isWithin(current.df, file))
      session.channels.set(channel, atDf(df, isWithin(current.adf, file) ? undefined : current.adf));
  }
  return sw(SW.ok);
};

export const resizeFile: Handler = request => {
  const { memory, command, selection } = request;
  if (command.p1 > 1 || command.p2 !== 0) return sw(SW.wrongP1P2);
  // The template says nothing of the structure.
  const fcp = read(data => decodeFcp(data, { assumed: 'transparent' }), command.data);
  const file = selection.df.files.find((one): one is Ef => one.kind === 'ef' && one.fid === fcp?.fid);
  if (!fcp || fcp.size === undefined) return sw(SW.wrongData);
  if (!file) return sw(SW.notFound);
  if (!mayChange(request, selection.df)) return sw(SW.notAllowed);
  if (file.recordLength !== undefined && fcp.size % file.recordLength !== 0) return sw(SW.wrongData);
  const more = fcp.size - file.content.length;
  if (more > memory.free) return sw(SW.noMemory);
  memory.free -= more;
  const content = new Uint8Array(fcp.size).fill(0xff);
  content.set(file.content.subarray(0, fcp.size));
  file.content = content;
  return sw(SW.ok);
};

/** What the bytes of a template give; undefined where they cannot be read. */
function read<T>(of: (data: Uint8Array) => T, data: Uint8Array = new Uint8Array()): T | undefined {
  try {
    return of(data);
  } catch (error) {
    if (error instanceof EncodingError) return undefined;
    throw error;
  }
}

/** Undefined where the template does not describe a file that this card can have. */
function fileOf(data: Uint8Array, parent: Df): CardFile | undefined {
  const fcp = decodeFcp(data);
  const { fid, structure, size, recordLength } = fcp;
  if (fid === undefined) return undefined;
  if (structure === 'df')
    return { kind: 'df', fid, aid: fcp.aid, parent, files: [], change: accessOf(fcp, 'CREATE EF', parent) };
  if (size === undefined || size === 0) return undefined;
  if (structure !== 'transparent' && (!recordLength || size % recordLength !== 0)) return undefined;
  return {
    kind: 'ef',
    fid,
    sfi: shortIdentifierOf(fcp),
    parent,
    structure,
    recordLength: structure === 'transparent' ? undefined : recordLength,
    content: new Uint8Array(size).fill(0xff),
    read: accessOf(fcp, 'READ', parent),
    update: accessOf(fcp, 'UPDATE', parent),
    activate: accessOf(fcp, 'ACTIVATE', parent),
    active: fcp.lifeCycle !== DEACTIVATED,
  };
}

function mayChange({ memory, session }: Request, df: Df): boolean {
  return memory.keys.allows(df.change, session.verified);
}
