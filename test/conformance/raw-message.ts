/** Messages as text, for what our own writer does not write. */
import { DEVICE_ID, SERVER_URL, SESSION_ID } from './bench.ts';

/** A message of a device with these commands as XML. */
export function xmlMessage(commands: string, header = ''): Uint8Array {
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD>` +
      `<VerProto>DM/1.2</VerProto><SessionID>${SESSION_ID}</SessionID><MsgID>1</MsgID>` +
      `<Target><LocURI>${SERVER_URL}</LocURI></Target>` +
      `<Source><LocURI>${DEVICE_ID}</LocURI><LocName>device</LocName></Source>${header}</SyncHdr>` +
      `<SyncBody>${commands}<Final/></SyncBody></SyncML>`,
  );
}

/** The same with an element under another name. */
export function renamed(message: Uint8Array, element: string): Uint8Array {
  return Buffer.from(
    Buffer.from(message)
      .toString()
      .replaceAll(new RegExp(`(</?)${element}\\b`, 'g'), '$1Other'),
  );
}
