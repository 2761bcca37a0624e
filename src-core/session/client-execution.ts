/**
 * The server's commands at the device's end: executed a message at a time, answered with statuses and results, and waiting where a
 * person is asked (OMA-TS-DM_Protocol-V1_2_1 §8.6 and §10).
 */
import { AlertCode } from '../syncml/codes.ts';
import type { Command, Message } from '../syncml/message.ts';
import { isSessionAlert } from './alerts.ts';
import { type ExecutionContext, execute, type Outcome } from './client-commands.ts';
import type { Answer, Question } from './interaction.ts';
import type { Outbox } from './outbox.ts';
import type { Peer } from './peer.ts';
import { noStatusFor, type StatusRefs, statusOf } from './statuses.ts';

/** A message whose commands are being executed. */
interface Run {
  readonly message: Message;
  readonly steps: Generator<Question, Outcome[], Answer>;
}

export class ClientExecution {
  readonly #context: ExecutionContext;
  readonly #outbox: Outbox;
  readonly #peer: Peer;
  #run: Run | undefined;

  constructor(context: ExecutionContext, outbox: Outbox, peer: Peer) {
    this.#context = context;
    this.#outbox = outbox;
    this.#peer = peer;
  }

  /** Returns what a person is asked; undefined once all is answered. */
  begin(message: Message, received: readonly Command[]): Question | undefined {
    this.#takeStatuses(message);
    const commands: Command[] = [];
    for (const one of received) {
      if (isSessionAlert(one)) this.#outbox.acknowledge(statusOf(message, one, 200));
      else commands.push(...this.#assemble(message, one));
    }
    const steps = execute(commands, this.#context);
    return this.#proceed({ message, steps }, steps.next());
  }

  /** Goes on with the person's answer. */
  answer(answer: Answer): Question | undefined {
    return this.#run && this.#proceed(this.#run, this.#run.steps.next(answer));
  }

  /** What an Atomic did before its question is undone. */
  cancel(): void {
    this.#run?.steps.return([]);
    this.#run = undefined;
  }

  /** The server's word on what we sent: only a chunk that was refused changes anything. */
  #takeStatuses({ commands }: Message): void {
    const missedEnd = commands.some(command => command.kind === 'Alert' && command.code === AlertCode.NO_END_OF_DATA);
    const chunkRefused = commands.some(
      command => command.kind === 'Status' && command.cmd === 'Results' && command.code >= 400,
    );
    if (missedEnd || chunkRefused) this.#outbox.abandonObject();
  }

  #assemble(message: Message, received: Command): readonly Command[] {
    const { commands, statuses } = this.#peer.assemble(received);
    for (const { command, item, code } of statuses) {
      this.#status(message, command, code, { target: item.target?.uri, source: item.source?.uri });
    }
    return commands;
  }

  #proceed(run: Run, step: IteratorResult<Question, Outcome[]>): Question | undefined {
    this.#run = step.done ? undefined : run;
    if (!step.done) return step.value;
    for (const outcome of step.value) this.#tell(run.message, outcome);
    return undefined;
  }

  /** A status, and results where the server takes an object of that size. */
  #tell(message: Message, { command, code, targetRef, sourceRef, items, results = [] }: Outcome): void {
    const tooLarge = results.some(item => this.#outbox.isTooLarge(item));
    this.#status(message, command, tooLarge ? 413 : code, { target: targetRef, source: sourceRef, items });
    if (tooLarge) return;
    const refs = { msgRef: message.header.msgId, cmdRef: command.cmdId, targetRefs: [], sourceRefs: [] };
    for (const item of results) this.#outbox.answer({ kind: 'Results', ...refs, items: [item] });
  }

  /** While an object of ours is under way, nothing may come between its chunks: statuses go before them. */
  #status(message: Message, command: Command, code: number, refs: StatusRefs): void {
    if (noStatusFor(message, command)) return;
    const status = statusOf(message, command, code, refs);
    if (this.#outbox.midObject) this.#outbox.acknowledge(status);
    else this.#outbox.answer(status);
  }
}
