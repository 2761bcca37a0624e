/** Runs commands on a tree and says what came of it in words. */
import type { ExecutionContext, Outcome } from '../../src-core/session/client-commands.ts';
import { execute } from '../../src-core/session/client-commands.ts';
import type { Answer, Question } from '../../src-core/session/interaction.ts';
import type { Alert, Command, Group, Item, ItemCommand, Meta } from '../../src-core/syncml/message.ts';
import { ONE, plant } from '../tree/tree-under-test.ts';

let ids = 0;
const cmdId = () => String(++ids);

type Kind = ItemCommand['kind'];

export const item = (target: string | undefined, more: Omit<Item, 'target'> = {}): Item => ({
  ...(target !== undefined && { target: { uri: target } }),
  ...more,
});
export const command = (kind: Kind, ...items: Item[]): ItemCommand => ({ kind, cmdId: cmdId(), items });
/** Without arguments the data is `x`. */
export function add(uri: string, ...given: readonly [data?: Item['data'], meta?: Meta]): ItemCommand {
  const [data, meta] = given;
  const known = given.length === 0 ? 'x' : data;
  return command('Add', item(uri, { ...(known !== undefined && { data: known }), ...(meta && { meta }) }));
}
export const replace = (uri: string, data: Item['data'], meta?: Meta): ItemCommand =>
  command('Replace', item(uri, { ...(data !== undefined && { data }), ...(meta && { meta }) }));
export const get = (...uris: string[]): ItemCommand => command('Get', ...uris.map(uri => item(uri)));
export const remove = (...uris: string[]): ItemCommand => command('Delete', ...uris.map(uri => item(uri)));
export const copy = (from: string, to: string): ItemCommand => command('Copy', item(to, { source: { uri: from } }));
export const exec = (uri: string, correlator?: string): Command => ({
  kind: 'Exec',
  cmdId: cmdId(),
  items: [item(uri, { data: 'argument' })],
  ...(correlator !== undefined && { correlator }),
});
export const group = (kind: Group['kind'], ...commands: Command[]): Group => ({ kind, cmdId: cmdId(), commands });
export const atomic = (...commands: Command[]): Group => group('Atomic', ...commands);
export const sequence = (...commands: Command[]): Group => group('Sequence', ...commands);
export const alert = (code: number, ...data: (string | undefined)[]): Alert => ({
  kind: 'Alert',
  cmdId: cmdId(),
  code,
  items: data.map(text => (text === undefined ? {} : { data: text })),
});
export const confirm = (options = ''): Alert => alert(1101, options, 'Really?');

export function contextOf(more: Partial<ExecutionContext> = {}): ExecutionContext {
  return { tree: plant(), actor: ONE, interactive: true, exec: () => ({ code: 200 }), ...more };
}

export interface Run {
  readonly outcomes: readonly Outcome[];
  readonly questions: readonly Question[];
}

/** Answers in the order of the questions; one too few is an error. */
export function run(commands: readonly Command[], context: ExecutionContext, answers: readonly Answer[] = []): Run {
  const generator = execute(commands, context);
  const questions: Question[] = [];
  const waiting = [...answers];
  let step = generator.next();
  while (!step.done) {
    questions.push(step.value);
    const answer = waiting.shift();
    if (!answer) throw new Error(`no answer is left for ${JSON.stringify(step.value.text)}`);
    step = generator.next(answer);
  }
  return { outcomes: step.value, questions };
}

/** `Add ./A 200`, with `[…]` around what the Status carries. */
export function tell({ command: { kind }, code, targetRef, sourceRef, items }: Outcome): string {
  const refs = [...(sourceRef === undefined ? [] : [sourceRef, '→']), ...(targetRef === undefined ? [] : [targetRef])];
  const inside = items?.map(({ target, data }) => target?.uri ?? String(data));
  return [kind, ...refs, code, ...(inside ? [`[${inside.join(', ')}]`] : [])].join(' ');
}

/** Statuses of commands that are answered one after the other. */
export function tellAll(
  commands: readonly Command[],
  context = contextOf(),
  answers: readonly Answer[] = [],
): string[] {
  return run(commands, context, answers).outcomes.map(tell);
}

export const yes: Answer = { kind: 'confirmed', yes: true };
export const no: Answer = { kind: 'confirmed', yes: false };
export const cancelled: Answer = { kind: 'cancelled' };
export const timeout: Answer = { kind: 'timeout' };
