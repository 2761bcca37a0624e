/** What may be added below a node, as its description has it. */
import { childUri } from '../uri.ts';
import { isPlaceholder, type NodeDescription } from './description.ts';
import { childDescription, type DdfFile, type Described, type Descriptions } from './descriptions.ts';
import type { SeenTree } from './seen-tree.ts';

/** A node that may be added. */
export interface Offer {
  readonly file: DdfFile;
  /** Its name; empty: whoever adds it chooses one. */
  readonly description: NodeDescription;
  /** Nodes of this description that are known to be there. */
  readonly present: number;
  /** A node above it cannot do without. */
  readonly required: boolean;
  /** Its description, or that of its parent, lists Add. */
  readonly listed: boolean;
}

export interface Offers {
  /** Undefined: the node is in no description, and anything may be tried. */
  readonly described: Described | undefined;
  /** Names that are not described may be added as well: the description goes on elsewhere, or is left to the maker. */
  readonly open: boolean;
  readonly offers: readonly Offer[];
  /** Objects that may be added where the tree is open: the device decides where it takes them. */
  readonly objects: readonly Offer[];
}

export function offersBelow(uri: string, tree: SeenTree, descriptions: Descriptions): Offers {
  const described = descriptions.locate(uri, tree);
  const parent = described?.description;
  const below = (parent?.children ?? []).map(description => ({ file: described?.file, description }));
  const offers = [...below, ...descriptions.rootsBelow(uri)].flatMap(({ file, description }): Offer[] => {
    const present = instances(uri, description, described, tree).length;
    const room = description.occurrence.most === undefined || present < description.occurrence.most;
    if (!file || !room || (description.scope === 'Permanent' && !isPlaceholder(description))) return [];
    const required = parent?.children.includes(description) === true && present < description.occurrence.least;
    return [{ file, description, present, required, listed: listsAdd(parent, description) }];
  });
  const open = isOpen(described);
  const objects = open
    ? descriptions
        .objects()
        .map(each => ({ ...each, present: 0, required: false, listed: listsAdd(parent, undefined) }))
    : [];
  return { described, open, offers, objects };
}

/** Without a node below it an interior node's description ends here, not the tree (§9.4.1.5). */
export function isOpen(described: Described | undefined): boolean {
  return described === undefined || described.description.children.length === 0;
}

/** Names of the children that a description stands for. */
export function instances(
  uri: string,
  description: NodeDescription,
  parent: Described | undefined,
  tree: SeenTree,
): string[] {
  if (!parent?.description.children.includes(description)) {
    // A description that begins here: by its name, or by its identifier.
    return tree.children(uri).filter(name => {
      const type = tree.get(childUri(uri, name))?.type;
      return isPlaceholder(description)
        ? type === undefined || type === description.identifier
        : name === description.name;
    });
  }
  return tree
    .children(uri)
    .filter(
      name =>
        childDescription(parent.description, name, parent.caseSensitive, tree.get(childUri(uri, name))?.format) ===
        description,
    );
}

/**
 * Add stands with the node that is added or with the one that it is added to: descriptions in the field do both. Where the
 * parent is in no description, it may stand there.
 */
export function listsAdd(parent: NodeDescription | undefined, child: NodeDescription | undefined): boolean {
  const said = [parent?.access, child?.access].filter(access => access !== undefined);
  return parent === undefined || said.length === 0 || said.some(access => access.includes('Add'));
}
