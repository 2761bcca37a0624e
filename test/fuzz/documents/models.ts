/**
 * What may stand in what, as data: content models of the documents that are generated (OMA-TS-SyncML_RepPro-V1_2 §6,
 * OMA-TS-SyncML_MetaInfo-V1_2 §5, OMA-TS-DS_DevInf-V1_2 §5, OMA-TS-DM_TND-V1_2_1 §10, OMA-WAP-TS-ProvCont-V1_1 §4).
 */
import { DEVINF_NAMESPACE } from '../../../src-core/encoding/wbxml/types/devinf.ts';
import { DMDDF_NAMESPACE } from '../../../src-core/encoding/wbxml/types/dm-ddf.ts';
import { METINF_NAMESPACE } from '../../../src-core/encoding/wbxml/types/metinf.ts';

/**
 * Elements in order, each with `?`, `*` or `+` where it may be missing or repeat, `A|B` where one of several stands;
 * or a kind of text: `#number`, `#word` (no white space at its ends), `#text`, `#base64`, `#empty`; or `=` and the text that it is.
 */
export interface ContentModel {
  readonly namespace: string;
  readonly content: Readonly<Record<string, string>>;
}

const COMMANDS = 'Add|Alert|Atomic|Copy|Delete|Exec|Get|Map|Put|Replace|Results|Search|Sequence|Status|Sync';
const COMMON = 'CmdID NoResp? Cred? Meta? Item+';

/** Item has its own rules: what Data is depends on Meta. */
const syncml = (namespace: string, more: Readonly<Record<string, string>>): ContentModel => ({
  namespace,
  content: {
    SyncML: 'SyncHdr SyncBody',
    SyncHdr: 'VerDTD VerProto SessionID MsgID Target Source RespURI? NoResp? Cred? Meta?',
    SyncBody: `${COMMANDS}* Final?`,
    Target: 'LocURI LocName?',
    Source: 'LocURI LocName?',
    Cred: 'Meta? Data',
    Chal: 'Meta',
    Add: COMMON,
    Alert: 'CmdID NoResp? Cred? Data Item*',
    Atomic: `CmdID NoResp? Meta? ${COMMANDS}*`,
    Copy: COMMON,
    Delete: 'CmdID NoResp? Archive? SftDel? Cred? Meta? Item+',
    Exec: 'CmdID NoResp? Cred? Meta? Item',
    Get: 'CmdID NoResp? Lang? Cred? Meta? Item+',
    Map: 'CmdID Target Source Cred? Meta? MapItem+',
    MapItem: 'Target Source',
    Put: 'CmdID NoResp? Lang? Cred? Meta? Item+',
    Replace: COMMON,
    Results: 'CmdID MsgRef? CmdRef Meta? TargetRef? SourceRef? Item+',
    Search: 'CmdID NoResp? NoResults? Cred? Target? Source+ Lang? Meta Data',
    Sequence: `CmdID NoResp? Meta? ${COMMANDS}*`,
    Status: 'CmdID MsgRef CmdRef Cmd TargetRef* SourceRef* Cred? Chal? Data Item*',
    Sync: 'CmdID NoResp? Cred? Target? Source? Meta? NumberOfChanges? Add|Delete|Replace*',
    Archive: '#empty',
    Cmd: '#word',
    CmdID: '#word',
    CmdRef: '#word',
    Data: '#number',
    Final: '#empty',
    Lang: '#word',
    LocName: '#text',
    LocURI: '#text',
    MoreData: '#empty',
    MsgID: '#number',
    MsgRef: '#number',
    NoResp: '#empty',
    NoResults: '#empty',
    NumberOfChanges: '#number',
    RespURI: '#word',
    SessionID: '#word',
    SftDel: '#empty',
    SourceRef: '#text',
    TargetRef: '#text',
    VerDTD: '#word',
    VerProto: '#word',
    ...more,
  },
});

const META = 'Format? Type? Mark? Size? Anchor? Version? NextNonce? MaxMsgSize? MaxObjSize? EMI? Mem?';

const metinf = (more: Readonly<Record<string, string>>): ContentModel => ({
  namespace: METINF_NAMESPACE,
  content: {
    Anchor: 'Last? Next',
    EMI: '#text',
    Format: '#word',
    FreeID: '#number',
    FreeMem: '#number',
    Last: '#text',
    Mark: '#word',
    MaxMsgSize: '#number',
    MaxObjSize: '#number',
    Mem: 'SharedMem? FreeMem FreeID',
    Next: '#text',
    NextNonce: '#base64',
    SharedMem: '#empty',
    Size: '#number',
    Type: '#word',
    Version: '#text',
    ...more,
  },
});

export const SYNCML_1_1_MODELS: readonly ContentModel[] = [
  syncml('SYNCML:SYNCML1.1', { Meta: META, SourceParent: 'LocURI' }),
  metinf({}),
];

export const SYNCML_1_2_MODELS: readonly ContentModel[] = [
  syncml('SYNCML:SYNCML1.2', {
    Meta: `${META} FieldLevel?`,
    SyncBody: `${COMMANDS}|Move* Final?`,
    Alert: 'CmdID NoResp? Cred? Data Correlator? Item*',
    Exec: 'CmdID NoResp? Cred? Meta? Correlator? Item',
    Move: COMMON,
    Target: 'LocURI LocName? Filter?',
    Filter: 'Meta Field? Record? FilterType?',
    Field: 'Item',
    Record: 'Item',
    FilterType: '#word',
    Correlator: '#word',
    SourceParent: 'LocURI',
    TargetParent: 'LocURI',
  }),
  metinf({ FieldLevel: '#empty' }),
];

