/** Secrets that a person typed are left out of what stands on the screen; the core leaves out those of DM accounts by itself. Pure. */
import type { CommandInput } from '../../../../src-core/workbench/work-views.ts';
import { BULLETS, isSecretNode } from '../node/values.ts';

export function hideSecrets(xml: string, commands: readonly CommandInput[]): string {
  return commands.flatMap(secretsOf).reduce((text, secret) => {
    return text.replaceAll(`<Data>${escapeXml(secret)}</Data>`, `<Data>${BULLETS}</Data>`);
  }, xml);
}

function secretsOf(command: CommandInput): string[] {
  if ('commands' in command) return command.commands.flatMap(secretsOf);
  const valued = command.kind === 'add' || command.kind === 'replace';
  return valued && command.value && isSecretNode(command.uri) ? [command.value] : [];
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
