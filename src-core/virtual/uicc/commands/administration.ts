/** CREATE FILE, DELETE FILE and RESIZE FILE of a virtual UICC (ETSI TS 102 222 §6.3, §6.4, §6.10). */
import { EncodingError } from '../../../base/errors.ts';
import { type AccessMode, conditionFor, decodeAccessRules } from '../../../encoding/access-rules.ts';
import { SW_OK } from '../../../encoding/apdu.ts';
import { decodeFcp, type Fcp } from '../../../encoding/fcp.ts';
import { fileIdentifiers, type Handler, makeCurrent, type Request, sw } from '../card.ts';
import { type CardFile, type Df, type Ef, sizeOf } from '../file-system.ts';
import { ADM1, PIN1 } from '../keys.ts';
import type { Access } from '../profile.ts';

const NOT_ALLOWED = 0x6982;
const WRONG_DATA = 0x6a80;
const NO_MEMORY = 0x6a84;
const EXISTS = 0x6a89;
const NOT_FOUND = 0x6a82;
/** A directory file takes this much room of its own. */
const DIRECTORY_BYTES = 16;

export const createFile: Handler = request => {
  const { memory, command, selection } = request;
  const { df } = selection;
  if (command.p1 !== 0 || command.p2 !== 0) return sw(0x6a86);
  if (!mayChange(request, df)) return sw(NOT_ALLOWED);
  const fcp = template(command.data);
  const file = fcp && fileOf(fcp, df);
  if (!fcp || !file) return sw(WRONG_DATA);
  if (df.files.some(other => other.fid === file.fid)) return sw(EXISTS);
  const needed = file.kind === 'df' ? DIRECTORY_BYTES : file.content.length;
  if (needed > memory.free) return sw(NO_MEMORY);
  memory.free -= needed;
  df.files.push(file);
  makeCurrent(request, file);
  return sw(SW_OK);
};

export const deleteFile: Handler = request => {
  const { memory, session, command, selection } = request;
  if (command.p1 !== 0 || command.p2 !== 0) return sw(0x6a86);
  const fids = fileIdentifiers(command.data ?? new Uint8Array());
  if (fids?.length !== 1) return sw(0x6700);
  const { df } = selection;
  const file = df.files.find(({ fid }) => fid === fids[0]);
  if (!file) return sw(NOT_FOUND);
  if (!mayChange(request, df)) return sw(NOT_ALLOWED);
  memory.free += file.kind === 'df' ? DIRECTORY_BYTES + sizeOf(file) : sizeOf(file);
  df.files.splice(df.files.indexOf(file), 1);
  // What lay in it is current nowhere any more.
  for (const [channel, current] of session.channels) {
    if (current.ef === file || isWithin(current.df, file)) session.channels.set(channel, { df, ef: undefined });
  }
  return sw(SW_OK);
};

export const resizeFile: Handler = request => {
  const { memory, command, selection } = request;
  if (command.p1 > 1 || command.p2 !== 0) return sw(0x6a86);
  const fcp = template(command.data, 'transparent');
  const file = selection.df.files.find((one): one is Ef => one.kind === 'ef' && one.fid === fcp?.fid);
  if (!fcp || fcp.size === undefined) return sw(WRONG_DATA);
  if (!file) return sw(NOT_FOUND);
  if (!mayChange(request, selection.df)) return sw(NOT_ALLOWED);
  if (file.recordLength !== undefined && fcp.size % file.recordLength !== 0) return sw(WRONG_DATA);
  const more = fcp.size - file.content.length;
  if (more > memory.free) return sw(NO_MEMORY);
  memory.free -= more;
  const content = new Uint8Array(fcp.size).fill(0xff);
  content.set(file.content.subarray(0, fcp.size));
  file.content = content;
  return sw(SW_OK);
};

/** RESIZE FILE says nothing of the structure: `assumed` does. */
function template(data: Uint8Array | undefined, assumed?: 'transparent'): Fcp | undefined {
  if (!data) return undefined;
  try {
    return decodeFcp(data, assumed && { assumed });
  } catch (error) {
    if (error instanceof EncodingError) return undefined;
    throw error;
  }
}

function fileOf(fcp: Fcp, parent: Df): CardFile | undefined {
  const { fid, structure, size, recordLength } = fcp;
  if (fid === undefined) return undefined;
  if (structure === 'df')
    return { kind: 'df', fid, aid: fcp.aid, parent, files: [], change: accessOf(fcp, 'CREATE EF') };
  if (size === undefined || size === 0 || structure === 'cyclic') return undefined;
  const common = { kind: 'ef', fid, parent, read: accessOf(fcp, 'READ'), update: accessOf(fcp, 'UPDATE') } as const;
  const content = new Uint8Array(size).fill(0xff);
  if (structure === 'transparent') return { ...common, recordLength: undefined, content };
  if (!recordLength || size % recordLength !== 0) return undefined;
  return { ...common, recordLength, content };
}

/** What the template says of a use; this card knows conditions of one key. */
function accessOf({ security, rule, structure }: Fcp, mode: AccessMode): Access {
  // By reference: the rule is in EF.ARR, whose first ones this card uses for all that is created later.
  if (!security) return rule ? (mode === 'READ' ? 'always' : 'adm1') : 'adm1';
  const condition = conditionFor(decodeAccessRules(security, structure === 'df' ? 'df' : 'ef'), mode);
  if (condition?.kind === 'always') return 'always';
  if (condition?.kind === 'key' && condition.reference === PIN1) return 'pin1';
  if (condition?.kind === 'key' && condition.reference === ADM1) return 'adm1';
  return 'never';
}

function mayChange({ memory, session }: Request, df: Df): boolean {
  return memory.keys.allows(df.change, session.verified);
}

function isWithin(df: Df | undefined, file: CardFile): boolean {
  return df !== undefined && (df === file || isWithin(df.parent, file));
}
