/**
 * WBXML code pages as data. To add a document type, append one entry to DOCUMENT_TYPES: its public identifier (number
 * and text) and, for each code page, the namespace and the tag names from token 05 upwards.
 * Sources: SyncML Representation Protocol 1.2 §7, SyncML Meta Information 1.2 §6, OMA DM TND 1.2.1 §8 (DM DDF).
 */

export interface CodePage {
  readonly namespace: string;
  readonly tags: ReadonlyMap<number, string>;
  readonly tokens: ReadonlyMap<string, number>;
}

export interface DocumentType {
  readonly name: string;
  readonly publicId: string;
  /** Public identifier as number; undefined where only the text form is registered. */
  readonly publicIdNumber?: number;
  readonly pages: ReadonlyMap<number, CodePage>;
}

/** Builds a page from names in token order, the first being token 05; `-` leaves a token unassigned. */
function page(namespace: string, names: string): CodePage {
  const tags = new Map<number, string>();
  for (const [i, name] of names.trim().split(/\s+/).entries()) if (name !== '-') tags.set(5 + i, name);
  return { namespace, tags, tokens: new Map([...tags].map(([token, name]) => [name, token])) };
}

export const SYNCML_NAMESPACE = 'SYNCML:SYNCML1.2';
export const METINF_NAMESPACE = 'syncml:metinf';
export const DMDDF_NAMESPACE = 'syncml:dmddf1.2';

const syncml = page(
  SYNCML_NAMESPACE,
  `Add Alert Archive Atomic Chal Cmd CmdID CmdRef Copy Cred Data Delete Exec Final Get Item Lang LocName LocURI Map
   MapItem Meta MsgID MsgRef NoResp NoResults Put Replace RespURI Results Search Sequence SessionID SftDel Source
   SourceRef Status Sync SyncBody SyncHdr SyncML Target TargetRef - VerDTD VerProto NumberOfChanges MoreData Field
   Filter Record FilterType SourceParent TargetParent Move Correlator`,
);

const metinf = page(
  METINF_NAMESPACE,
  `Anchor EMI Format FreeID FreeMem Last Mark MaxMsgSize Mem MetInf Next NextNonce SharedMem Size Type Version
   MaxObjSize FieldLevel`,
);

const dmddf = page(
  DMDDF_NAMESPACE,
  `AccessType ACL Add b64 bin bool chr CaseSense CIS Copy CS date DDFName DefaultValue Delete Description DFFormat
   DFProperties DFTitle DFType Dynamic Exec float Format Get int Man MgmtTree MIME Mod Name Node node NodeName null
   Occurrence One OneOrMore OneOrN Path Permanent Replace RTProperties Scope Size time Title TStamp Type Value VerDTD
   VerNo xml ZeroOrMore ZeroOrN ZeroOrOne`,
);

const syncmlPages = new Map([
  [0, syncml],
  [1, metinf],
  [2, dmddf],
]);

export const SYNCML_1_2: DocumentType = {
  name: 'SyncML 1.2',
  publicId: '-//SYNCML//DTD SyncML 1.2//EN',
  publicIdNumber: 0x1201,
  pages: syncmlPages,
};

/** TND §8 gives the DM DDF tags code page 02; encoders in the field also use page 00 for a document of its own. */
export const DM_DDF_1_2: DocumentType = {
  name: 'DM DDF 1.2',
  publicId: '-//OMA//DTD-DM-DDF 1.2//EN',
  pages: new Map([
    [2, dmddf],
    [0, dmddf],
  ]),
};

export const DOCUMENT_TYPES: readonly DocumentType[] = [
  SYNCML_1_2,
  { name: 'SyncML 1.1', publicId: '-//SYNCML//DTD SyncML 1.1//EN', publicIdNumber: 0x0fd3, pages: syncmlPages },
  { name: 'SyncML 1.0', publicId: '-//SYNCML//DTD SyncML 1.0//EN', publicIdNumber: 0x0fd1, pages: syncmlPages },
  DM_DDF_1_2,
];
