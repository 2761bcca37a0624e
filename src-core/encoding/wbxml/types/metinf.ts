/** SyncML Meta Information 1.1 and 1.2 (OMA-TS-SyncML_MetaInfo-V1_2 §6): code page 01 of SyncML, and a document of its own. */
import { type DocumentType, tagPage } from '../code-pages.ts';

export const METINF_NAMESPACE = 'syncml:metinf';

export const metinf = tagPage(
  METINF_NAMESPACE,
  `Anchor EMI Format FreeID FreeMem Last Mark MaxMsgSize Mem MetInf Next NextNonce SharedMem Size Type Version
   MaxObjSize FieldLevel`,
);

export const METINF_1_2: DocumentType = {
  name: 'MetInf 1.2',
  publicId: '-//SYNCML//DTD MetInf 1.2//EN',
  publicIdNumber: 0x1202,
  root: 'MetInf',
  pages: new Map([
    [1, metinf],
    [0, metinf],
  ]),
};
