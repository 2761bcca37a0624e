/** Trees and commands for others to see: without the values that nobody should read (OMA-TS-DM_StdObj-V1_2_1 §5.3.1). */
import type { CommandInput } from '../../server/jobs/command-input.ts';
import type { KnownNode } from '../../tree/known.ts';
import { BULLETS } from '../message-secrets.ts';
import { isSecretName, secretNameIn } from '../secret-names.ts';

export function withoutSecrets(node: KnownNode): KnownNode {
  const { value, ...rest } = node;
  const children = node.children.map(withoutSecrets);
  return value === undefined || isSecretName(node.name) ? { ...rest, children } : { ...node, children };
}

/** The command as it is shown; the same where there is nothing to hide. */
export function hideSecret(command: CommandInput): CommandInput {
  if ('commands' in command) {
    const commands = command.commands.map(hideSecret);
    return commands.some((shown, i) => shown !== command.commands[i]) ? { ...command, commands } : command;
  }
  if (!('value' in command) || command.value === undefined || command.kind === 'replaceProperty') return command;
  return secretNameIn(command.uri) === undefined ? command : { ...command, value: BULLETS };
}
