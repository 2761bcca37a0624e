/** CHV commands of class A0 (3GPP TS 51.011 §9.2.9 to §9.2.13). ADM keys have the numbers that they have in class 00. */
import type { ResponseApdu } from '../../encoding/apdu.ts';
import { type Request, sw } from './card.ts';
import { GSM_SW, wrongP3 } from './gsm-status.ts';
import { KEY_BYTES, type Key, PIN1 } from './keys.ts';

type GsmHandler = (request: Request) => ResponseApdu;

export const verifyChv: GsmHandler = request => {
  const known = keyOf(request, KEY_BYTES);
  if ('sw' in known) return known;
  const { key, data } = known;
  return key.enabled ? presented(request, key, data) : sw(GSM_SW.contradiction);
};

/** Old and new value. */
export const changeChv: GsmHandler = request => {
  const known = keyOf(request, 2 * KEY_BYTES);
  if ('sw' in known) return known;
  const { key, data } = known;
  if (!key.enabled) return sw(GSM_SW.contradiction);
  const response = presented(request, key, data.subarray(0, KEY_BYTES));
  if (response.sw === GSM_SW.ok) key.value = data.slice(KEY_BYTES);
  return response;
};

export const disableChv: GsmHandler = request => switchChv(request, false);
export const enableChv: GsmHandler = request => switchChv(request, true);

/** CHV1 only. */
function switchChv(request: Request, enabled: boolean): ResponseApdu {
  if (request.command.p2 !== PIN1) return sw(GSM_SW.wrongP1P2);
  const known = keyOf(request, KEY_BYTES);
  if ('sw' in known) return known;
  const { key, data } = known;
  if (key.enabled === enabled) return sw(GSM_SW.contradiction);
  const response = presented(request, key, data);
  if (response.sw === GSM_SW.ok) key.enabled = enabled;
  return response;
}

/** Unblocking code and new CHV; CHV1 has the number 00 here. */
export const unblockChv: GsmHandler = request => {
  const { memory, session, command } = request;
  const key = command.p2 === 0x00 ? memory.keys.of(PIN1) : undefined;
  if (command.p1 !== 0) return sw(GSM_SW.wrongP1P2);
  if (!key?.unblock) return sw(GSM_SW.noChv);
  const { data } = command;
  if (data?.length !== 2 * KEY_BYTES) return sw(wrongP3(2 * KEY_BYTES));
  if (key.unblock.tries === 0) return sw(GSM_SW.blocked);
  if (!memory.keys.unblock(key, data.subarray(0, KEY_BYTES), data.slice(KEY_BYTES)))
    return sw(key.unblock.tries === 0 ? GSM_SW.blocked : GSM_SW.notAllowed);
  session.verified.add(PIN1);
  return sw(GSM_SW.ok);
};

/** The key and the data that a command presents, or why it cannot: all before a try could be lost. */
function keyOf({ memory, command }: Request, length: number): { key: Key; data: Uint8Array } | ResponseApdu {
  const { p1, p2, data } = command;
  if (p1 !== 0) return sw(GSM_SW.wrongP1P2);
  const key = memory.keys.of(p2);
  if (!key) return sw(GSM_SW.noChv);
  if (data?.length !== length) return sw(wrongP3(length));
  return key.tries === 0 ? sw(GSM_SW.blocked) : { key, data };
}

function presented({ memory, session, command }: Request, key: Key, value: Uint8Array): ResponseApdu {
  if (memory.keys.present(key, value)) {
    session.verified.add(command.p2);
    return sw(GSM_SW.ok);
  }
  session.verified.delete(command.p2);
  return sw(key.tries === 0 ? GSM_SW.blocked : GSM_SW.notAllowed);
}
