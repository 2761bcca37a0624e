/**
 * The form of alerts that are sent: user interaction (OMA-TS-DM_Protocol-V1_2_1 §10), generic alerts (§8.7.1) and client
 * events (OMA-TS-DM_RepPro-V1_2_1 §6.6.2). Each check returns what is wrong, if anything is.
 */
import { AlertCode } from '../syncml/codes.ts';
import type { Draft, Item } from '../syncml/message.ts';
import { NODE_FORMATS } from '../tree/node.ts';

export type AlertDraft = Extract<Draft, { kind: 'Alert' }>;

const SERVER_ALERTS: ReadonlySet<number> = new Set([
  AlertCode.DISPLAY,
  AlertCode.CONFIRM_OR_REJECT,
  AlertCode.TEXT_INPUT,
  AlertCode.SINGLE_CHOICE,
  AlertCode.MULTIPLE_CHOICE,
  AlertCode.NEXT_MESSAGE,
  AlertCode.SESSION_ABORT,
  AlertCode.NO_END_OF_DATA,
]);
const CHOICES: ReadonlySet<number> = new Set([AlertCode.SINGLE_CHOICE, AlertCode.MULTIPLE_CHOICE]);
const COUNTS: ReadonlySet<string> = new Set(['MINDT', 'MAXDT', 'MAXLEN']);
const MARKS = ['fatal', 'critical', 'minor', 'warning', 'informational', 'harmless', 'indeterminate'];

export function serverAlertFault(alert: AlertDraft): string | undefined {
  if (!SERVER_ALERTS.has(alert.code)) return `a server sends no alert ${alert.code}`;
  return alert.code <= AlertCode.MULTIPLE_CHOICE ? interactionFault(alert) : undefined;
}

export function clientAlertFault({ code, items }: AlertDraft): string | undefined {
  if (code !== AlertCode.GENERIC && code !== AlertCode.CLIENT_EVENT) return undefined;
  if (items.length === 0) return `alert ${code} has no Item`;
  return firstFault(items, code === AlertCode.GENERIC ? genericFault : dataFault);
}

/** The fault of the first of the values that has one. */
export function firstFault<T>(values: readonly T[], fault: (value: T) => string | undefined): string | undefined {
  for (const value of values) {
    const found = fault(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Options, text, then what can be chosen (§10.2.1 to §10.2.4). */
function interactionFault({ code, items }: AlertDraft): string | undefined {
  const [options, text, ...choices] = items;
  if (!options || typeof text?.data !== 'string')
    return 'a user interaction has an Item of options and one with its text';
  if (CHOICES.has(code) && choices.length === 0) return 'a choice has nothing to choose from';
  if (choices.some(({ data }) => typeof data !== 'string')) return 'a choice has no Data';
  return options.data === undefined || options.data === '' ? undefined : optionsFault(String(options.data));
}

/** `MAXDT=30&DR=1`, URL-encoded (§10.3). */
function optionsFault(options: string): string | undefined {
  return firstFault(options.split('&'), option => {
    const [, name, value = ''] = /^([A-Za-z]+)=((?:[\w.!~*'()+-]|%[0-9A-Fa-f]{2})*)$/.exec(option) ?? [];
    if (name === undefined) return `${JSON.stringify(option)} is no option of a user interaction`;
    return COUNTS.has(name) && !/^0*[1-9]\d*$/.test(value) ? `${name} is no positive whole number` : undefined;
  });
}

function genericFault(item: Item): string | undefined {
  const { type = '', mark } = item.meta ?? {};
  if (!isGenericType(type)) return `${JSON.stringify(type)} is no type of a generic alert`;
  if (mark !== undefined && !MARKS.includes(mark)) return `${JSON.stringify(mark)} is no level of importance`;
  return dataFault(item);
}

/** Type, Format and Data are there. */
function dataFault({ meta, data }: Item): string | undefined {
  if (!meta?.type) return 'an Item of the alert has no Type';
  if (!NODE_FORMATS.some(format => format === meta.format)) return `${meta.format ?? 'nothing'} is no Format of data`;
  return data === undefined ? 'an Item of the alert has no Data' : undefined;
}

/** §8.7.1.6. */
function isGenericType(type: string): boolean {
  return (
    /^Content-Type: *[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?: *;.*)?$/.test(type) ||
    /^Reversed-Domain-Name: *[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?:\/[A-Za-z0-9]+)*$/.test(type)
  );
}
