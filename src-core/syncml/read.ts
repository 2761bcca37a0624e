/** Mark-up to typed SyncML DM message; strict about what a message means, tolerant about order and unknown extra elements. */
import type { MarkupElement } from '../encoding/markup.ts';
import { readCommand } from './commands.ts';
import { type Mutable, readCred, readLocation, readMeta } from './elements.ts';
import type { Command, Message, SyncHdr } from './message.ts';
import { fail, missing, nameOf, numberValue, textValue } from './values.ts';
import { Warnings } from './warnings.ts';

/** @throws EncodingError where a required element is missing or a value cannot be read; the offset is the element's. */
export function readMessage(root: MarkupElement): Message {
  if (root.name !== 'SyncML') fail(root, 'root', `expected SyncML, found ${root.name}`);
  const warnings = new Warnings();
  let header: MarkupElement | undefined;
  let body: MarkupElement | undefined;
  for (const child of root.children) {
    if (child.kind !== 'element') continue;
    const name = nameOf(child);
    if (name === 'SyncHdr') header = warnings.first(header, child, root) ?? child;
    else if (name === 'SyncBody') body = warnings.first(body, child, root) ?? child;
    else warnings.unknown(child, root);
  }
  const message: Mutable<Message> = {
    header: readHeader(header ?? missing(root, 'SyncHdr'), warnings),
    commands: [],
    final: false,
  };
  readBody(body ?? missing(root, 'SyncBody'), message, warnings);
  if (warnings.all.length > 0) message.warnings = warnings.all;
  return message;
}

function readHeader(node: MarkupElement, warnings: Warnings): SyncHdr {
  const header: Mutable<Partial<SyncHdr>> = {};
  for (const child of node.children) if (child.kind === 'element') takeHeaderField(header, child, node, warnings);
  const { verDTD, verProto, sessionId, msgId, target, source } = header;
  if (verDTD === undefined) missing(node, 'VerDTD');
  if (verProto === undefined) missing(node, 'VerProto');
  if (sessionId === undefined) missing(node, 'SessionID');
  if (msgId === undefined) missing(node, 'MsgID');
  if (target === undefined) missing(node, 'Target');
  if (source === undefined) missing(node, 'Source');
  return header as SyncHdr;
}

function takeHeaderField(
  header: Mutable<Partial<SyncHdr>>,
  child: MarkupElement,
  node: MarkupElement,
  warnings: Warnings,
): void {
  switch (nameOf(child)) {
    case 'VerDTD':
      header.verDTD = warnings.first(header.verDTD, child, node) ?? textValue(child);
      break;
    case 'VerProto':
      header.verProto = warnings.first(header.verProto, child, node) ?? textValue(child);
      break;
    case 'SessionID':
      header.sessionId = warnings.first(header.sessionId, child, node) ?? textValue(child);
      break;
    case 'MsgID':
      header.msgId = warnings.first(header.msgId, child, node) ?? numberValue(child);
      break;
    case 'Target':
      header.target = warnings.first(header.target, child, node) ?? readLocation(child, warnings);
      break;
    case 'Source':
      header.source = warnings.first(header.source, child, node) ?? readLocation(child, warnings);
      break;
    case 'RespURI':
      header.respURI = warnings.first(header.respURI, child, node) ?? textValue(child);
      break;
    case 'NoResp':
      header.noResp = true;
      break;
    case 'Cred':
      header.cred = warnings.first(header.cred, child, node) ?? readCred(child, warnings);
      break;
    case 'Meta':
      header.meta = warnings.first(header.meta, child, node) ?? readMeta(child, warnings);
      break;
    default:
      warnings.unknown(child, node);
  }
}

function readBody(node: MarkupElement, message: Mutable<Message>, warnings: Warnings): void {
  const commands: Command[] = [];
  for (const child of node.children) {
    if (child.kind !== 'element') continue;
    const command = readCommand(child, warnings);
    if (command) commands.push(command);
    else if (nameOf(child) === 'Final') message.final = true;
    else warnings.unknown(child, node);
  }
  message.commands = commands;
}
