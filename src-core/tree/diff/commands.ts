/**
 * The commands that turn one tree into another, as few as there are, in an order a device takes: names are freed before they
 * are given, parents come before children, what goes for good goes after what comes, and ACLs come last, lowest first, so that
 * none takes away a right that is still needed (OMA-TS-DM_RepPro-V1_2_1 §6.6, OMA-TS-DM_TND-V1_2_1 §7.5).
 */
import { concerns, type KnownNode } from '../known.ts';
import { isWithin, ROOT } from '../uri.ts';
import type { Change } from './diff.ts';
import {
  addCommands,
  NOT_READ,
  type PropertyCommand,
  type Skipped,
  type SubtreeForm,
  setProperty,
  type TreeCommand,
  valueCommand,
} from './tree-command.ts';

export type { Skipped } from './tree-command.ts';

export interface CommandOptions {
  /** Only what concerns this node and what is below it. */
  readonly within?: string;
  /** Default: nodes. */
  readonly subtrees?: SubtreeForm;
}

export interface CommandPlan {
  readonly commands: readonly TreeCommand[];
  readonly skipped: readonly Skipped[];
}

export function planCommands(changes: readonly Change[], options: CommandOptions = {}): CommandPlan {
  const planner = new Planner(options.subtrees ?? 'nodes', namesGiven(changes));
  for (const change of changes) if (isWanted(change, options.within)) planner.take(change);
  return planner.finish();
}

/** What is below a renamed node is addressed by its new name: a rename above counts in. */
function isWanted(change: Change, within: string | undefined): boolean {
  if (concerns(change.uri, within)) return true;
  if (change.kind !== 'moved' || within === undefined) return false;
  return isWithin(within, change.uri) || concerns(change.from, within);
}

/** URIs that something new gets: whoever has one of them makes room first. */
function namesGiven(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(changes.flatMap(({ kind, uri }) => (kind === 'added' || kind === 'moved' ? [uri] : [])));
}

class Planner {
  readonly #form: SubtreeForm;
  readonly #given: ReadonlySet<string>;
  readonly #structure: TreeCommand[] = [];
  readonly #values: TreeCommand[] = [];
  readonly #deletes: TreeCommand[] = [];
  readonly #acls: PropertyCommand[] = [];
  readonly #skipped: Skipped[] = [];
  /** Deleted and added anew with all below it. */
  #anew: string | undefined;

  constructor(form: SubtreeForm, given: ReadonlySet<string>) {
    this.#form = form;
    this.#given = given;
  }

  take(change: Change): void {
    if (this.#anew !== undefined && isWithin(change.uri, this.#anew)) return;
    switch (change.kind) {
      case 'removed':
        (this.#given.has(change.uri) ? this.#structure : this.#deletes).push(deleteOf(change.uri));
        break;
      case 'moved':
        this.#structure.push(setProperty(change.from, 'Name', change.node.name));
        break;
      case 'added':
        this.#add(change.uri, change.node);
        break;
      case 'changed':
        this.#change(change);
    }
  }

  finish(): CommandPlan {
    const lowestFirst = this.#acls.toSorted((a, b) => depthOf(b.uri) - depthOf(a.uri));
    return {
      commands: [...this.#structure, ...this.#values, ...this.#deletes, ...lowestFirst],
      skipped: this.#skipped,
    };
  }

  #add(uri: string, node: KnownNode): void {
    const { commands, acls, skipped } = addCommands(uri, node, this.#form);
    // One by one: there may be more than a call takes arguments.
    for (const command of commands) this.#structure.push(command);
    for (const command of acls) this.#acls.push(command);
    for (const one of skipped) this.#skipped.push(one);
  }

  #change({ uri, fields, after, before }: Extract<Change, { kind: 'changed' }>): void {
    const changed = new Map(fields.map(change => [change.field, change.new ?? '']));
    if (isAnew(before, after, changed)) {
      this.#putAnew(uri, after);
      return;
    }
    if (['Value', 'Format', 'Type'].some(field => changed.has(field as 'Value'))) this.#replace(uri, after);
    const title = changed.get('Title');
    if (title !== undefined) this.#values.push(setProperty(uri, 'Title', title));
    const acl = changed.get('ACL');
    if (acl === '' && uri === ROOT) this.#skipped.push({ uri, why: 'the root always has an ACL' });
    else if (acl !== undefined) this.#acls.push(setProperty(uri, 'ACL', acl));
  }

  #replace(uri: string, after: KnownNode): void {
    const command = valueCommand('replace', uri, after);
    if (command) this.#values.push(command);
    else this.#skipped.push({ uri, why: NOT_READ });
  }

  #putAnew(uri: string, after: KnownNode): void {
    this.#anew = uri;
    if (uri === ROOT) {
      this.#skipped.push({ uri, why: 'the Type of the root stays' });
      this.#anew = undefined;
      return;
    }
    this.#structure.push(deleteOf(uri));
    this.#add(uri, after);
  }
}

/**
 * No command changes the Type of an interior node (TND §7.5), and base64 text for a node of bytes becomes bytes again
 * (§7.7.2): such a node has to be made anew.
 */
function isAnew(before: KnownNode, after: KnownNode, changed: ReadonlyMap<string, string>): boolean {
  if (after.format === 'node') return changed.has('Type');
  return changed.has('Format') && before.format === 'bin' && after.format === 'b64';
}

function deleteOf(uri: string): TreeCommand {
  return { kind: 'delete', uri };
}

function depthOf(uri: string): number {
  return uri.split('/').length;
}
