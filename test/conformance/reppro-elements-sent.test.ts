/** Elements that each end has to send (OMA-TS-DM_RepPro-V1_2_1 §6.1 to §6.6, the tables), found in the bytes of real sessions. */
import { expect } from 'vitest';
import type { Encoding } from '../../src-core/syncml/codec.ts';
import type { Draft } from '../../src-core/syncml/message.ts';
import { add, alert, get, replace, text } from './bench.ts';
import { elementsOf, markupOf, runSession, type Session } from './both-ends.ts';
import { addInterior, remove } from './managed-device.ts';
import { requirement } from './require.ts';

type Side = 'server' | 'client';

const METINF = 'syncml:metinf';
const STALE = Uint8Array.of(9, 9, 9);

/** Both ends know a nonce that the other has forgotten, so that each challenges the other. */
function challenged(encoding: Encoding): Session {
  return runSession({ encoding, work: [[get('./A/B')]], account: { clientNonce: STALE, serverNonce: STALE } });
}

/** Every command that the server has to send, and objects too large for one message in both directions. */
function busy(encoding: Encoding): Session {
  const group: Draft[] = [replace('./A/B', 'b2'), add('./A/D', 'd')];
  return runSession({
    encoding,
    work: [
      [addInterior('./A/New'), add('./A/E', 'e'), replace('./A/B', 'b1'), remove('./A/C'), get('./A/B')],
      [{ kind: 'Sequence', commands: [alert(1100, {}, { data: 'Hello' }), ...group] }],
      [{ kind: 'Atomic', commands: [replace('./A/B', 'b3'), add('./A/F', 'f')] }],
      [replace('./A/B', text(4000))],
      [get('./A/B')],
    ],
    client: { maxMsgSize: 1500, maxObjSize: 100_000 },
    server: { maxMsgSize: 1500 },
  });
}

let sessions: Session[] | undefined;

/** Names of the elements that one end sent, by encoding. MetInf is the DTD of what stands in Meta. */
function sent(side: Side, encoding: Encoding): Set<string> {
  sessions ??= (['wbxml', 'xml'] as const).flatMap(each => [challenged(each), busy(each)]);
  const wires = sessions.filter(session => session.encoding === encoding).flatMap(session => session[side]);
  const elements = wires.flatMap(wire => [...elementsOf(markupOf(wire, encoding))].map(({ element }) => element));
  const names = elements.map(({ name }) => name);
  return new Set(elements.some(({ namespace }) => namespace === METINF) ? [...names, 'MetInf'] : names);
}

function sends(side: Side, element: string): () => void {
  return () => {
    expect([...sent(side, 'wbxml')], 'WBXML').toContain(element);
    expect([...sent(side, 'xml')], 'XML').toContain(element);
  };
}

const serverSends = (element: string) => sends('server', element);
const clientSends = (element: string) => sends('client', element);

requirement('REP-6.1-1', serverSends('Chal'));
requirement('REP-6.1-5', serverSends('Cmd'));
requirement('REP-6.1-9', serverSends('CmdID'));
requirement('REP-6.1-13', serverSends('CmdRef'));
requirement('REP-6.1-17', serverSends('Cred'));
requirement('REP-6.1-21', serverSends('Final'));
requirement('REP-6.1-25', serverSends('LocName'));
requirement('REP-6.1-29', serverSends('LocURI'));
requirement('REP-6.1-33', serverSends('MoreData'));
requirement('REP-6.1-35', serverSends('MsgID'));
requirement('REP-6.1-39', serverSends('MsgRef'));
requirement('REP-6.1-45', serverSends('SessionID'));
requirement('REP-6.1-49', serverSends('Source'));
requirement('REP-6.1-53', serverSends('SourceRef'));
requirement('REP-6.1-57', serverSends('Target'));
requirement('REP-6.1-61', serverSends('TargetRef'));
requirement('REP-6.1-65', serverSends('VerDTD'));
requirement('REP-6.1-69', serverSends('VerProto'));
requirement('REP-6.2-1', serverSends('SyncML'));
requirement('REP-6.2-5', serverSends('SyncHdr'));
requirement('REP-6.2-9', serverSends('SyncBody'));
requirement('REP-6.3-1', serverSends('Data'));
requirement('REP-6.3-5', serverSends('Item'));
requirement('REP-6.3-9', serverSends('Meta'));
requirement('REP-6.4-1', serverSends('Format'));
requirement('REP-6.4-7', serverSends('MaxObjSize'));
requirement('REP-6.4-9', serverSends('MetInf'));
requirement('REP-6.4-13', serverSends('NextNonce'));
requirement('REP-6.4-17', serverSends('Size'));
requirement('REP-6.4-21', serverSends('Type'));
requirement('REP-6.5-1', serverSends('Status'));
requirement('REP-6.6-1', serverSends('Add'));
requirement('REP-6.6-3', serverSends('Atomic'));
requirement('REP-6.6-4', serverSends('Delete'));
requirement('REP-6.6-6', serverSends('Get'));
requirement('REP-6.6-8', serverSends('Replace'));
requirement('REP-6.6-10', serverSends('Sequence'));

requirement('REP-6.1-3', clientSends('Chal'));
requirement('REP-6.1-7', clientSends('Cmd'));
requirement('REP-6.1-11', clientSends('CmdID'));
requirement('REP-6.1-15', clientSends('CmdRef'));
requirement('REP-6.1-19', clientSends('Cred'));
requirement('REP-6.1-23', clientSends('Final'));
requirement('REP-6.1-27', clientSends('LocName'));
requirement('REP-6.1-31', clientSends('LocURI'));
requirement('REP-6.1-37', clientSends('MsgID'));
requirement('REP-6.1-41', clientSends('MsgRef'));
requirement('REP-6.1-47', clientSends('SessionID'));
requirement('REP-6.1-51', clientSends('Source'));
requirement('REP-6.1-55', clientSends('SourceRef'));
requirement('REP-6.1-59', clientSends('Target'));
requirement('REP-6.1-63', clientSends('TargetRef'));
requirement('REP-6.1-67', clientSends('VerDTD'));
requirement('REP-6.1-71', clientSends('VerProto'));
requirement('REP-6.2-3', clientSends('SyncML'));
requirement('REP-6.2-7', clientSends('SyncHdr'));
requirement('REP-6.2-11', clientSends('SyncBody'));
requirement('REP-6.3-3', clientSends('Data'));
requirement('REP-6.3-7', clientSends('Item'));
requirement('REP-6.3-11', clientSends('Meta'));
requirement('REP-6.4-3', clientSends('Format'));
requirement('REP-6.4-11', clientSends('MetInf'));
requirement('REP-6.4-15', clientSends('NextNonce'));
requirement('REP-6.4-19', clientSends('Size'));
requirement('REP-6.4-23', clientSends('Type'));
requirement('REP-6.5-3', clientSends('Status'));
requirement('REP-6.6-13', clientSends('Alert'));
requirement('REP-6.6-15', clientSends('Results'));
