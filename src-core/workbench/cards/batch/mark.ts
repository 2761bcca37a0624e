/** Tells whether a secret is the one of before, without keeping it: a salted hash. */
import { scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { fromHex, toHex } from '../../../base/bytes.ts';
import type { Secret } from '../../../base/secret.ts';

const SALT_BYTES = 16;
const HASH_BYTES = 16;
/** A list of thousands is compared row by row. */
const COST = { N: 1024 };

const hash = promisify<Uint8Array, Uint8Array, number, { N: number }, Buffer>(scrypt);

export async function markOf(secret: Secret, random: (bytes: number) => Uint8Array): Promise<string> {
  const salt = random(SALT_BYTES);
  return toHex(salt) + toHex(await hash(secret.reveal(), salt, HASH_BYTES, COST));
}

export async function isMarkOf(mark: string, secret: Secret): Promise<boolean> {
  const bytes = fromHex(mark);
  const hashed = await hash(secret.reveal(), bytes.subarray(0, SALT_BYTES), HASH_BYTES, COST);
  return timingSafeEqual(hashed, bytes.subarray(SALT_BYTES));
}
