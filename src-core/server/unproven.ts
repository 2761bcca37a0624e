/** What a message may be before its sender proved who it is: a device needs far less, and more would fill records and memory. */
import { ProtocolError } from '../base/errors.ts';
import type { Message } from '../syncml/message.ts';

/** Bytes of a message; the HTTP binding takes larger ones only with the key of a session that proved itself. */
export const UNPROVEN_MESSAGE_BYTES = 256 * 1024;
/** Each command gets an answer of its own. */
const COMMANDS = 200;
/** Characters. Generous: the SessionID that a notification gives has four digits at most. */
const LOC_URI = 1024;
const SHORT = 64;

/** @throws ProtocolError for a message that is more than anybody may send who proved nothing. */
export function checkUnproven({ header, commands }: Message): void {
  if (commands.length > COMMANDS)
    throw new ProtocolError('too-many-commands', `found ${commands.length} commands before authentication`, 413, {
      advice: `Send at most ${COMMANDS} in a message until the server knows the device`,
    });
  checkLength('LocURI of Source', header.source.uri, LOC_URI);
  checkLength('LocName of Source', header.source.name, LOC_URI);
  checkLength('RespURI', header.respURI, LOC_URI);
  checkLength('SessionID', header.sessionId, SHORT);
  checkLength('VerDTD', header.verDTD, SHORT);
  checkLength('VerProto', header.verProto, SHORT);
}

function checkLength(name: string, value: string | undefined, most: number): void {
  if (value !== undefined && value.length > most)
    throw new ProtocolError('too-long', `${name} has ${value.length} characters, and may have ${most}`, 400);
}
