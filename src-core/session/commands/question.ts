/** User interaction alerts 1100 to 1104 as questions (OMA-TS-DM_Protocol-V1_2_1 §10). */
import { ProtocolError } from '../../base/errors.ts';
import { AlertCode } from '../../syncml/codes.ts';
import type { Alert, Item } from '../../syncml/message.ts';
import type { InteractionOptions, Question } from '../interaction.ts';

const KINDS: Readonly<Record<number, Question['kind']>> = {
  [AlertCode.DISPLAY]: 'display',
  [AlertCode.CONFIRM_OR_REJECT]: 'confirm',
  [AlertCode.TEXT_INPUT]: 'text-input',
  [AlertCode.SINGLE_CHOICE]: 'single-choice',
  [AlertCode.MULTIPLE_CHOICE]: 'multiple-choice',
};

const INPUT_TYPES: Readonly<Record<string, InteractionOptions['inputType']>> = {
  A: 'alphanumeric',
  N: 'numeric',
  D: 'date',
  T: 'time',
  P: 'phone',
  I: 'ip-address',
};

const ECHO_TYPES: Readonly<Record<string, InteractionOptions['echoType']>> = { T: 'text', P: 'password' };

export function isInteraction({ code }: Alert): boolean {
  return KINDS[code] !== undefined;
}

/** First Item options, second the text, from the third on choices. @throws ProtocolError 412 where one is missing */
export function questionOf({ code, items }: Alert): Question {
  const kind = KINDS[code];
  const [options, text, ...choices] = items;
  if (!kind || !options || text?.data === undefined) throw incomplete(`expected an Item of options and one of text`);
  const takesChoices = kind === 'single-choice' || kind === 'multiple-choice';
  if (takesChoices && choices.length === 0) throw incomplete('expected Items to choose from');
  return {
    kind,
    text: textOf(text),
    choices: takesChoices ? choices.map(textOf) : [],
    options: optionsFor(kind, readOptions(textIn(options))),
  };
}

/** MAXLEN, IT and ET mean something where text is typed, DR wherever there is an answer; elsewhere they are ignored (§10.3). */
function optionsFor(kind: Question['kind'], options: InteractionOptions): InteractionOptions {
  const { minDisplaySeconds, maxDisplaySeconds, defaultResponse } = options;
  if (kind === 'text-input') return options;
  return {
    ...optional('minDisplaySeconds', minDisplaySeconds),
    ...optional('maxDisplaySeconds', maxDisplaySeconds),
    ...(kind !== 'display' && optional('defaultResponse', defaultResponse)),
  };
}

/** `MAXDT=30&DR=1`, URL-encoded (§10.3); what cannot be processed is skipped without an error. */
export function readOptions(text: string): InteractionOptions {
  const options = new Map<string, string | undefined>();
  for (const parameter of text.trim().split('&')) {
    const equals = parameter.indexOf('=');
    if (equals > 0) options.set(parameter.slice(0, equals), decode(parameter.slice(equals + 1)));
  }
  return {
    ...optional('minDisplaySeconds', positive(options.get('MINDT'))),
    ...optional('maxDisplaySeconds', positive(options.get('MAXDT'))),
    ...optional('defaultResponse', options.get('DR')),
    ...optional('maxLength', positive(options.get('MAXLEN'))),
    ...optional('inputType', INPUT_TYPES[options.get('IT') ?? '']),
    ...optional('echoType', ECHO_TYPES[options.get('ET') ?? '']),
  };
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function positive(value: string | undefined): number | undefined {
  return value !== undefined && /^0*[1-9][0-9]{0,8}$/.test(value) ? Number(value) : undefined;
}

function textOf(item: Item): string {
  if (item.data === undefined) throw incomplete('expected Data in every Item but the first');
  return textIn(item);
}

function textIn({ data = '' }: Item): string {
  return typeof data === 'string' ? data : new TextDecoder('utf-8', { ignoreBOM: true }).decode(data);
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}

function incomplete(what: string): ProtocolError {
  return new ProtocolError('alert', `user interaction: ${what}`, 412);
}
