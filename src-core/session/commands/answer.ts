/** The status of a user interaction, from what the person answered (OMA-TS-DM_Protocol-V1_2_1 §10.2, RepPro §6.6.2). */
import { RequestError } from '../../base/errors.ts';
import type { Item } from '../../syncml/message.ts';
import type { Answer, InteractionOptions, Question } from '../interaction.ts';

export interface Answered {
  readonly code: number;
  readonly items?: readonly Item[];
}

/** The user left it: nothing after it is executed. */
export const CANCELLED = 214;
/** A confirmation was answered with No. */
export const NO = 304;
export const TIMED_OUT = 408;
const CANNOT_SHOW = 416;

/** What the characters of each input type look like; any text is alphanumeric (§10.3). */
const INPUT: Readonly<Record<NonNullable<InteractionOptions['inputType']>, RegExp>> = {
  alphanumeric: /^/,
  numeric: /^[0-9.+-]*$/,
  date: /^(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d{4}$/,
  time: /^([01]\d|2[0-3])[0-5]\d[0-5]\d$/,
  phone: /^\+?[0-9pws]*$/,
  'ip-address': /^((25[0-5]|2[0-4]\d|1\d\d|\d{1,2})(\.(?!$)|$)){4}$/,
};

/** @throws RequestError for an answer to another kind of question */
export function statusOfAnswer(question: Question, answer: Answer): Answered {
  switch (answer.kind) {
    case 'cancelled':
      return { code: CANCELLED };
    case 'cannot-show':
      return { code: CANNOT_SHOW };
    case 'timeout':
      return statusOfTimeout(question);
    default:
      return statusOfWords(question, answer);
  }
}

type Words = Exclude<Answer, { kind: 'cancelled' | 'cannot-show' | 'timeout' }>;

/** What the widget would not have taken was never entered: the user can only have left it, 214. */
function statusOfWords(question: Question, answer: Words): Answered {
  const kind = question.kind;
  if (kind === 'display' && answer.kind === 'shown') return { code: 200 };
  if (kind === 'confirm' && answer.kind === 'confirmed') return { code: answer.yes ? 200 : NO };
  if (kind === 'text-input' && answer.kind === 'text') return textAnswer(question, answer.text) ?? { code: CANCELLED };
  const isChoice = kind === 'single-choice' || kind === 'multiple-choice';
  if (isChoice && answer.kind === 'chosen') return choiceAnswer(question, answer.numbers) ?? { code: CANCELLED };
  throw new RequestError('answer', `a question of kind ${kind} was answered with ${answer.kind}`, {
    advice: 'Answer each question in its kind, or with cancelled, timeout or cannot-show',
  });
}

/** The default response where there is a valid one, else 408 (§10.3 MAXDT); a text that was shown has done its work. */
function statusOfTimeout(question: Question): Answered {
  const proposed = question.options.defaultResponse;
  if (question.kind === 'display') return { code: 200 };
  if (proposed === undefined) return { code: TIMED_OUT };
  return statusOfDefault(question, proposed) ?? { code: TIMED_OUT };
}

function statusOfDefault(question: Question, proposed: string): Answered | undefined {
  switch (question.kind) {
    case 'text-input':
      return textAnswer(question, proposed);
    case 'single-choice':
    case 'multiple-choice':
      return /^\d+(-\d+)*$/.test(proposed) ? choiceAnswer(question, proposed.split('-').map(Number)) : undefined;
    default:
      return proposed === '0' || proposed === '1' ? { code: proposed === '1' ? 200 : NO } : undefined;
  }
}

function textAnswer({ options }: Question, text: string): Answered | undefined {
  const { maxLength = Number.POSITIVE_INFINITY, inputType = 'alphanumeric' } = options;
  if ([...text].length > maxLength || !INPUT[inputType].test(text)) return undefined;
  return { code: 200, items: [{ data: text }] };
}

function choiceAnswer({ kind, choices }: Question, numbers: readonly number[]): Answered | undefined {
  const valid = numbers.every(number => Number.isInteger(number) && number >= 1 && number <= choices.length);
  const once = new Set(numbers).size === numbers.length;
  if (!valid || !once || (kind === 'single-choice' && numbers.length !== 1)) return undefined;
  return { code: 200, ...(numbers.length > 0 && { items: numbers.map(number => ({ data: String(number) })) }) };
}
