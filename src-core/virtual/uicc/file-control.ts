/** What SELECT tells of a file: FCP in class 00 (ETSI TS 102 221 §11.1.1.3), the header of GSM files in class A0 (3GPP TS 51.011 §9.2.1). */
import { concatBytes } from '../../base/bytes.ts';
import { type AccessCondition, encodeAccessRule } from '../../encoding/access-rules.ts';
import { encodeFcp, type Fcp } from '../../encoding/fcp.ts';
import type { CardFile, Df, Ef } from './file-system.ts';
import { ADM1, type Keys, PIN1 } from './keys.ts';
import type { Access } from './profile.ts';

/** Where a card keeps the rules of its files: in each FCP, or in EF.ARR under the MF. */
export type RuleStyle = 'expanded' | 'referenced';

export const EF_ARR = 0x2f06;
const ARR_RECORD = 40;

const CONDITIONS: Readonly<Record<Access, AccessCondition>> = {
  always: { kind: 'always' },
  never: { kind: 'never' },
  pin1: { kind: 'key', reference: PIN1 },
  adm1: { kind: 'key', reference: ADM1 },
};
const MODE = { read: 0x01, update: 0x02, change: 0x47 };

export function fcpOf(file: CardFile, style: RuleStyle, mf: Df): Uint8Array {
  const security = style === 'expanded' ? { security: rulesOf(file) } : { rule: ruleOf(file, mf) };
  if (file.kind === 'df') {
    const fcp: Fcp = { structure: 'df', fid: file.fid, ...(file.aid && { aid: file.aid }) };
    return encodeFcp({ ...fcp, ...security });
  }
  const common = { fid: file.fid, size: file.content.length, ...security };
  return encodeFcp(
    file.recordLength === undefined
      ? { structure: 'transparent', ...common }
      : {
          structure: 'linear-fixed',
          ...common,
          recordLength: file.recordLength,
          recordCount: file.content.length / file.recordLength,
        },
  );
}

/** EF.ARR with a record for every rule that a file of the card has. */
export function accessRuleFile(mf: Df): Ef {
  const records = distinctRules(mf);
  const content = new Uint8Array(records.length * ARR_RECORD).fill(0xff);
  for (const [i, record] of records.entries()) content.set(Buffer.from(record, 'hex'), i * ARR_RECORD);
  return { kind: 'ef', fid: EF_ARR, parent: mf, recordLength: ARR_RECORD, content, read: 'always', update: 'never' };
}

function rulesOf(file: CardFile): Uint8Array {
  if (file.kind === 'df') return encodeAccessRule(MODE.change, CONDITIONS[file.change]);
  return concatBytes([
    encodeAccessRule(MODE.read, CONDITIONS[file.read]),
    encodeAccessRule(MODE.update, CONDITIONS[file.update]),
  ]);
}

/** EF.ARR itself has its own rule among the others. */
function distinctRules(mf: Df): string[] {
  const all = (file: CardFile): CardFile[] => [file, ...(file.kind === 'df' ? file.files.flatMap(all) : [])];
  return [...new Set(all(mf).map(file => Buffer.from(rulesOf(file)).toString('hex')))];
}

function ruleOf(file: CardFile, mf: Df): { fid: number; record: number } {
  const arr = mf.files.find((inner): inner is Ef => inner.fid === EF_ARR && inner.kind === 'ef');
  const rules = rulesOf(file);
  const count = (arr?.content.length ?? 0) / ARR_RECORD;
  const record = Array.from({ length: count }, (_, i) => i).find(i =>
    rules.every((byte, at) => byte === arr?.content[i * ARR_RECORD + at]),
  );
  return { fid: EF_ARR, record: (record ?? 0) + 1 };
}

/** Access conditions of class A0, four bits each (TS 51.011 §9.3). */
const GSM_CONDITIONS: Readonly<Record<Access, number>> = { always: 0x0, pin1: 0x1, adm1: 0x5, never: 0xf };

export function gsmHeaderOf(file: CardFile, keys: Keys, free: number): Uint8Array {
  if (file.kind === 'df') return gsmDirectory(file, keys, free);
  const { length } = file.content;
  const access = (GSM_CONDITIONS[file.read] << 4) | GSM_CONDITIONS[file.update];
  const structure = file.recordLength === undefined ? 0x00 : 0x01;
  const head = [0, 0, length >> 8, length & 0xff, file.fid >> 8, file.fid & 0xff, 0x04, 0x00];
  return Uint8Array.from([...head, access, 0xff, 0x55, 0x01, 0x02, structure, file.recordLength ?? 0]);
}

function gsmDirectory({ fid, parent, files }: Df, keys: Keys, free: number): Uint8Array {
  const directories = files.filter(file => file.kind === 'df').length;
  const pin = keys.of(PIN1);
  const status = (tries: number | undefined) => (tries === undefined ? 0 : 0x80 | tries);
  const space = Math.min(free, 0xffff);
  return Uint8Array.from([
    ...[0, 0, space >> 8, space & 0xff, fid >> 8, fid & 0xff, parent ? 0x02 : 0x01, 0, 0, 0, 0, 0],
    // Ten more bytes: clock may stop, PIN1 enabled or not, counts, states of PIN1 and PIN2.
    0x0a,
    pin?.enabled === false ? 0x81 : 0x01,
    directories,
    files.length - directories,
    2,
    0,
    status(pin?.tries),
    status(pin?.unblock?.tries),
    0,
    0,
    0,
  ]);
}
