/**
 * SyncML 1.0, 1.1 and 1.2 (OMA-TS-SyncML_RepPro-V1_2 §8). The tokens of 1.2 are read in the older versions too: devices
 * send some of them there.
 */
import { type CodePage, type DocumentType, tagPage } from '../code-pages.ts';
import { DEVINF_1_0, DEVINF_1_1, DEVINF_1_2 } from './devinf.ts';
import { DM_DDF_1_2, dmddf } from './dm-ddf.ts';
import { metinf } from './metinf.ts';

export const SYNCML_NAMESPACE = 'SYNCML:SYNCML1.2';
export const SYNCML_1_1_NAMESPACE = 'SYNCML:SYNCML1.1';
const SYNCML_1_0_NAMESPACE = 'SYNCML:SYNCML1.0';

const NAMES = `Add Alert Archive Atomic Chal Cmd CmdID CmdRef Copy Cred Data Delete Exec Final Get Item Lang LocName
   LocURI Map MapItem Meta MsgID MsgRef NoResp NoResults Put Replace RespURI Results Search Sequence SessionID SftDel
   Source SourceRef Status Sync SyncBody SyncHdr SyncML Target TargetRef - VerDTD VerProto NumberOfChanges MoreData Field
   Filter Record FilterType SourceParent TargetParent Move Correlator`;

/** TND §10.1 gives DM DDF page 02. */
const pages = (namespace: string): ReadonlyMap<number, CodePage> =>
  new Map([
    [0, tagPage(namespace, NAMES)],
    [1, metinf],
    [2, dmddf],
  ]);

const DATA = ['Data'];

export const SYNCML_1_2: DocumentType = {
  name: 'SyncML 1.2',
  publicId: '-//SYNCML//DTD SyncML 1.2//EN',
  publicIdNumber: 0x1201,
  root: 'SyncML',
  pages: pages(SYNCML_NAMESPACE),
  embedded: { in: DATA, types: [DM_DDF_1_2, DEVINF_1_2, DEVINF_1_1, DEVINF_1_0] },
};

export const SYNCML_1_1: DocumentType = {
  name: 'SyncML 1.1',
  publicId: '-//SYNCML//DTD SyncML 1.1//EN',
  publicIdNumber: 0x0fd3,
  root: 'SyncML',
  pages: pages(SYNCML_1_1_NAMESPACE),
  embedded: { in: DATA, types: [DM_DDF_1_2, DEVINF_1_1, DEVINF_1_2, DEVINF_1_0] },
};

export const SYNCML_1_0: DocumentType = {
  name: 'SyncML 1.0',
  publicId: '-//SYNCML//DTD SyncML 1.0//EN',
  publicIdNumber: 0x0fd1,
  root: 'SyncML',
  pages: pages(SYNCML_1_0_NAMESPACE),
  embedded: { in: DATA, types: [DM_DDF_1_2, DEVINF_1_0, DEVINF_1_1, DEVINF_1_2] },
};
