/** How one message reads on one line of the ladder. Pure. */
import type { CommandView, MessageView, StatusView } from '../../../src-core/workbench/views.ts';
import type { Tone } from '../../components/Marks.tsx';

export interface CommandPart {
  readonly text: string;
  readonly subject: string;
}

/** `Status ×3`, `Alert 1201`, `Replace ×5 ./DevInfo`: neighbours of one name are one part. */
export function commandParts(message: MessageView): CommandPart[] {
  const parts: CommandPart[] = [];
  const carried = message.statuses.length;
  if (carried > 0 && !message.commands.some(c => c.name === 'Status')) {
    parts.push({ text: `Status${times(carried)}`, subject: '' });
  }
  for (let i = 0; i < message.commands.length; ) {
    const first = message.commands[i];
    if (!first) break;
    const group: CommandView[] = [];
    for (; message.commands[i]?.name === first.name && isGrouped(first, group); i += 1) {
      group.push(message.commands[i] ?? first);
    }
    parts.push(partOf(first, group));
  }
  return parts;
}

/** Each Alert says something of its own. */
const isGrouped = (first: CommandView, group: readonly CommandView[]) => first.name !== 'Alert' || group.length === 0;

function partOf(first: CommandView, group: readonly CommandView[]): CommandPart {
  if (first.name === 'Alert') return { text: `Alert ${first.subject}`, subject: '' };
  const items = group.reduce((n, command) => n + Math.max(1, command.items), 0);
  const subject = group.map(command => command.subject).filter(Boolean);
  return { text: first.name + times(items), subject: subject.join(', ') };
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
  const title = statuses.map(s => `${s.code} ${s.text} · ${s.cmd} (cmd ${s.cmdRef})`).join('\n');
  const [first] = failed;
  if (first) {
    const more = failed.length > 1 ? ` +${failed.length - 1}` : '';
    return { text: `${first.code} ${first.text}${more}`, tone: 'bad', title };
  }
  return { text: countCodes(statuses.map(s => s.code)), tone: 'ok', title };
}

/** `212 200 ×5`. */
function countCodes(codes: readonly number[]): string {
  const counts = new Map<number, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, n]) => `${code}${times(n)}`).join(' ');
}

export const hasFailed = (message: MessageView): boolean => message.statuses.some(s => !s.ok);
