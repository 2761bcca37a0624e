/** The commands of a diff as they go out, with a digest that names exactly them. Pure. */
import { createHash } from 'node:crypto';
import { RequestError } from '../../base/errors.ts';
import type { CommandInput } from '../../server/jobs/command-input.ts';
import { planCommands, type Skipped } from '../../tree/diff/commands.ts';
import type { Change } from '../../tree/diff/diff.ts';
import type { ApplyRequest } from './views.ts';

/** Commands that one piece of work takes. */
const MOST = 5000;

export interface Plan {
  readonly commands: readonly CommandInput[];
  /** Those inside an Atomic count one by one. */
  readonly count: number;
  readonly skipped: readonly Skipped[];
  readonly digest: string;
}

/** @throws RequestError where there are too many */
export function planOf(changes: readonly Change[], { within, subtrees, atomic }: ApplyRequest): Plan {
  const { commands, skipped } = planCommands(changes, { subtrees, ...(within !== undefined && { within }) });
  if (commands.length > MOST) {
    throw new RequestError('too-many', `that takes ${commands.length} commands; ${MOST} are sent at once`, {
      advice: 'Choose a smaller subtree, or send new subtrees as TNDS',
      details: { commands: commands.length },
    });
  }
  const sent: CommandInput[] = atomic && commands.length > 0 ? [{ kind: 'atomic', commands }] : [...commands];
  const digest = createHash('sha256').update(JSON.stringify(sent)).digest('base64url');
  return { commands: sent, count: commands.length, skipped, digest };
}