const DEVINF = {
  DisplayName: '#text',
  CTType: '#word',
  VerCT: '#word',
  DSMem: 'SharedMem? MaxMem? MaxID?',
  DataType: '#word',
  DevID: '#word',
  DevTyp: '#word',
  Ext: 'XNam XVal*',
  FwV: '#text',
  HwV: '#text',
  Man: '#text',
  MaxGUIDSize: '#number',
  MaxID: '#number',
  MaxMem: '#number',
  Mod: '#text',
  OEM: '#text',
  ParamName: '#text',
  PropName: '#text',
  Rx: 'CTType VerCT',
  'Rx-Pref': 'CTType VerCT',
  SharedMem: '#empty',
  SourceRef: '#text',
  SupportLargeObjs: '#empty',
  SupportNumberOfChanges: '#empty',
  SwV: '#text',
  SyncCap: 'SyncType+',
  SyncType: '#number',
  Tx: 'CTType VerCT',
  'Tx-Pref': 'CTType VerCT',
  UTC: '#empty',
  ValEnum: '#text',
  XNam: '#text',
  XVal: '#text',
};
const DEVICE =
  'VerDTD Man? Mod? OEM? FwV? SwV? HwV? DevID DevTyp UTC? SupportLargeObjs? SupportNumberOfChanges? DataStore+';

export const DEVINF_1_1_MODEL: ContentModel = {
  namespace: DEVINF_NAMESPACE,
  content: {
    ...DEVINF,
    DevInf: `${DEVICE} CTCap* Ext*`,
    VerDTD: '=1.1',
    DataStore: 'SourceRef DisplayName? MaxGUIDSize? Rx-Pref Rx* Tx-Pref Tx* DSMem? SyncCap',
    CTCap: 'CTType PropName ValEnum* DataType? Size? DisplayName? ParamName*',
    Size: '#number',
  },
};

export const DEVINF_1_2_MODEL: ContentModel = {
  namespace: DEVINF_NAMESPACE,
  content: {
    ...DEVINF,
    DevInf: `${DEVICE} Ext*`,
    VerDTD: '=1.2',
    DataStore:
      'SourceRef DisplayName? MaxGUIDSize? Rx-Pref Rx* Tx-Pref Tx* CTCap+ DSMem? SupportHierarchicalSync? SyncCap FilterCap* Filter-Rx*',
    CTCap: 'CTType VerCT FieldLevel? Property+',
    Property: 'PropName DataType? MaxOccur? MaxSize? NoTruncate? ValEnum* DisplayName? PropParam*',
    PropParam: 'ParamName DataType? ValEnum* DisplayName?',
    FilterCap: 'CTType VerCT FilterKeyword* PropName*',
    'Filter-Rx': 'CTType VerCT',
    FieldLevel: '#empty',
    FilterKeyword: '#text',
    MaxOccur: '#number',
    MaxSize: '#number',
    NoTruncate: '#empty',
    SupportHierarchicalSync: '#empty',
  },
};

const FORMATS = ['b64', 'bin', 'bool', 'chr', 'date', 'float', 'int', 'node', 'null', 'time', 'xml'];
const EMPTY = `${FORMATS.join(' ')} Add Copy Delete Exec Get Replace CS CIS Dynamic Permanent One OneOrMore ZeroOrMore ZeroOrOne`;

/** With the properties of a description (DDF) as well as those of a node in use (TNDS). */
export const DDF_MODEL: ContentModel = {
  namespace: DMDDF_NAMESPACE,
  content: {
    MgmtTree: 'VerDTD Man? Mod? Node+',
    Node: 'NodeName Path? RTProperties|DFProperties? Node* Value?',
    RTProperties: 'ACL? Format? Name? Size? Title? TStamp? Type? VerNo?',
    DFProperties: 'AccessType DefaultValue? Description? DFFormat Occurrence? Scope? DFTitle? DFType CaseSense?',
    AccessType: 'Add? Copy? Delete? Exec? Get? Replace?',
    CaseSense: 'CS|CIS',
    DFFormat: FORMATS.join('|'),
    DFType: 'DDFName|MIME',
    Format: FORMATS.join('|'),
    Occurrence: 'One|ZeroOrOne|ZeroOrMore|OneOrMore|ZeroOrN|OneOrN',
    Scope: 'Permanent|Dynamic',
    Type: 'DDFName|MIME',
    ACL: '#text',
    DDFName: '#text',
    DefaultValue: '#text',
    Description: '#text',
    DFTitle: '#text',
    Man: '#text',
    MIME: '#word',
    Mod: '#text',
    Name: '#text',
    NodeName: '#text',
    OneOrN: '#number',
    Path: '#text',
    Size: '#number',
    Title: '#text',
    TStamp: '#word',
    Value: '#text',
    VerDTD: '=1.2',
    VerNo: '#number',
    ZeroOrN: '#number',
    ...Object.fromEntries(EMPTY.split(' ').map(name => [name, '#empty'])),
  },
};

/** Its parts have attributes besides. */
export const PROV_MODEL: ContentModel = {
  namespace: '',
  content: {
    'wap-provisioningdoc': 'characteristic+',
    characteristic: 'parm* characteristic*',
    parm: '#empty',
  },
};
