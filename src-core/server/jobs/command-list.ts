/** Commands with those inside their groups, each with its path: `2`, inside a group `2.1`. Answers are told apart by it. */
import type { Command, Draft } from '../../syncml/message.ts';
import { type CommandInput, draftOf } from './command-input.ts';
import { isOf } from './job.ts';

export interface ListedCommand {
  readonly path: string;
  readonly input: CommandInput;
  readonly draft: Draft;
  readonly inner: readonly ListedCommand[];
}

export function listCommands(inputs: readonly CommandInput[]): ListedCommand[] {
  return listed(inputs, inputs.map(draftOf), '');
}

function listed(inputs: readonly CommandInput[], drafts: readonly Draft[], above: string): ListedCommand[] {
  return inputs.flatMap((input, i) => {
    const draft = drafts[i];
    if (!draft) return [];
    const path = `${above}${i + 1}`;
    const inner = 'commands' in input && 'commands' in draft ? listed(input.commands, draft.commands, `${path}.`) : [];
    return [{ path, input, draft, inner }];
  });
}

/** All commands, those inside groups too, found by what of them went out. */
export class CommandIndex {
  readonly #all: readonly ListedCommand[];
  /** A command that goes out whole keeps its items. */
  readonly #byItems: ReadonlyMap<unknown, ListedCommand>;

  constructor(commands: readonly ListedCommand[]) {
    this.#all = allOf(commands);
    this.#byItems = new Map(
      this.#all.flatMap(command => ('items' in command.draft ? [[command.draft.items, command] as const] : [])),
    );
  }

  /** Which of them this one is; of those that look the same the first that was not answered yet. */
  find(sent: Command | Draft, isAnswered: (path: string) => boolean): ListedCommand | undefined {
    const exact = 'items' in sent ? this.#byItems.get(sent.items) : undefined;
    if (exact) return exact;
    const alike = this.#all.filter(({ draft }) => isOf(sent, draft));
    return alike.find(({ path }) => !isAnswered(path)) ?? alike[0];
  }
}

/** With those inside groups. */
export function allOf(commands: readonly ListedCommand[]): ListedCommand[] {
  return commands.flatMap(command => [command, ...allOf(command.inner)]);
}
