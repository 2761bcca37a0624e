/** Typed SyncML DM message to markup, elements in the order of the DTD (OMA-TS-SyncML_RepPro 1.2). */

import { element, type MarkupElement, type MarkupNode, text } from '../encoding/markup.ts';
import { METINF_NAMESPACE, SYNCML_NAMESPACE } from '../encoding/wbxml/code-pages.ts';
import type { Chal, Command, Cred, Item, ItemData, Location, Message, Meta, SyncHdr } from './message.ts';

type Maybe = MarkupElement | undefined;

/** `binary`: the encoding can carry bytes (WBXML); in XML they become base64. */
export function writeMessage(message: Message, binary: boolean): MarkupElement {
  return syncml('SyncML', [
    header(message.header),
    syncml('SyncBody', [
      ...message.commands.map(command => writeCommand(command, binary)),
      empty('Final', message.final),
    ]),
  ]);
}

function header(value: SyncHdr): MarkupElement {
  return syncml('SyncHdr', [
    leaf('VerDTD', value.verDTD),
    leaf('VerProto', value.verProto),
    leaf('SessionID', value.sessionId),
    leaf('MsgID', value.msgId),
    location('Target', value.target),
    location('Source', value.source),
    leaf('RespURI', value.respURI),
    empty('NoResp', value.noResp),
    value.cred && cred(value.cred),
    meta(value.meta),
  ]);
}

function writeCommand(command: Command, binary: boolean): MarkupElement {
  const id = leaf('CmdID', command.cmdId);
  const items = 'items' in command ? command.items.map(value => item(value, binary)) : [];
  switch (command.kind) {
    case 'Add':
    case 'Copy':
    case 'Delete':
    case 'Get':
    case 'Replace':
      return syncml(command.kind, [id, empty('NoResp', command.noResp), meta(command.meta), ...items]);
    case 'Exec':
      return syncml('Exec', [
        id,
        empty('NoResp', command.noResp),
        meta(command.meta),
        leaf('Correlator', command.correlator),
        ...items,
      ]);
    case 'Alert':
      return syncml('Alert', [
        id,
        empty('NoResp', command.noResp),
        leaf('Data', command.code),
        leaf('Correlator', command.correlator),
        ...items,
      ]);
    case 'Atomic':
    case 'Sequence':
      return syncml(command.kind, [
        id,
        empty('NoResp', command.noResp),
        meta(command.meta),
        ...command.commands.map(inner => writeCommand(inner, binary)),
      ]);
    case 'Status':
      return syncml('Status', [
        id,
        leaf('MsgRef', command.msgRef),
        leaf('CmdRef', command.cmdRef),
        leaf('Cmd', command.cmd),
        ...command.targetRefs.map(ref => leaf('TargetRef', ref)),
        ...command.sourceRefs.map(ref => leaf('SourceRef', ref)),
        command.chal && chal(command.chal),
        leaf('Data', command.code),
        ...items,
      ]);
    case 'Results':
      return syncml('Results', [
        id,
        leaf('MsgRef', command.msgRef),
        leaf('CmdRef', command.cmdRef),
        meta(command.meta),
        ...command.targetRefs.map(ref => leaf('TargetRef', ref)),
        ...command.sourceRefs.map(ref => leaf('SourceRef', ref)),
        ...items,
      ]);
  }
}

function item(value: Item, binary: boolean): MarkupElement {
  // XML cannot carry bytes: they travel as base64, and the format says so (DM RepPro, Format).
  const asBase64 = value.data instanceof Uint8Array && !binary;
  return syncml('Item', [
    value.target && location('Target', value.target),
    value.source && location('Source', value.source),
    meta(asBase64 ? { ...value.meta, format: 'b64' } : value.meta),
    value.data === undefined ? undefined : data(value.data, binary),
    empty('MoreData', value.moreData),
  ]);
}

function data(value: ItemData, binary: boolean): MarkupElement {
  if (typeof value === 'string') return leafText('Data', value);
  if (binary) return syncml('Data', [{ kind: 'opaque', bytes: value }]);
  return leafText('Data', Buffer.from(value).toString('base64'));
}

function cred(value: Cred): MarkupElement {
  return syncml('Cred', [meta(value.meta), leaf('Data', value.data)]);
}

function chal(value: Chal): MarkupElement {
  return syncml('Chal', [meta(value.meta)]);
}

function location(name: string, value: Location): MarkupElement {
  return syncml(name, [leaf('LocURI', value.uri), leaf('LocName', value.name)]);
}

function meta(value: Meta | undefined): Maybe {
  if (!value) return undefined;
  return syncml('Meta', [
    info('Format', value.format),
    info('Type', value.type),
    info('Mark', value.mark),
    info('Size', value.size),
    info('NextNonce', value.nextNonce),
    info('Version', value.version),
    info('MaxMsgSize', value.maxMsgSize),
    info('MaxObjSize', value.maxObjSize),
  ]);
}

function info(name: string, value: string | number | undefined): Maybe {
  return value === undefined ? undefined : element(METINF_NAMESPACE, name, [text(String(value))]);
}

function leaf(name: string, value: string | number | undefined): Maybe {
  return value === undefined ? undefined : leafText(name, String(value));
}

function leafText(name: string, value: string): MarkupElement {
  return syncml(name, value === '' ? [] : [text(value)]);
}

function empty(name: string, present: boolean | undefined): Maybe {
  return present ? syncml(name) : undefined;
}

function syncml(name: string, children: readonly (MarkupNode | undefined)[] = []): MarkupElement {
  return element(SYNCML_NAMESPACE, name, children);
}
