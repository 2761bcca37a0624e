/** Commands as the API takes them. */
import { z } from 'zod';
import type { CommandInput } from '../server/jobs/command-input.ts';

const MOST_COMMANDS = 1000;
/** Characters of a value: what a device takes is smaller. */
const LONGEST_VALUE = 4 * 1024 * 1024;

/** What is wrong with a command is told with its preview; this is about its shape. */
const uri = z.string().min(1).max(4096);
const value = z.string().max(LONGEST_VALUE);
const word = z.string().min(1).max(128);
const node = { uri, format: word, type: word.optional(), value: value.optional() };
const seconds = z.int().positive().max(86_400);

const ask = z.strictObject({
  kind: z.enum(['display', 'confirm', 'input', 'choice', 'choices']),
  text: z.string().max(4096),
  choices: z.array(z.string().max(1024)).max(256).optional(),
  minSeconds: seconds.optional(),
  maxSeconds: seconds.optional(),
  defaultResponse: z.string().max(1024).optional(),
  maxLength: z.int().positive().max(65_536).optional(),
  inputType: z.enum(['alphanumeric', 'numeric', 'date', 'time', 'phone', 'ip-address']).optional(),
  echoType: z.enum(['text', 'password']).optional(),
});

const single = [
  z.strictObject({ kind: z.literal('get'), uri, list: word.optional(), prop: word.optional() }),
  z.strictObject({ kind: z.literal('replace'), ...node, value }),
  z.strictObject({ kind: z.literal('replaceProperty'), uri, prop: word, value }),
  z.strictObject({ kind: z.literal('add'), ...node }),
  z.strictObject({ kind: z.literal('delete'), uri }),
  z.strictObject({ kind: z.literal('copy'), from: uri, to: uri }),
  z.strictObject({ kind: z.literal('exec'), uri, data: value.optional(), correlator: word.optional() }),
  z.strictObject({ kind: z.literal('alert'), ask }),
] as const;

const command: z.ZodType<CommandInput> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    ...single,
    z.strictObject({ kind: z.enum(['atomic', 'sequence']), commands: z.array(command).min(1).max(MOST_COMMANDS) }),
  ]),
);

export const commands = z.array(command).min(1).max(MOST_COMMANDS);
export const workId = z.string().regex(/^\d{1,16}$/, 'expected the number of a piece of work');
/** Longer than a session stays open without a word. */
export const patienceSeconds = z.number().positive().max(240);
