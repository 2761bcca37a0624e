/** Inbox: management objects that arrive as TNDS and are placed by the device itself (OMA-TS-DM_StdObj-V1_2_1 §5.3.4). */
import type { Item, Message } from '../syncml/message.ts';
import { readTndsWbxml, readTndsXml, TNDS_WBXML_TYPE, TNDS_XML_TYPE, type TndsNode } from '../tree/tnds.ts';

export const INBOX = './Inbox';

/** All TNDS objects that a message adds to ./Inbox, in order. @throws EncodingError for an object that is none. */
export function inboxObjects(message: Message): TndsNode[] {
  return message.commands.flatMap(command =>
    command.kind === 'Add' ? command.items.filter(item => item.target?.uri === INBOX).flatMap(readObject) : [],
  );
}

function readObject(item: Item): TndsNode[] {
  if (item.meta?.type === TNDS_WBXML_TYPE && item.data instanceof Uint8Array) return readTndsWbxml(item.data);
  if (item.meta?.type === TNDS_XML_TYPE && typeof item.data === 'string') return readTndsXml(item.data);
  return [];
}
