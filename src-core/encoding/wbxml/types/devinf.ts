/** SyncML Device Information 1.0 to 1.2 (OMA-TS-DS_DevInf-V1_2 §6), alone and inside SyncML. */
import { type DocumentType, tagPage } from '../code-pages.ts';

export const DEVINF_NAMESPACE = 'syncml:devinf';

const devinf11 = tagPage(
  DEVINF_NAMESPACE,
  `CTCap CTType DataStore DataType DevID DevInf DevTyp DisplayName DSMem Ext FwV HwV Man MaxGUIDSize MaxID MaxMem Mod
   OEM ParamName PropName Rx Rx-Pref SharedMem Size SourceRef SwV SyncCap SyncType Tx Tx-Pref ValEnum VerCT VerDTD XNam
   XVal UTC SupportNumberOfChanges SupportLargeObjs`,
);

const devinf12 = tagPage(
  DEVINF_NAMESPACE,
  `CTCap CTType DataStore DataType DevID DevInf DevTyp DisplayName DSMem Ext FwV HwV Man MaxGUIDSize MaxID MaxMem Mod
   OEM ParamName PropName Rx Rx-Pref SharedMem MaxSize SourceRef SwV SyncCap SyncType Tx Tx-Pref ValEnum VerCT VerDTD
   XNam XVal UTC SupportNumberOfChanges SupportLargeObjs Property PropParam MaxOccur NoTruncate - Filter-Rx FilterCap
   FilterKeyword FieldLevel SupportHierarchicalSync`,
);

export const DEVINF_1_0: DocumentType = {
  name: 'DevInf 1.0',
  publicId: '-//SYNCML//DTD DevInf 1.0//EN',
  publicIdNumber: 0x0fd2,
  root: 'DevInf',
  pages: new Map([[0, devinf11]]),
};

export const DEVINF_1_1: DocumentType = {
  name: 'DevInf 1.1',
  publicId: '-//SYNCML//DTD DevInf 1.1//EN',
  publicIdNumber: 0x0fd4,
  root: 'DevInf',
  pages: new Map([[0, devinf11]]),
};

export const DEVINF_1_2: DocumentType = {
  name: 'DevInf 1.2',
  publicId: '-//SYNCML//DTD DevInf 1.2//EN',
  publicIdNumber: 0x1203,
  root: 'DevInf',
  pages: new Map([[0, devinf12]]),
};
