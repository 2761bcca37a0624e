/** What became of commands that were asked for: each with its answers, also those inside an Atomic or Sequence. Pure. */
import type {
  CommandInput,
  WorkResultView,
  WorkStatusView,
  WorkView,
} from '../../../../src-core/workbench/work-views.ts';
import type { Tone } from '../../../components/Marks.tsx';
import { BULLETS, isSecretNode } from '../node/values.ts';
import { commandName, subjectOf, uriOf } from './draft.ts';

export interface AnsweredCommand {
  /** `2`, inside a group `2.1`. */
  readonly path: string;
  readonly name: string;
  readonly subject: string;
  /** Node that it is about. */
  readonly uri: string | undefined;
  readonly status: WorkStatusView | undefined;
  /** Why it was not sent. */
  readonly unsent: string | undefined;
  readonly results: readonly WorkResultView[];
  readonly inner: readonly AnsweredCommand[];
}

export function answersOf(work: WorkView): AnsweredCommand[] {
  return answered(work.commands, '', work);
}

function answered(commands: readonly CommandInput[], above: string, work: WorkView): AnsweredCommand[] {
  return commands.map((command, i) => {
    const path = `${above}${i + 1}`;
    return {
      path,
      name: commandName(command),
      subject: subjectOf(command),
      uri: uriOf(command),
      status: work.statuses.find(status => status.path === path),
      unsent: work.unsent.find(unsent => unsent.path === path)?.reason,
      results: work.results.filter(result => result.path === path),
      inner: 'commands' in command ? answered(command.commands, `${path}.`, work) : [],
    };
  });
}

export interface Summary {
  readonly tone: Tone;
  readonly text: string;
}

/** What the work says of one node: the status of its own command where there is one, else that of the whole. */
export function summaryFor(work: WorkView, uri: string): Summary & { readonly name: string } {
  const own = withInner(answersOf(work)).findLast(answer => answer.uri === uri && answer.inner.length === 0);
  if (!own?.status) return { ...summaryOf(work), name: own?.name ?? titleOf(work).name };
  const { code, words } = own.status;
  return { tone: toneOf(code), text: `${code} ${words}`, name: own.name };
}

const withInner = (answers: readonly AnsweredCommand[]): AnsweredCommand[] =>
  answers.flatMap(answer => [answer, ...withInner(answer.inner)]);

/** One pill for all of the work. */
export function summaryOf(work: WorkView): Summary {
  const failed = work.statuses.find(({ path, code }) => path !== '' && !isOk(code));
  switch (work.state) {
    case 'queued':
      return { tone: 'warn', text: 'queued' };
    case 'sent':
      return { tone: 'info', text: 'sent' };
    case 'cancelled':
      return { tone: 'plain', text: 'cancelled' };
    case 'unsent':
      return { tone: 'bad', text: 'not sent' };
    case 'refused':
      return { tone: 'bad', text: failed ? `${failed.code} ${failed.words}` : 'no answer' };
    case 'answered':
      return { tone: 'ok', text: answeredText(work) };
  }
}

function answeredText({ commands, statuses }: WorkView): string {
  if (commands.length === 0) return 'read';
  const [first, ...more] = statuses.filter(({ path }) => path !== '');
  return first ? `${first.code} ${first.words}${more.length > 0 ? ` +${more.length}` : ''}` : 'answered';
}

/** 1xx to 3xx are accepted; 215 and 216 are no failure of their own, and nothing was done. */
export function toneOf(code: number): Tone {
  if (code === 215 || code === 216) return 'warn';
  return isOk(code) ? 'ok' : 'bad';
}

const isOk = (code: number): boolean => code < 400;

/** `Replace ./Vendor/Note`, `Sequence of 3 commands`, `Get ./DevInfo and all below it`. */
export function titleOf({ commands, uris }: WorkView): { readonly name: string; readonly subject: string } {
  const [first, ...more] = commands;
  if (!first) return { name: 'Get', subject: `${uris.join(', ')} and all below` };
  const rest = more.length > 0 ? ` and ${more.length} more` : '';
  return { name: commandName(first), subject: subjectOf(first) + rest };
}

/** A result as it stands on the screen. */
export function shownResult(result: WorkResultView): WorkResultView {
  return result.value && isSecretNode(result.uri) ? { ...result, value: BULLETS } : result;
}
