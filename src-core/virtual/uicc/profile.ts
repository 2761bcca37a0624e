/** The file system of a virtual UICC as data (ETSI TS 102 221 §13, OMA DM Bootstrap 1.2 smart card appendix). */
import { toHex } from '../../base/bytes.ts';
import { encodeIccid, luhnDigit } from '../../encoding/iccid.ts';
import { encodeApplicationTemplate, PKCS15_AID } from '../../encoding/pkcs15.ts';

export type Access = 'always' | 'pin1' | 'adm1' | 'never';

export interface DfProfile {
  readonly kind: 'df';
  readonly fid: number;
  /** Hexadecimal, where the DF can be selected by AID. */
  readonly aid?: string;
  readonly files: readonly FileProfile[];
  /** Who may create and delete files in it; default `adm1`. */
  readonly change?: Access;
}

interface FileCommon {
  readonly fid: number;
  /** Short file identifier; without it the file has none. */
  readonly sfi?: number;
  readonly read: Access;
  readonly update: Access;
  /** Who may deactivate it and activate it again; default `never`. */
  readonly activate?: Access;
  /** Deactivated from the start. */
  readonly inactive?: boolean;
}

interface TransparentProfile extends FileCommon {
  readonly kind: 'transparent';
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal; the rest of the file is FF. */
  readonly content?: string;
}

interface RecordProfile extends FileCommon {
  readonly kind: 'linear-fixed' | 'cyclic';
  readonly recordLength: number;
  /** Hexadecimal, each padded with FF to the record length. */
  readonly records: readonly string[];
}

export type EfProfile = TransparentProfile | RecordProfile;
export type FileProfile = DfProfile | EfProfile;

const EF_DIR = 0x2f00;
const PKCS15_FID = 0x7f50;
export const USIM_AID = 'A0000000871002FF33FF018900000100';

/** Issuer and account of the default card; the Luhn digit completes it. */
const DEFAULT_ACCOUNT = '898821100000030417';
export const DEFAULT_ICCID = `${DEFAULT_ACCOUNT}${luhnDigit(DEFAULT_ACCOUNT)}`;

const BY_ADM = { read: 'always', update: 'adm1' } as const;
const PKCS15_TEMPLATE = { aid: PKCS15_AID, label: 'PKCS-15', path: '3F007F50' };

/** A UICC as its issuer delivers it: USIM and PKCS#15 application, bootstrap files there and blank (all FF). */
export function blankUiccProfile(iccid: string): DfProfile {
  return {
    kind: 'df',
    fid: 0x3f00,
    files: [
      {
        kind: 'linear-fixed',
        fid: EF_DIR,
        sfi: 0x1e,
        recordLength: 38,
        records: [
          toHex(encodeApplicationTemplate({ aid: USIM_AID, label: 'USIM' })),
          toHex(encodeApplicationTemplate(PKCS15_TEMPLATE)),
        ],
        ...BY_ADM,
      },
      iccidFile(iccid),
      { kind: 'df', fid: 0x7ff0, aid: USIM_AID, files: [] },
      pkcs15(PKCS15_AID),
    ],
  };
}

/** The same card without the record that leads to its PKCS#15 application. */
export function withoutPkcs15Record(profile: DfProfile): DfProfile {
  const shorten = (file: FileProfile): FileProfile =>
    file.fid === EF_DIR && file.kind === 'linear-fixed'
      ? { ...file, records: file.records.map(record => (record.includes(PKCS15_AID) ? '' : record)) }
      : file;
  return { ...profile, files: profile.files.map(shorten) };
}

/** The same card whose PKCS#15 files are read after PIN1, as a deployed one. */
export function readAfterPin1(profile: DfProfile): DfProfile {
  const files = profile.files.map(
    (file): FileProfile =>
      file.kind === 'df' && file.fid === PKCS15_FID
        ? { ...file, files: file.files.map(own => (own.kind === 'df' ? own : { ...own, read: 'pin1' })) }
        : file,
  );
  return { ...profile, files };
}

/** A SIM of the second generation: no EF.DIR and no AIDs, the PKCS#15 directory file is 7F50 under the MF. */
export function blankSimProfile(iccid: string): DfProfile {
  return {
    kind: 'df',
    fid: 0x3f00,
    files: [
      iccidFile(iccid),
      { kind: 'df', fid: 0x7f10, files: [] },
      {
        kind: 'df',
        fid: 0x7f20,
        files: [
          { kind: 'transparent', fid: 0x6f07, size: 9, content: '080910101032547698', read: 'pin1', update: 'adm1' },
        ],
      },
      pkcs15(),
    ],
  };
}

function iccidFile(iccid: string): FileProfile {
  return {
    kind: 'transparent',
    fid: 0x2fe2,
    sfi: 0x02,
    size: 10,
    content: toHex(encodeIccid(iccid)),
    read: 'always',
    update: 'never',
  };
}

function pkcs15(aid?: string): DfProfile {
  return {
    kind: 'df',
    fid: PKCS15_FID,
    ...(aid !== undefined && { aid }),
    files: [
      { kind: 'transparent', fid: 0x5031, size: 64, ...BY_ADM },
      { kind: 'transparent', fid: 0x6430, size: 128, ...BY_ADM },
      { kind: 'transparent', fid: 0x6431, size: 4096, ...BY_ADM },
    ],
  };
}
