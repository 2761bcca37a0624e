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

/** With those inside groups. */
export function allOf(commands: readonly ListedCommand[]): ListedCommand[] {
  return commands.flatMap(command => [command, ...allOf(command.inner)]);
}

/**
 * Which of all commands, those in groups too, this one is as it went out; of those that look the same the first that was not
 * answered yet.
 */
export function find(
  all: readonly ListedCommand[],
  sent: Command | Draft,
  isAnswered: (path: string) => boolean,
): ListedCommand | undefined {
  const alike = all.filter(({ draft }) => isOf(sent, draft));
  const exact = alike.find(({ draft }) => 'items' in draft && 'items' in sent && draft.items === sent.items);
  return exact ?? alike.find(({ path }) => !isAnswered(path)) ?? alike[0];
}
