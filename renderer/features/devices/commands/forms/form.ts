/** What every command form is given. */
import type { TreeIndex } from '../../tree-index.ts';
import type { TreeNode } from '../../tree-node.ts';
import type { Desk } from '../desk.ts';

export interface FormProps {
  readonly desk: Desk;
  readonly index: TreeIndex;
  readonly uri: string;
  /** Undefined where the tree has no such node. */
  readonly node: TreeNode | undefined;
  /** A person asked for this form: it takes the focus. */
  readonly asked: boolean;
  /** What the form begins with, where it does not begin with the node as it is. */
  readonly start: string | undefined;
}
