/** Problems as they are found, in the words that people read. */
import type { DdfCommand } from './description.ts';
import { type Described, isGeneric } from './descriptions.ts';
import type { CommandProblem, ProblemCode } from './planned.ts';
import type { SeenTree } from './seen-tree.ts';

/** Where a command acts. */
export interface Place {
  readonly uri: string;
  readonly name: string;
  /** The node above, and how it is described. */
  readonly above: string;
  readonly parent: Described | undefined;
  readonly tree: SeenTree;
}

export class Found {
  readonly problems: CommandProblem[] = [];
  readonly #command: number;

  constructor(command: number) {
    this.#command = command;
  }

  /** @param by what says so; undefined where the command contradicts itself */
  add(
    code: ProblemCode,
    status: number,
    uri: string,
    by: Described | undefined,
    words: { readonly text: string; readonly advice: string },
  ): void {
    this.problems.push({
      code,
      command: this.#command,
      uri,
      ...words,
      severity: by && isGeneric(by.file) && EXTENSIBLE.has(code) ? 'note' : 'warning',
      status,
      ...(by && { ddf: by.file.title }),
    });
  }

  access(uri: string, command: DdfCommand, by: Described | undefined): void {
    const access = by?.description.access ?? [];
    const allowed = access.length === 0 ? 'no command at all' : access.join(', ');
    this.add('access-type', 405, uri, by, {
      text: `${uri} is not described as taking ${command}: AccessType is ${allowed}`,
      advice:
        by && isGeneric(by.file)
          ? 'The description is for no model in particular: this device may allow more'
          : `Expect 405 (Command not allowed); ${access.length === 0 ? 'leave the node alone' : `use ${access.join(' or ')}`}`,
    });
  }
}

/** A device may allow more commands on a standard object than the standard, and add to it (StdObj §5.1.2). */
const EXTENSIBLE: ReadonlySet<ProblemCode> = new Set(['access-type', 'name', 'permanent']);
