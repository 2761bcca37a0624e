/** What a card lets be done with a file, as its access rules say (ETSI TS 102 221 §9.2.4; EF.ARR §13.4). */
import { EncodingError } from '../base/errors.ts';
import {
  type AccessCondition,
  type AccessMode,
  type AccessRule,
  conditionFor,
  decodeAccessRules,
  describeCondition,
  keyName,
} from '../encoding/access-rules.ts';
import type { Fcp } from '../encoding/fcp.ts';
import { type CardChannel, readRecord } from './file-access.ts';

/** Key references of ADM1 to ADM10 (TS 102 221 table 9.3), in the order in which they are tried. */
const ADM_REFERENCES = [0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e];
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

/** True where the rules say that this may be done once this key is presented. */
export function opensWith(rules: readonly AccessRule[] | undefined, mode: AccessMode, reference: number): boolean {
  const condition = rules && conditionFor(rules, mode);
  return condition !== undefined && holds(condition, reference);
}

/** The administrative key that opens a file for this, ADM1 before others; undefined where none does. */
export function keyFor(rules: readonly AccessRule[] | undefined, mode: AccessMode): number | undefined {
  return ADM_REFERENCES.find(reference => opensWith(rules, mode, reference));
}

/** Why this key does not open the file for a change; undefined where it does, or where the card does not say. */
export function lockOf(rules: readonly AccessRule[] | undefined, mode: AccessMode, key: number): string | undefined {
  const condition = rules && rules.length > 0 ? (conditionFor(rules, mode) ?? NEVER) : undefined;
  if (!condition || holds(condition, key)) return undefined;
  if (condition.kind === 'never') return `its ${mode} rule is never`;
  return `its ${mode} rule asks for ${describeCondition(condition)}, and ${keyName(key)} is what is presented`;
}

/** `always`, `PIN1`, `never`: where no rule speaks of it, nobody may. */
export function conditionWords(rules: readonly AccessRule[], mode: AccessMode): string {
  return describeCondition(conditionFor(rules, mode) ?? NEVER);
}

const NEVER: AccessCondition = { kind: 'never' };

function holds(condition: AccessCondition, reference: number): boolean {
  switch (condition.kind) {
    case 'always':
      return true;
    case 'key':
      return condition.reference === reference;
    case 'any':
      return condition.of.some(inner => holds(inner, reference));
    case 'all':
      return condition.of.length > 0 && condition.of.every(inner => holds(inner, reference));
    default:
      return false;
  }
}
