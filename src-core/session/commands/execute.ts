/** Runs commands in order, groups and user interaction included (OMA-TS-DM_RepPro-V1_2_1 §6.6, Protocol §10). */
import { ProtocolError } from '../../base/errors.ts';
import { AlertCode, isSuccess } from '../../syncml/codes.ts';
import type { Alert, Command, Exec, Group, ItemCommand } from '../../syncml/message.ts';
import type { ExecutionContext, Outcome } from '../client-commands.ts';
import type { Answer, Question } from '../interaction.ts';
import { CANCELLED, NO, statusOfAnswer, TIMED_OUT } from './answer.ts';
import { executeItem, refsOf } from './items.ts';
import { isInteraction, questionOf } from './question.ts';

const DM_ALERTS: ReadonlySet<number> = new Set(Object.values(AlertCode));
const NOT_EXECUTED = 215;
const ROLLED_BACK = 216;
const ATOMIC_FAILED = 507;
const ROLLBACK_FAILED = 516;

/** How a command ended, for what comes after it: `rejected` is a No, `cancelled` ends the whole message. */
type Ending = 'done' | 'failed' | 'rejected' | 'cancelled';

type Run<T> = Generator<Question, T, Answer>;

/**
 * Executes commands in order; stops at each user interaction to ask, and is resumed with the answer. Whoever gives up
 * in between calls `return()`, so that an Atomic that is under way is rolled back.
 */
export function* execute(commands: readonly Command[], context: ExecutionContext): Run<Outcome[]> {
  const run = new Execution(context);
  let cancelled = false;
  for (const command of commands) {
    if (cancelled) run.skip(command);
    else cancelled = (yield* run.execute(command)) === 'cancelled';
  }
  return run.outcomes.filter(outcome => !isUnanswered(outcome));
}

/** NoResp: no Status is wanted, but Results are. */
function isUnanswered({ command, results }: Outcome): boolean {
  return 'noResp' in command && command.noResp === true && results === undefined;
}

class Execution {
  readonly outcomes: Outcome[] = [];
  readonly #context: ExecutionContext;
  #inAtomic = false;
  /** Of what is executed now the nearest group is a Sequence. */
  #inSequence = false;

  constructor(context: ExecutionContext) {
    this.#context = context;
  }

  *execute(command: Command): Run<Ending> {
    switch (command.kind) {
      case 'Sequence':
        return yield* this.#sequence(command);
      case 'Atomic':
        return yield* this.#atomic(command);
      case 'Alert':
        return yield* this.#alert(command);
      case 'Unsupported':
        return this.#tell({ command, code: 406 });
      case 'Status':
      case 'Results':
        return 'done';
      default:
        return this.#items(command);
    }
  }

  /** Everything in it is answered with 215. */
  skip(command: Command): void {
    if (command.kind === 'Status' || command.kind === 'Results') return;
    const items = 'items' in command && command.kind !== 'Alert' ? command.items : [];
    if (items.length === 0) this.outcomes.push({ command, code: NOT_EXECUTED });
    for (const item of items) this.outcomes.push({ command, ...refsOf(item), code: NOT_EXECUTED });
    if (isGroup(command)) for (const inner of command.commands) this.skip(inner);
  }

