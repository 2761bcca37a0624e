/** What people type into the filter, and what is asked for with it. Pure. */
import type { SessionFilter } from '../../../src-core/workbench/session-views.ts';

export interface FilterForm {
  readonly deviceId: string;
  readonly state: string;
  /** Days, `2026-11-24`. */
  readonly from: string;
  readonly to: string;
  readonly code: string;
  readonly uri: string;
  readonly failed: boolean;
}

export const NO_FILTER: FilterForm = { deviceId: '', state: '', from: '', to: '', code: '', uri: '', failed: false };

export const STATES = ['open', 'completed', 'failed'] as const;

/** A code that is not one yet filters nothing. */
export function filterOf({ deviceId, state, from, to, code, uri, failed }: FilterForm): SessionFilter {
  const known = STATES.find(one => one === state);
  const begin = dayBegins(from, 0);
  const end = dayBegins(to, 1);
  return {
    ...(deviceId !== '' && { deviceId }),
    ...(known && { state: known }),
    ...(begin !== undefined && { from: begin }),
    ...(end !== undefined && { to: end }),
    ...(code.trim() !== '' && isCode(code) && { code: code.trim() }),
    ...(uri.trim() !== '' && { uri: uri.trim() }),
    ...(failed && { failed }),
  };
}

/** `425`, `4xx`; empty is no code and nothing wrong. */
export const isCode = (text: string): boolean => /^([1-9][0-9x]{2})?$/i.test(text.trim());

export const looksInside = ({ code, uri, failed }: SessionFilter): boolean =>
  code !== undefined || uri !== undefined || failed === true;

/** Local midnight, `days` later. */
function dayBegins(day: string, days: number): number | undefined {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  if (year === undefined) return undefined;
  return new Date(Number(year), Number(month) - 1, Number(date) + days).getTime();
}
