/** PIN and key commands of a virtual UICC (ETSI TS 102 221 §11.1.9 to §11.1.13). */
import type { ResponseApdu } from '../../../encoding/apdu.ts';
import { type Handler, type Request, sw } from '../card.ts';
import { KEY_BYTES, type Key, PIN1 } from '../keys.ts';
import { SW, triesLeft } from '../status.ts';

export const verify: Handler = request => {
  const key = keyOf(request);
  if (typeof key === 'number') return sw(key);
  const { data } = request.command;
  if (key.tries === 0) return sw(SW.blocked);
  if (data === undefined) return sw(triesLeft(key.tries));
  if (data.length !== KEY_BYTES) return sw(SW.wrongLength);
  if (!key.enabled) return sw(SW.invalidated);
  return presented(request, key, data);
};

/** Old and new value. */
export const changePin: Handler = request => {
  const key = keyOf(request);
  if (typeof key === 'number') return sw(key);
  const { data } = request.command;
  if (key.tries === 0) return sw(SW.blocked);
  if (data?.length !== 2 * KEY_BYTES) return sw(SW.wrongLength);
  const response = presented(request, key, data.subarray(0, KEY_BYTES));
  if (response.sw === SW.ok) key.value = data.slice(KEY_BYTES);
  return response;
};

export const disablePin: Handler = request => switchPin(request, false);
export const enablePin: Handler = request => switchPin(request, true);

function switchPin(request: Request, enabled: boolean): ResponseApdu {
  const key = keyOf(request);
  if (typeof key === 'number') return sw(key);
  const { data, p2 } = request.command;
  if (p2 !== PIN1) return sw(SW.noSuchKey);
  if (key.tries === 0) return sw(SW.blocked);
  if (data?.length !== KEY_BYTES) return sw(SW.wrongLength);
  if (key.enabled === enabled) return sw(SW.wrongState);
  const response = presented(request, key, data);
  if (response.sw === SW.ok) key.enabled = enabled;
  return response;
}

/** Unblocking code and new PIN; without data the tries that the code has left. */
export const unblockPin: Handler = request => {
  const key = keyOf(request);
  if (typeof key === 'number') return sw(key);
  const { unblock } = key;
  const { data } = request.command;
  if (!unblock) return sw(SW.noSuchKey);
  if (unblock.tries === 0) return sw(SW.blocked);
  if (data === undefined) return sw(triesLeft(unblock.tries));
  if (data.length !== 2 * KEY_BYTES) return sw(SW.wrongLength);
  if (!request.memory.keys.unblock(key, data.subarray(0, KEY_BYTES), data.slice(KEY_BYTES)))
    return sw(triesLeft(unblock.tries));
  request.session.verified.add(request.command.p2);
  return sw(SW.ok);
};

function keyOf({ memory, command }: Request): Key | number {
  if (command.p1 !== 0x00) return SW.wrongP1P2;
  return memory.keys.of(command.p2) ?? SW.noSuchKey;
}

function presented({ memory, session, command }: Request, key: Key, value: Uint8Array): ResponseApdu {
  const right = memory.keys.present(key, value);
  if (right) session.verified.add(command.p2);
  else session.verified.delete(command.p2);
  return sw(right ? SW.ok : triesLeft(key.tries));
}
