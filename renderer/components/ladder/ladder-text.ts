/** How one message reads on one line of the ladder. Pure. */
import type { CommandView, MessageView, StatusView } from '../../../src-core/workbench/message-views.ts';
import type { Tone } from '../Marks.tsx';

export interface CommandPart {
  readonly text: string;
  readonly subject: string;
  /** What an Atomic or Sequence holds. */
  readonly inner?: readonly CommandPart[];
}

/** `Status ×3`, `Alert 1201`, `Replace ×5 ./DevInfo`: neighbours of one name are one part. */
export function commandParts(message: MessageView): CommandPart[] {
  const carried = message.statuses.length;
  const counted = carried > 0 && !message.commands.some(c => c.name === 'Status');
  return [...(counted ? [{ text: `Status${times(carried)}`, subject: '' }] : []), ...partsOf(message.commands)];
}

function partsOf(commands: readonly CommandView[]): CommandPart[] {
  const parts: CommandPart[] = [];
  for (let i = 0; i < commands.length; ) {
    const first = commands[i];
    if (!first) break;
    const group: CommandView[] = [];
    for (; commands[i]?.name === first.name && isGrouped(first, group); i += 1) group.push(commands[i] ?? first);
    parts.push(partOf(first, group));
  }
  return parts;
}

/** Each Alert says something of its own, and each Atomic and Sequence holds something of its own. */
const isGrouped = (first: CommandView, group: readonly CommandView[]) =>
  group.length === 0 || (first.name !== 'Alert' && !first.inner);

/** A part names this many subjects and counts the rest. */
const NAMED = 12;

function partOf(first: CommandView, group: readonly CommandView[]): CommandPart {
  if (first.name === 'Alert') return { text: `Alert ${first.subject}`, subject: '' };
  if (first.inner) return { text: first.name, subject: first.subject, inner: partsOf(first.inner) };
  const items = group.reduce((n, command) => n + Math.max(1, command.items), 0);
  const subjects = group.map(command => command.subject).filter(Boolean);
  const more = subjects.length > NAMED ? ` and ${subjects.length - NAMED} more` : '';
  return { text: first.name + times(items), subject: subjects.slice(0, NAMED).join(', ') + more };
}

/** The part in words: `Atomic (Add ./A, Exec ./B)`. */
export function wordsOf({ text, subject, inner }: CommandPart): string {
  const words = `${text} ${subject}`.trim();
  return inner ? `${words} (${inner.map(wordsOf).join(', ')})` : words;
}

const times = (n: number): string => (n > 1 ? ` ×${n}` : '');

export interface StatusSummary {
  readonly text: string;
  readonly tone: Tone;
  /** Every status with the command it answers. */
  readonly title: string;
}

/** Failed statuses by their words; else the codes. Undefined where the message carries none. */
export function summarizeStatuses(statuses: readonly StatusView[]): StatusSummary | undefined {
  if (statuses.length === 0) return undefined;
  const failed = statuses.filter(s => !s.ok);
  const title = statuses.map(answerInWords).join('\n');
  const [first] = failed;
  if (first) {
    const more = failed.length > 1 ? ` +${failed.length - 1}` : '';
    return { text: `${first.code} ${first.text}${more}`, tone: 'bad', title };
  }
  return { text: countCodes(statuses.map(s => s.code)), tone: 'ok', title };
}

function answerInWords({ code, text, cmd, cmdRef, within }: StatusView): string {
  return `${code} ${text} · ${cmd} (cmd ${cmdRef}${within ? ` in ${within}` : ''})`;
}

/** `212 200 ×5`. */
function countCodes(codes: readonly number[]): string {
  const counts = new Map<number, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, n]) => `${code}${times(n)}`).join(' ');
}

export const hasFailed = (message: MessageView): boolean =>
  message.error !== undefined || message.statuses.some(s => !s.ok);
