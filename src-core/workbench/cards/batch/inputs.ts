/** What the page may ask of batches, as its API checks it. */
import { z } from 'zod';
import type { ListOptions } from './intake.ts';

const key = z.string().regex(/^\d{1,16}$/, 'expected the number of a batch');
const template = z.string().min(1).max(255).exactOptional();

export const batchInputs = {
  key: z.strictObject({ key }),
  import: z.strictObject({
    name: z.string().min(1).max(255),
    /** What is wrong with it is told line by line; the core says how long it may be. */
    text: z.string(),
    defaults: z.strictObject({ user: template, server_id: template, address: template }).exactOptional(),
    cp: z.strictObject({ name: z.string().min(1).max(200), base64: z.base64().max(100_000) }).exactOptional(),
  }),
  allow: z.strictObject({ key, allowed: z.boolean() }),
  trace: z.strictObject({ key, line: z.int().positive(), form: z.enum(['text', 'json']) }),
  traces: z.strictObject({ key, form: z.enum(['text', 'json']), from: z.int().nonnegative().exactOptional() }),
  preview: z.strictObject({ key, line: z.int().positive() }),
  start: z.strictObject({ key, readers: z.array(z.string().min(1).max(255)).min(1).max(64).exactOptional() }),
  result: z.strictObject({ key, form: z.enum(['csv', 'html']) }),
};

/** As the core takes them: the document in bytes. */
export function listOptions({ cp, defaults }: Omit<z.infer<typeof batchInputs.import>, 'name' | 'text'>): ListOptions {
  return {
    ...(defaults && { defaults }),
    ...(cp && { cp: { name: cp.name, bytes: Uint8Array.from(Buffer.from(cp.base64, 'base64')) } }),
  };
}
