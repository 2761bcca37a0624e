/**
 * What speaks against commands before they are sent, by the descriptions of their nodes and by what the device says of itself.
 * A description can be wrong, and a device more generous than it says: these are warnings, and the person decides.
 */
import { NODE_FORMATS } from '../node.ts';
import { ROOT } from '../uri.ts';
import { checkNode } from './check-node.ts';
import { checkName, checkOccurrence, checkRemoval } from './check-place.ts';
import { checkUris, limitsIn } from './check-uri.ts';
import type { DdfCommand } from './description.ts';
import type { Described, Descriptions } from './descriptions.ts';
import { Found, type Place } from './found.ts';
import { listsAdd } from './offers.ts';
import {
  type CommandProblem,
  type PlannedCommand,
  parentUri,
  renamedUri,
  type SinglePlanned,
  singles,
} from './planned.ts';
import { PlannedTree, type SeenTree } from './seen-tree.ts';

/** Each command is judged as if those before it had been done. */
export function problemsOf(
  commands: readonly PlannedCommand[],
  tree: SeenTree,
  descriptions: Descriptions,
): CommandProblem[] {
  const planned = new PlannedTree(tree);
  const limits = limitsIn(tree);
  return singles(commands).flatMap((command, index) => {
    const found = new Found(index);
    checkUris(command, limits, planned, found);
    new Judge(planned, descriptions, found).judge(command);
    foresee(command, planned);
    return found.problems;
  });
}

class Judge {
  readonly #tree: PlannedTree;
  readonly #descriptions: Descriptions;
  readonly #found: Found;

  constructor(tree: PlannedTree, descriptions: Descriptions, found: Found) {
    this.#tree = tree;
    this.#descriptions = descriptions;
    this.#found = found;
  }

  judge(command: SinglePlanned): void {
    switch (command.kind) {
      case 'get':
        this.#access(command.uri, 'Get');
        break;
      case 'exec':
        this.#access(command.uri, 'Exec');
        break;
      case 'delete':
        this.#delete(command.uri);
        break;
      case 'replaceProperty':
        this.#replaceProperty(command);
        break;
      case 'replace':
        this.#replace(command);
        break;
      case 'add':
        this.#add(command);
        break;
      case 'copy':
        this.#copy(command);
        break;
    }
  }

  #access(uri: string, command: DdfCommand): void {
    const described = this.#locate(uri);
    if (described?.description.access?.includes(command) === false) this.#found.access(uri, command, described);
  }

  #delete(uri: string): void {
    const described = this.#locate(uri);
    if (described?.description.scope !== 'Permanent') this.#access(uri, 'Delete');
    if (!described) return;
    if (described.description.scope === 'Permanent') {
      this.#found.add('permanent', 405, uri, described, {
        text: `${uri} is a permanent node: it cannot be deleted`,
        advice: 'Delete the dynamic nodes below it, or replace their values',
      });
    }
    checkRemoval(this.#place(uri), described, this.#found);
  }

  /** AccessType speaks of the node, the ACL property has rules of its own (TND §7.7.1.3). */
  #replaceProperty(command: Extract<SinglePlanned, { kind: 'replaceProperty' }>): void {
    const { uri, prop, value } = command;
    const described = this.#locate(uri);
    if (!described || prop !== 'Name') return;
    if (described.description.scope === 'Permanent') {
      this.#found.add('permanent', 405, uri, described, {
        text: `${uri} is a permanent node: it keeps its name`,
        advice: 'Only dynamic nodes can be renamed',
      });
    }
    const renamed = renamedUri(command);
    if (renamed === undefined) return;
    checkName({ ...this.#place(uri), uri: renamed, name: value }, this.#locate(renamed), this.#found);
  }

  #replace(command: Extract<SinglePlanned, { kind: 'add' | 'replace' }>): void {
    this.#access(command.uri, 'Replace');
    checkNode(command, this.#locate(command.uri), this.#found);
  }

  #add(command: Extract<SinglePlanned, { kind: 'add' | 'replace' }>): void {
    const { uri, type } = command;
    // An object is described by its own identifier, which the tree does not know of yet.
    const described = this.#locate(uri, command.format === 'node' && type ? type : undefined);
    const place = this.#place(uri);
    this.#checkAdd(uri, place, described);
    checkNode(command, described, this.#found);
  }

  #copy({ from, to }: Extract<SinglePlanned, { kind: 'copy' }>): void {
    this.#access(from, 'Copy');
    const source = this.#tree.get(from);
    const described = this.#locate(to, source?.format === 'node' ? source.type : undefined);
    this.#checkAdd(to, this.#place(to), described);
    if (source) checkNode({ uri: to, ...source }, described, this.#found);
  }

  #checkAdd(uri: string, place: Place, described: Described | undefined): void {
    const parent = place.parent;
    if (this.#tree.get(uri)) {
      this.#found.add('exists', 418, uri, undefined, {
        text: `${uri} is there already`,
        advice: 'Replace its value, or delete it first',
      });
    }
    if (!listsAdd(parent?.description, described?.description)) this.#found.access(uri, 'Add', described ?? parent);
    checkName(place, described, this.#found);
    if (described) checkOccurrence(place, described, this.#found);
  }

  #locate(uri: string, type?: string): Described | undefined {
    const tree = this.#tree;
    if (type === undefined) return this.#descriptions.locate(uri, tree);
    const withType: SeenTree = {
      get: each => (each === uri ? { format: 'node', type } : tree.get(each)),
      children: each => tree.children(each),
    };
    return this.#descriptions.locate(uri, withType);
  }

  #place(uri: string): Place {
    const above = parentUri(uri);
    return {
      uri,
      name: uri.slice(uri.lastIndexOf('/') + 1),
      above: above ?? ROOT,
      parent: above === undefined ? undefined : this.#locate(above),
      tree: this.#tree,
    };
  }
}

/** What the tree looks like once the command is done. */
function foresee(command: SinglePlanned, tree: PlannedTree): void {
  switch (command.kind) {
    case 'add': {
      const { uri, format, type } = command;
      if (NODE_FORMATS.some(known => known === format)) tree.add(uri, { format, ...(type !== undefined && { type }) });
      return;
    }
    case 'copy':
      tree.add(command.to, tree.get(command.from) ?? { format: 'chr' });
      return;
    case 'delete':
      tree.delete(command.uri);
      return;
    case 'replaceProperty': {
      const renamed = renamedUri(command);
      const node = tree.get(command.uri);
      if (renamed === undefined || !node) return;
      tree.delete(command.uri);
      tree.add(renamed, node);
      return;
    }
    default:
  }
}
