/** Generic alerts about firmware in the recorded messages of a session (OMA-TS-DM-FUMO-V1_0 §6.2, §7.1), newest first. */
import { EncodingError } from '../base/errors.ts';
import { FUMO_ALERT_MARK, fumoAlertType, fumoResult } from '../objects/fumo.ts';
import type { FumoAlert } from '../objects/fumo-view.ts';
import type { MessageRecord, SessionRecord } from '../store/contract.ts';
import { decodeMessage } from '../syncml/codec.ts';
import { AlertCode } from '../syncml/codes.ts';
import type { Alert, Command } from '../syncml/message.ts';

export function firmwareAlerts(session: SessionRecord, messages: readonly MessageRecord[]): FumoAlert[] {
  return messages
    .filter(message => message.direction === 'up' && holdsMark(message))
    .flatMap(message => alertsOf(message).flatMap(alert => viewsOf(alert, message, session)))
    .reverse();
}

/** Most messages hold none, and need not be decoded. */
function holdsMark({ bytes }: MessageRecord): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(FUMO_ALERT_MARK);
}

function alertsOf({ bytes, encoding }: MessageRecord): Alert[] {
  try {
    return decodeMessage(bytes, encoding).commands.filter(isGeneric);
  } catch (error) {
    // Recorded bytes need not be a message.
    if (error instanceof EncodingError) return [];
    throw error;
  }
}

const isGeneric = (command: Command): command is Alert =>
  command.kind === 'Alert' && command.code === AlertCode.GENERIC;

function viewsOf({ items, correlator }: Alert, { at }: MessageRecord, session: SessionRecord): FumoAlert[] {
  return items.flatMap(({ source, target, meta, data }) => {
    const type = fumoAlertType(meta?.type ?? '');
    if (!type) return [];
    const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
    const result = type.operation && fumoResult(text);
    const uri = source?.uri ?? target?.uri;
    return {
      at,
      sessionKey: session.key,
      sessionId: session.sessionId,
      words: type.words,
      ...(uri !== undefined && { source: uri }),
      ...(correlator !== undefined && { correlator }),
      ...(meta?.mark !== undefined && { mark: meta.mark }),
      ...(result && { result }),
      ...(!result && text !== '' && { data: text }),
    };
  });
}
