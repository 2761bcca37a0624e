/** What the API takes about device descriptions. */
import { z } from 'zod';
import type { PlannedCommand } from '../../tree/ddf/planned.ts';

export const ddfId = z.string().min(1).max(255);

/** A file in base64; a little more than the limit passes, so that the core can say what is wrong with it. */
export const ddfFile = z.object({
  name: z.string().min(1).max(255),
  content: z.base64('expected the file in base64').max(2 * 1024 * 1024, 'a description has at most 1 MiB'),
});

const uri = z.string().min(1).max(2048);
const word = z.string().max(255);
const value = z.string().max(1024 * 1024);

/** Also of what a person still types: it need not be right, only judged. */
const plannedCommand: z.ZodType<PlannedCommand> = z.lazy(() =>
  z.union([
    z.object({ kind: z.literal('get'), uri, list: word.optional(), prop: word.optional() }),
    z.object({ kind: z.enum(['delete', 'exec']), uri }),
    z.object({
      kind: z.enum(['add', 'replace']),
      uri,
      format: word,
      type: word.optional(),
      value: value.optional(),
    }),
    z.object({ kind: z.literal('replaceProperty'), uri, prop: word, value }),
    z.object({ kind: z.literal('copy'), from: uri, to: uri }),
    z.object({ kind: z.enum(['atomic', 'sequence']), commands: z.array(plannedCommand).max(1000) }),
    z.object({ kind: z.literal('alert') }),
  ]),
);

export const plannedCommands = z.array(plannedCommand).max(1000);
