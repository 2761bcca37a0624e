/** What a card lets be done with a file, as its access rules say (ETSI TS 102 221 §9.2.4; EF.ARR §13.4). */
import { EncodingError } from '../base/errors.ts';
import {
  type AccessCondition,
  type AccessMode,
  type AccessRule,
  conditionFor,
  decodeAccessRules,
} from '../encoding/access-rules.ts';
import type { Fcp } from '../encoding/fcp.ts';
import { ADM1_REFERENCE } from './adm.ts';
import { type CardChannel, readRecord } from './file-access.ts';

/** EF.ARR of the MF has this identifier; others lie in the directory of the file. */
const MF_RULES = 0x2f06;

/** Undefined where the card does not say, or not so that it can be read. The selected file may be another one afterwards. */
export async function accessRulesOf(channel: CardChannel, fcp: Fcp, base: string): Promise<AccessRule[] | undefined> {
  const kind = fcp.structure === 'df' ? 'df' : 'ef';
  try {
    if (fcp.security) return decodeAccessRules(fcp.security, kind);
    if (!fcp.rule) return undefined;
    const { fid, record } = fcp.rule;
    const path = `${fid === MF_RULES ? '3F00' : base}${fid.toString(16).toUpperCase().padStart(4, '0')}`;
    const bytes = await readRecord(channel, path, record);
    return bytes && decodeAccessRules(bytes, kind);
  } catch (error) {
    if (error instanceof EncodingError) return undefined;
    throw error;
  }
}

/** True where the rules say that this may be done once the ADM1 key is presented. */
export function opensWithAdm(rules: readonly AccessRule[] | undefined, mode: AccessMode): boolean {
  const condition = rules && conditionFor(rules, mode);
  return condition !== undefined && holds(condition);
}

function holds(condition: AccessCondition): boolean {
  switch (condition.kind) {
    case 'always':
      return true;
    case 'key':
      return condition.reference === ADM1_REFERENCE;
    case 'any':
      return condition.of.some(holds);
    case 'all':
      return condition.of.length > 0 && condition.of.every(holds);
    default:
      return false;
  }
}
