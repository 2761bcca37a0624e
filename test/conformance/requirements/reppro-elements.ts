/** Tables of OMA-TS-DM_RepPro-V1_2_1 §6.1 to §6.6: which elements each end has to send and to read. Cells that say SHOULD or MAY are left out. */
import type { Requirement } from '../requirement.ts';

type Side = 'server' | 'client';
type Way = 'sends' | 'reads';

/** One MUST of a table. */
export interface Cell {
  readonly id: string;
  readonly element: string;
  readonly side: Side;
  readonly way: Way;
}

/** Columns of the tables, in their order. */
const SERVER_SENDS = ['server', 'sends'] as const;
const SERVER_READS = ['server', 'reads'] as const;
const CLIENT_SENDS = ['client', 'sends'] as const;
const CLIENT_READS = ['client', 'reads'] as const;

const ALL = [SERVER_SENDS, SERVER_READS, CLIENT_SENDS, CLIENT_READS];
const SERVER = [SERVER_SENDS, SERVER_READS];
const READS = [SERVER_READS, CLIENT_READS];
/** Commands go from server to client, answers the other way. */
const DOWN = [SERVER_SENDS, CLIENT_READS];
const UP = [SERVER_READS, CLIENT_SENDS];

type Columns = readonly (readonly [Side, Way])[];

const TABLES: Readonly<Record<string, Readonly<Record<string, Columns>>>> = {
  '6.1': {
    Chal: ALL,
    Cmd: ALL,
    CmdID: ALL,
    CmdRef: ALL,
    Cred: ALL,
    Final: ALL,
    LocName: ALL,
    LocURI: ALL,
    MoreData: SERVER,
    MsgID: ALL,
    MsgRef: ALL,
    RespURI: READS,
    SessionID: ALL,
    Source: ALL,
    SourceRef: ALL,
    Target: ALL,
    TargetRef: ALL,
    VerDTD: ALL,
    VerProto: ALL,
  },
  '6.2': { SyncML: ALL, SyncHdr: ALL, SyncBody: ALL },
  '6.3': { Data: ALL, Item: ALL, Meta: ALL, Correlator: [SERVER_READS] },
  '6.4': {
    Format: ALL,
    MaxMsgSize: READS,
    MaxObjSize: SERVER,
    MetInf: ALL,
    NextNonce: ALL,
    Size: ALL,
    Type: ALL,
  },
  '6.5': { Status: ALL },
  '6.6': {
    Add: DOWN,
    Atomic: [SERVER_SENDS],
    Delete: DOWN,
    Get: DOWN,
    Replace: DOWN,
    Sequence: DOWN,
    Alert: UP,
    Results: UP,
  },
};

export const CELLS: readonly Cell[] = Object.entries(TABLES).flatMap(([section, elements]) =>
  Object.entries(elements)
    .flatMap(([element, columns]) => columns.map(([side, way]) => ({ element, side, way })))
    .map((cell, i) => ({ ...cell, id: `REP-${section}-${i + 1}` })),
);

/** Rows of one section's table. */
export function elementRows(section: string): Requirement[] {
  return CELLS.filter(cell => cell.id.startsWith(`REP-${section}-`)).map(({ id, side, way, element }) => ({
    id,
    side,
    requirement: `${way} ${element}`,
  }));
}
