/** Markup to typed SyncML DM message; strict about what a message means, tolerant about order and unknown extra elements. */
import { concatBytes } from '../base/bytes.ts';
import { EncodingError } from '../base/errors.ts';
import { childElements, findChild, type MarkupElement, textOf } from '../encoding/markup.ts';
import { writeXml } from '../encoding/xml/writer.ts';
import type {
  Alert,
  Chal,
  Command,
  Cred,
  Item,
  ItemData,
  Location,
  Message,
  Meta,
  Results,
  Status,
  SyncHdr,
} from './message.ts';

/** @throws EncodingError where a required element is missing or a value cannot be read; the offset is the element's. */
export function readMessage(root: MarkupElement): Message {
  if (root.name !== 'SyncML') fail(root, 'root', `expected SyncML, found ${root.name}`);
  const body = required(root, 'SyncBody');
  return {
    header: readHeader(required(root, 'SyncHdr')),
    commands: readCommands(body),
    final: findChild(body, 'Final') !== undefined,
  };
}

function readHeader(header: MarkupElement): SyncHdr {
  const cred = findChild(header, 'Cred');
  return {
    verDTD: requiredText(header, 'VerDTD'),
    verProto: requiredText(header, 'VerProto'),
    sessionId: requiredText(header, 'SessionID'),
    msgId: requiredNumber(header, 'MsgID'),
    target: readLocation(required(header, 'Target')),
    source: readLocation(required(header, 'Source')),
    ...optional('respURI', childText(header, 'RespURI')),
    ...flag('noResp', header, 'NoResp'),
    ...(cred && { cred: readCred(cred) }),
    ...readMetaOf(header),
  };
}

function readCommands(parent: MarkupElement): Command[] {
  return childElements(parent)
    .map(readCommand)
    .filter(command => command !== undefined);
}

/** Undefined for elements that are no command (Final, Meta, extensions). */
function readCommand(node: MarkupElement): Command | undefined {
  switch (node.name) {
    case 'Add':
    case 'Copy':
    case 'Delete':
    case 'Get':
    case 'Replace':
      return { kind: node.name, ...readBase(node), items: readItems(node) };
    case 'Exec':
      return {
        kind: 'Exec',
        ...readBase(node),
        ...optional('correlator', childText(node, 'Correlator')),
        items: readItems(node),
      };
    case 'Alert':
      return readAlert(node);
    case 'Atomic':
    case 'Sequence':
      return { kind: node.name, ...readBase(node), commands: readCommands(node) };
    case 'Status':
      return readStatus(node);
    case 'Results':
      return readResults(node);
    default:
      return undefined;
  }
}

function readBase(node: MarkupElement) {
  return { cmdId: requiredText(node, 'CmdID'), ...flag('noResp', node, 'NoResp'), ...readMetaOf(node) };
}

function readAlert(node: MarkupElement): Alert {
  return {
    kind: 'Alert',
    ...readBase(node),
    code: requiredNumber(node, 'Data'),
    ...optional('correlator', childText(node, 'Correlator')),
    items: readItems(node),
  };
}

function readStatus(node: MarkupElement): Status {
  const chal = findChild(node, 'Chal');
  return {
    kind: 'Status',
    cmdId: requiredText(node, 'CmdID'),
    msgRef: requiredNumber(node, 'MsgRef'),
    cmdRef: requiredText(node, 'CmdRef'),
    cmd: requiredText(node, 'Cmd'),
    targetRefs: texts(node, 'TargetRef'),
    sourceRefs: texts(node, 'SourceRef'),
    ...(chal && { chal: readChal(chal) }),
    code: requiredNumber(node, 'Data'),
    items: readItems(node),
  };
}

function readResults(node: MarkupElement): Results {
  const msgRef = findChild(node, 'MsgRef');
  return {
    kind: 'Results',
    cmdId: requiredText(node, 'CmdID'),
    ...(msgRef && { msgRef: numberOf(msgRef) }),
    cmdRef: requiredText(node, 'CmdRef'),
    ...readMetaOf(node),
    targetRefs: texts(node, 'TargetRef'),
    sourceRefs: texts(node, 'SourceRef'),
    items: readItems(node),
  };
}

