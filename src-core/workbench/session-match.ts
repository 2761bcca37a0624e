/** Which messages of a session fit a filter that looks into them. Pure. */
import type { AnswerView, CommandView, MessageView, SessionView } from './message-views.ts';
import type { SessionFilter } from './session-views.ts';

type Inside = Pick<SessionFilter, 'code' | 'uri' | 'failed'>;

export function looksInside({ code, uri, failed }: Inside): boolean {
  return code !== undefined || uri !== undefined || failed === true;
}

/** Keys of the messages with a command or a status that fits all that is asked for. */
export function hitsIn(messages: readonly MessageView[], filter: Inside): string[] {
  return messages.filter(message => fits(message, filter)).map(({ key }) => key);
}

export function sessionFits(session: SessionView, filter: Inside): boolean {
  const { code, uri, failed } = filter;
  if (failed && session.state === 'failed' && code === undefined && uri === undefined) return true;
  return session.messages.some(message => fits(message, filter));
}

function fits(message: MessageView, { code, uri, failed }: Inside): boolean {
  const sought = uri?.toLowerCase();
  const codes = code === undefined ? undefined : codePattern(code);
  const entryFits = (text: string, answer: AnswerView | undefined): boolean =>
    (sought === undefined || text.toLowerCase().includes(sought)) &&
    (codes === undefined || (answer !== undefined && codes.test(String(answer.code)))) &&
    (!failed || answer?.ok === false);
  const commandFits = (command: CommandView): boolean =>
    entryFits(command.subject, command.answer) || (command.inner?.some(commandFits) ?? false);
  const unreadable = failed === true && message.error !== undefined && code === undefined && uri === undefined;
  return unreadable || message.commands.some(commandFits) || message.statuses.some(one => entryFits(one.cmd, one));
}

/** `425`, `4xx`. */
function codePattern(code: string): RegExp {
  return new RegExp(`^${code.toLowerCase().replaceAll('x', '\\d')}$`);
}