  /**
   * 200 once it has begun (RepPro §6.6.14). A No bypasses what is left of it (Protocol §10.2.2); in an Atomic, where the
   * failure of one is the failure of all, anything that fails does.
   */
  *#sequence(group: Group): Run<Ending> {
    if (group.commands.length === 0) return this.#tell({ command: group, code: 412 });
    this.outcomes.push({ command: group, code: 200 });
    const around = this.#inSequence;
    this.#inSequence = true;
    const ending = yield* this.#inOrder(group.commands, this.#inAtomic);
    this.#inSequence = around;
    return ending === 'rejected' && !this.#inAtomic ? 'done' : ending;
  }

  *#inOrder(commands: readonly Command[], stopAtFailure: boolean): Run<Ending> {
    let ending: Ending = 'done';
    for (const command of commands) {
      if (ending !== 'done') {
        this.skip(command);
        continue;
      }
      const next: Ending = yield* this.execute(command);
      if (next !== 'failed' || stopAtFailure) ending = next;
    }
    return ending;
  }

  *#atomic(group: Group): Run<Ending> {
    if (this.#inAtomic) {
      // RepPro §6.6.3: a nested Atomic is not legal.
      this.outcomes.push({ command: group, code: 500 });
      for (const inner of group.commands) this.skip(inner);
      return 'failed';
    }
    if (group.commands.length === 0) return this.#tell({ command: group, code: 412 });
    const transaction = this.#context.tree.begin();
    const first = this.outcomes.push({ command: group, code: 200 });
    const around = this.#inSequence;
    this.#inAtomic = true;
    this.#inSequence = false;
    let ending: Ending | undefined;
    try {
      ending = yield* this.#inOrder(group.commands, true);
    } finally {
      this.#inAtomic = false;
      this.#inSequence = around;
      if (ending === 'done') transaction.commit();
      else transaction.rollback();
    }
    if (ending === 'done') return 'done';
    this.#tellRollback(group, first);
    return ending === 'cancelled' ? 'cancelled' : 'failed';
  }

  /** The one that failed keeps its status; what an Exec (of a Sequence in it) has started cannot be taken back: 516. */
  #tellRollback(group: Group, first: number): void {
    let code = ATOMIC_FAILED;
    for (const [i, outcome] of this.outcomes.entries()) {
      if (i < first || !wasExecuted(outcome)) continue;
      const { command, targetRef, sourceRef } = outcome;
      const undone = command.kind === 'Exec' ? ROLLBACK_FAILED : ROLLED_BACK;
      if (undone === ROLLBACK_FAILED) code = ROLLBACK_FAILED;
      this.outcomes[i] = {
        command,
        ...(targetRef !== undefined && { targetRef }),
        ...(sourceRef !== undefined && { sourceRef }),
        code: undone,
      };
    }
    this.outcomes[first - 1] = { command: group, code };
  }

  #items(command: ItemCommand | Exec): Ending {
    // RepPro §6.6.3: a Get in an Atomic is not legal; §6.6.6: an Exec stands in a Sequence or the body.
    const isIllegal = this.#inAtomic && (command.kind === 'Get' || (command.kind === 'Exec' && !this.#inSequence));
    if (isIllegal) return this.#tell({ command, code: 500 });
    if (command.items.length === 0) return this.#tell({ command, code: 412 });
    let ending: Ending = 'done';
    for (const item of command.items) {
      if (ending === 'failed' && this.#inAtomic) {
        this.outcomes.push({ command, ...refsOf(item), code: NOT_EXECUTED });
      } else if (this.#tell(executeItem(command, item, this.#context)) === 'failed') {
        ending = 'failed';
      }
    }
    return ending;
  }

  *#alert(alert: Alert): Run<Ending> {
    // DM knows the other codes in packages of the client only: 405; the rest it does not know: 406 (RepPro §6.6.2).
    if (!isInteraction(alert)) return this.#tell({ command: alert, code: DM_ALERTS.has(alert.code) ? 405 : 406 });
    if (!this.#context.interactive) return this.#tell({ command: alert, code: 406 });
    try {
      const question = questionOf(alert);
      return this.#tell({ command: alert, ...statusOfAnswer(question, yield question) });
    } catch (error) {
      if (error instanceof ProtocolError) return this.#tell({ command: alert, code: error.status });
      throw error;
    }
  }

  /** A timeout counts as a cancellation (Protocol §10.3, MAXDT). */
  #tell(outcome: Outcome): Ending {
    this.outcomes.push(outcome);
    if (outcome.command.kind === 'Alert') {
      if (outcome.code === NO) return 'rejected';
      if (outcome.code === CANCELLED || outcome.code === TIMED_OUT) return 'cancelled';
    }
    return isSuccess(outcome.code) ? 'done' : 'failed';
  }
}

function isGroup(command: Command): command is Group {
  return command.kind === 'Atomic' || command.kind === 'Sequence';
}

/** Of commands in an Atomic: neither refused nor left out, nor a group, whose status is its own. */
function wasExecuted({ command, code }: Outcome): boolean {
  return !isGroup(command) && isSuccess(code) && code !== NOT_EXECUTED && code !== NO && code !== CANCELLED;
}
