/** What the page may ask of batches, as its API checks it. */
import { z } from 'zod';

const key = z.string().regex(/^\d{1,16}$/, 'expected the number of a batch');
const template = z.string().min(1).max(255).exactOptional();

export const batchInputs = {
  key: z.strictObject({ key }),
  import: z.strictObject({
    name: z.string().min(1).max(255),
    /** What is wrong with it is told line by line; the core says how long it may be. */
    text: z.string(),
    defaults: z.strictObject({ user: template, server_id: template, address: template }),
  }),
  preview: z.strictObject({ key, line: z.int().positive() }),
  start: z.strictObject({ key, readers: z.array(z.string().min(1).max(255)).min(1).max(64).exactOptional() }),
  result: z.strictObject({ key, form: z.enum(['csv', 'html']) }),
};
