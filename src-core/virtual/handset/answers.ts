/** Answers to user interaction without a person: what the server proposes, or what a script says (Protocol §10). */

import { z } from 'zod';
import { EncodingError } from '../../base/errors.ts';
import type { Answer, Question } from '../../session/interaction.ts';

/** The default response where there is one; else yes, an empty text, the first choice. */
export async function defaultAnswer({ kind, options }: Question): Promise<Answer> {
  const proposed = options.defaultResponse;
  switch (kind) {
    case 'display':
      return { kind: 'shown' };
    case 'confirm':
      return { kind: 'confirmed', yes: proposed !== '0' };
    case 'text-input':
      return { kind: 'text', text: proposed ?? '' };
    case 'single-choice':
    case 'multiple-choice':
      return { kind: 'chosen', numbers: (proposed ?? '1').split('-').map(Number) };
  }
}

const answerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('shown') }),
  z.strictObject({ kind: z.literal('confirmed'), yes: z.boolean() }),
  z.strictObject({ kind: z.literal('text'), text: z.string() }),
  z.strictObject({ kind: z.literal('chosen'), numbers: z.array(z.int().positive()) }),
  z.strictObject({ kind: z.literal('cancelled') }),
  z.strictObject({ kind: z.literal('timeout') }),
  z.strictObject({ kind: z.literal('cannot-show') }),
]);

/** A line of a script: the first whose `about` stands in the question's text answers it. */
const scriptSchema = z.array(z.strictObject({ about: z.string().default(''), answer: answerSchema }));

/** Reads a script, JSON: `[{"about": "access point", "answer": {"kind": "confirmed", "yes": false}}]`. @throws EncodingError */
export function scriptedAnswers(json: string): (question: Question) => Promise<Answer> {
  const script = scriptSchema.safeParse(parseJson(json));
  if (!script.success) throw new EncodingError('script', `answers: ${z.prettifyError(script.error)}`, 0);
  return async question =>
    script.data.find(({ about }) => question.text.includes(about))?.answer ?? (await defaultAnswer(question));
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new EncodingError('script', `answers: ${(cause as Error).message}`, 0, { cause });
  }
}
