/** Access rules of a virtual UICC: said in each FCP or kept in EF.ARR, and read from what CREATE FILE says (ETSI TS 102 221 §9.2, §11.1.1.4.7). */
import { bytesEqual, concatBytes } from '../../base/bytes.ts';
import {
  type AccessCondition,
  type AccessMode,
  conditionFor,
  decodeAccessRules,
  encodeAccessRule,
} from '../../encoding/access-rules.ts';
import type { Fcp } from '../../encoding/fcp.ts';
import type { CardFile, Df, Ef } from './file-system.ts';
import { ADM1, PIN1 } from './keys.ts';
import type { Access } from './profile.ts';

/** Where a card keeps the rules of its files: in each FCP, or in EF.ARR under the MF. */
export type RuleStyle = 'expanded' | 'referenced';

const EF_ARR = 0x2f06;
const EF_ARR_SFI = 0x06;
const ARR_RECORD = 40;
/** Access mode bytes; `change`: delete and create in a DF, and delete the DF itself. */
const MODE = { read: 0x01, update: 0x02, activate: 0x18, change: 0x47 };

const CONDITIONS: Readonly<Record<Access, AccessCondition>> = {
  always: { kind: 'always' },
  never: { kind: 'never' },
  pin1: { kind: 'key', reference: PIN1 },
  adm1: { kind: 'key', reference: ADM1 },
};

/** The part of an FCP that says who may do what. A file whose rule is not in EF.ARR says it itself. */
export function securityOf(file: CardFile, style: RuleStyle, mf: Df): Pick<Fcp, 'security' | 'rule'> {
  const security = rulesOf(file);
  const record = style === 'referenced' ? recordsOf(arrUnder(mf)).findIndex(rule => begins(rule, security)) : -1;
  return record < 0 ? { security } : { rule: { fid: EF_ARR, record: record + 1 } };
}

/** EF.ARR with a record for every rule that a file of the card has; its own is among the others. */
export function accessRuleFile(mf: Df): Ef {
  const records = distinctRules(mf);
  const content = new Uint8Array(records.length * ARR_RECORD).fill(0xff);
  for (const [i, record] of records.entries()) content.set(Buffer.from(record, 'hex'), i * ARR_RECORD);
  return {
    kind: 'ef',
    fid: EF_ARR,
    sfi: EF_ARR_SFI,
    parent: mf,
    structure: 'linear-fixed',
    recordLength: ARR_RECORD,
    content,
    read: 'always',
    update: 'never',
    activate: 'never',
    active: true,
  };
}

/** What a template says of a use of the new file; this card knows conditions of one key. */
export function accessOf({ security, rule, structure }: Fcp, mode: AccessMode, parent: Df): Access {
  const bytes = security ?? (rule && recordsOf(arrAbove(parent, rule.fid))[rule.record - 1]);
  if (!bytes) return 'adm1';
  const condition = conditionFor(decodeAccessRules(bytes, structure === 'df' ? 'df' : 'ef'), mode);
  if (condition?.kind === 'always') return 'always';
  if (condition?.kind === 'key' && condition.reference === PIN1) return 'pin1';
  if (condition?.kind === 'key' && condition.reference === ADM1) return 'adm1';
  return 'never';
}

function rulesOf(file: CardFile): Uint8Array {
  if (file.kind === 'df') return encodeAccessRule(MODE.change, CONDITIONS[file.change]);
  const { read, update, activate } = file;
  return concatBytes([
    encodeAccessRule(MODE.read, CONDITIONS[read]),
    encodeAccessRule(MODE.update, CONDITIONS[update]),
    // What no rule speaks of is never allowed.
    ...(activate === 'never' ? [] : [encodeAccessRule(MODE.activate, CONDITIONS[activate])]),
  ]);
}

function distinctRules(mf: Df): string[] {
  const all = (file: CardFile): CardFile[] => [file, ...(file.kind === 'df' ? file.files.flatMap(all) : [])];
  return [...new Set(all(mf).map(file => Buffer.from(rulesOf(file)).toString('hex')))];
}

/** A reference means the EF.ARR of the DF, else of its parent, and so on up (§9.2.7). */
function arrAbove(df: Df, fid: number): Ef | undefined {
  return arrUnder(df, fid) ?? (df.parent && arrAbove(df.parent, fid));
}

function arrUnder(df: Df, fid = EF_ARR): Ef | undefined {
  return df.files.find((file): file is Ef => file.kind === 'ef' && file.fid === fid);
}

function recordsOf(arr: Ef | undefined): Uint8Array[] {
  const { recordLength = 0, content = new Uint8Array() } = arr ?? {};
  const count = recordLength === 0 ? 0 : content.length / recordLength;
  return Array.from({ length: count }, (_, i) => content.subarray(i * recordLength, (i + 1) * recordLength));
}

/** The rule and then nothing but padding. */
function begins(record: Uint8Array, rule: Uint8Array): boolean {
  return bytesEqual(record.subarray(0, rule.length), rule) && record.subarray(rule.length).every(byte => byte === 0xff);
}