function readItems(command: MarkupElement): Item[] {
  const outer = readMetaOf(command).meta;
  return childElements(command)
    .filter(child => child.name === 'Item')
    .map(item => readItem(item, outer));
}

function readItem(node: MarkupElement, outer: Meta | undefined): Item {
  const target = findChild(node, 'Target');
  const source = findChild(node, 'Source');
  const data = findChild(node, 'Data');
  const own = readMetaOf(node);
  return {
    ...(target && { target: readLocation(target) }),
    ...(source && { source: readLocation(source) }),
    ...own,
    ...(data && { data: readData(data, { ...outer, ...own.meta }) }),
    ...flag('moreData', node, 'MoreData'),
  };
}

/** Bytes stay bytes where the item says so; elements inside Data (TNDS, DevInf) become their XML text. */
function readData(node: MarkupElement, meta: Meta): ItemData {
  const opaque = node.children.filter(child => child.kind === 'opaque');
  if (opaque.length > 0 && opaque.length === node.children.length) {
    const bytes = concatBytes(opaque.map(child => child.bytes));
    if (meta.format === 'bin' || meta.type?.endsWith('+wbxml')) return bytes;
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return bytes;
    }
  }
  const inner = childElements(node);
  if (inner.length === 0 && meta.format === 'b64' && meta.type?.endsWith('+wbxml')) {
    return Uint8Array.from(Buffer.from(textOf(node), 'base64'));
  }
  return inner.length > 0 ? inner.map(child => writeXml(child)).join('') : textOf(node);
}

function readLocation(node: MarkupElement): Location {
  return { uri: requiredText(node, 'LocURI'), ...optional('name', childText(node, 'LocName')) };
}

function readCred(node: MarkupElement): Cred {
  return { ...readMetaOf(node), data: requiredText(node, 'Data') };
}

function readChal(node: MarkupElement): Chal {
  return { meta: readMetaOf(node).meta ?? {} };
}

function readMetaOf(parent: MarkupElement): { meta?: Meta } {
  const outer = findChild(parent, 'Meta');
  if (!outer) return {};
  // Some devices wrap the elements in MetInf, the root of the MetInf DTD.
  const node = findChild(outer, 'MetInf') ?? outer;
  const meta: Meta = {
    ...optional('format', childText(node, 'Format')),
    ...optional('type', childText(node, 'Type')),
    ...optional('mark', childText(node, 'Mark')),
    ...optional('size', childNumber(node, 'Size')),
    ...optional('nextNonce', childText(node, 'NextNonce')),
    ...optional('maxMsgSize', childNumber(node, 'MaxMsgSize')),
    ...optional('maxObjSize', childNumber(node, 'MaxObjSize')),
    ...optional('version', childText(node, 'Version')),
  };
  return { meta };
}

function required(parent: MarkupElement, name: string): MarkupElement {
  return findChild(parent, name) ?? fail(parent, 'missing-element', `expected ${name} in ${parent.name}`);
}

/** Text without the white space that XML devices put around it. */
function requiredText(parent: MarkupElement, name: string): string {
  return textOf(required(parent, name)).trim();
}

function requiredNumber(parent: MarkupElement, name: string): number {
  return numberOf(required(parent, name));
}

function numberOf(node: MarkupElement): number {
  const value = textOf(node).trim();
  if (!/^[0-9]{1,10}$/.test(value))
    fail(node, 'not-a-number', `expected a number in ${node.name}, found ${JSON.stringify(value.slice(0, 32))}`);
  return Number(value);
}

function childText(parent: MarkupElement, name: string): string | undefined {
  const child = findChild(parent, name);
  return child && textOf(child).trim();
}

function childNumber(parent: MarkupElement, name: string): number | undefined {
  const child = findChild(parent, name);
  return child && numberOf(child);
}

function texts(parent: MarkupElement, name: string): string[] {
  return childElements(parent)
    .filter(child => child.name === name)
    .map(child => textOf(child).trim());
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}

function flag<K extends string>(key: K, parent: MarkupElement, name: string): { [P in K]?: true } {
  return (findChild(parent, name) ? { [key]: true } : {}) as { [P in K]?: true };
}

function fail(node: MarkupElement, code: string, message: string): never {
  throw new EncodingError(code, `SyncML: ${message}`, node.range?.start ?? 0);
}
