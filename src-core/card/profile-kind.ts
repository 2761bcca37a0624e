/** The kinds of bootstrap that one card carries beside each other, as data: the DM profile and client provisioning (OMA ProvSC). */
import { CP_BOOTSTRAP_OID, DM_BOOTSTRAP_OID } from '../encoding/pkcs15.ts';

export type ProfileId = 'dm' | 'cp';

export interface ProfileKind {
  readonly id: ProfileId;
  /** For people. */
  readonly name: string;
  readonly file: string;
  /** applicationOID of its data object in EF(DODF). */
  readonly oid: string;
  /** Label of the data object; handsets go by its OID. */
  readonly label: string;
  /** Identifiers for its content where no directory says one, in the order in which they are tried. */
  readonly fids: readonly string[];
  /** WBXML public identifiers of its document: as a number, and what the text of one contains. */
  readonly publicIds: readonly [first: number, last: number];
  readonly publicIdText: string;
}

export const PROFILE_KINDS: Readonly<Record<ProfileId, ProfileKind>> = {
  dm: {
    id: 'dm',
    name: 'DM bootstrap',
    file: 'EF DM_Bootstrap',
    oid: DM_BOOTSTRAP_OID,
    label: 'DM',
    fids: ['6431', '6432', '6433'],
    // The first byte of a multi-byte number.
    publicIds: [0x9f, 0xa4],
    publicIdText: 'SYNCML',
  },
  cp: {
    id: 'cp',
    name: 'CP bootstrap',
    file: 'EF Bootstrap (CP)',
    oid: CP_BOOTSTRAP_OID,
    label: 'CP',
    // Its own first; the files of the DM bootstrap where only those are there and free.
    fids: ['6434', '6435', '6436', '6431', '6432', '6433'],
    publicIds: [0x0b, 0x0b],
    publicIdText: 'PROV',
  },
};

export const PROFILE_IDS = ['dm', 'cp'] as const satisfies readonly ProfileId[];
