/** What the API takes about device descriptions. */
import { z } from 'zod';

export const ddfId = z.string().min(1).max(255);

/** A file in base64; a little more than the limit passes, so that the core can say what is wrong with it. */
export const ddfFile = z.object({
  name: z.string().min(1).max(255),
  content: z.base64('expected the file in base64').max(2 * 1024 * 1024, 'a description has at most 1 MiB'),
});
