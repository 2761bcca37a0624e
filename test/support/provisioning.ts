/** Plan, write and verify virtual cards, and the cards of tests: the default one, changed. */
import { Secret } from '../../src-core/base/secret.ts';
import { type Plan, planCard, verifyPlan, writePlan } from '../../src-core/card/provision.ts';
import { type Access, blankUiccProfile, DEFAULT_ICCID, type DfProfile } from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, type Uicc, type UiccOptions } from '../../src-core/virtual/uicc/uicc.ts';
import { inReader, RIGHT } from './card-in-reader.ts';

export const BOOTSTRAP = '3F007F506431';
export const DODF = '3F007F506430';
export const ODF = '3F007F505031';
export const DODF_ENTRY = '301A30040C02444D30060604672B0701A10A300804063F007F506431';
export const ODF_ENTRY = 'A70A300804063F007F506430';
export const WRONG = Secret.ofText('00000000');

export const plan = (card: Uicc, bytes: Uint8Array) => inReader(card, connection => planCard(connection, bytes));
export const write = (card: Uicc, made: Plan, adm = RIGHT) =>
  inReader(card, connection => writePlan(connection, made, adm));
export const verify = (card: Uicc, made: Plan) => inReader(card, connection => verifyPlan(connection, made));
export const provision = async (card: Uicc, bytes: Uint8Array) => write(card, await plan(card, bytes));

/** The default card with other contents or sizes of its PKCS#15 files. */
export function cardWith(
  changes: Readonly<Record<number, { content?: string; size?: number } | 'missing'>>,
  access: Access = 'adm1',
): Uicc {
  const blank = blankUiccProfile(DEFAULT_ICCID);
  const change = (df: DfProfile): DfProfile => ({
    ...df,
    change: access,
    files: df.files.flatMap(file => {
      const wanted = changes[file.fid];
      if (wanted === 'missing') return [];
      const changed = file.kind === 'transparent' && wanted ? { ...file, ...wanted } : file;
      return [changed.kind === 'df' ? change(changed) : changed];
    }),
  });
  return createUicc({ profile: change(blank) });
}

/** The default card whose application DF may be changed by others. */
export function cardOf({ change, ...options }: { change?: Access } & UiccOptions): Uicc {
  const blank = blankUiccProfile(DEFAULT_ICCID);
  const files = blank.files.map(file => (file.fid === 0x7f50 && change ? { ...file, change } : file));
  return createUicc({ profile: { ...blank, files }, ...options });
}
