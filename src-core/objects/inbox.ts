/** Inbox: management objects that arrive as TNDS and are placed by the device itself (OMA-TS-DM_StdObj-V1_2_1 §5.3.4). */
import type { Command, Item, Message, Meta } from '../syncml/message.ts';
import { INBOX } from '../tree/inbox.ts';
import { readTndsWbxml, readTndsXml, TNDS_WBXML_TYPE, TNDS_XML_TYPE, type TndsNode } from '../tree/tnds.ts';

export { INBOX } from '../tree/inbox.ts';

/** All TNDS objects that a message adds to ./Inbox, in order. @throws EncodingError for an object that is none. */
export function inboxObjects(message: Message): TndsNode[] {
  return message.commands.flatMap(objectsOf);
}

function objectsOf(command: Command): TndsNode[] {
  if (command.kind === 'Atomic' || command.kind === 'Sequence') return command.commands.flatMap(objectsOf);
  if (command.kind !== 'Add') return [];
  return command.items
    .filter(item => item.target?.uri === INBOX)
    .flatMap(item => readObject(item, { ...command.meta, ...item.meta }));
}

function readObject({ data }: Item, { type }: Meta): TndsNode[] {
  if (type === TNDS_WBXML_TYPE && data instanceof Uint8Array) return readTndsWbxml(data);
  if (type === TNDS_XML_TYPE && typeof data === 'string') return readTndsXml(data);
  return [];
}
