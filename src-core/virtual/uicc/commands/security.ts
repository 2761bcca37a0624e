/** PIN and key commands of a virtual UICC (ETSI TS 102 221 §11.1.9 to §11.1.13). */
import { type ResponseApdu, SW_OK } from '../../../encoding/apdu.ts';
import { type Handler, type Request, sw } from '../card.ts';
import { KEY_BYTES, type Key, PIN1 } from '../keys.ts';

const BLOCKED = 0x6983;

export const verify: Handler = request => {
  const key = keyOf(request);
  if (typeof key === 'number') return sw(key);
  const { data } = request.command;
  if (key.tries === 0) return sw(BLOCKED);
  if (data === undefined) return sw(0x63c0 | key.tries);
  if (data.length !== KEY_BYTES) return sw(0x6700);
  if (!key.enabled) return sw(0x6984);
  return presented(request, key, data);
};

/** Old and new value. */
export const changePin: Handler = request => {
  const key = keyOf(request);
  if (typeof key === 'number') return sw(key);
  const { data } = request.command;
  if (key.tries === 0) return sw(BLOCKED);
  if (data?.length !== 2 * KEY_BYTES) return sw(0x6700);
  const response = presented(request, key, data.subarray(0, KEY_BYTES));
  if (response.sw === SW_OK) key.value = data.slice(KEY_BYTES);
  return response;
};

export const disablePin: Handler = request => switchPin(request, false);
export const enablePin: Handler = request => switchPin(request, true);

function switchPin(request: Request, enabled: boolean): ResponseApdu {
  const key = keyOf(request);
  if (typeof key === 'number') return sw(key);
  const { data, p2 } = request.command;
  if (p2 !== PIN1) return sw(0x6a88);
  if (key.tries === 0) return sw(BLOCKED);
  if (data?.length !== KEY_BYTES) return sw(0x6700);
  if (key.enabled === enabled) return sw(0x6985);
  const response = presented(request, key, data);
  if (response.sw === SW_OK) key.enabled = enabled;
  return response;
}

/** Unblocking code and new PIN; without data the tries that the code has left. */
export const unblockPin: Handler = request => {
  const key = keyOf(request);
  if (typeof key === 'number') return sw(key);
  const { unblock } = key;
  const { data } = request.command;
  if (!unblock) return sw(0x6a88);
  if (unblock.tries === 0) return sw(BLOCKED);
  if (data === undefined) return sw(0x63c0 | unblock.tries);
  if (data.length !== 2 * KEY_BYTES) return sw(0x6700);
  if (!request.memory.keys.unblock(key, data.subarray(0, KEY_BYTES), data.slice(KEY_BYTES)))
    return sw(0x63c0 | unblock.tries);
  request.session.verified.add(request.command.p2);
  return sw(SW_OK);
};

function keyOf({ memory, command }: Request): Key | number {
  if (command.p1 !== 0x00) return 0x6a86;
  return memory.keys.of(command.p2) ?? 0x6a88;
}

function presented({ memory, session, command }: Request, key: Key, value: Uint8Array): ResponseApdu {
  const right = memory.keys.present(key, value);
  if (right) session.verified.add(command.p2);
  else session.verified.delete(command.p2);
  return sw(right ? SW_OK : 0x63c0 | key.tries);
}
