/** Deletes a node; how many go with it stands there before it is sent. */
import { plural } from '../../../../components/format.ts';
import { type TreeNode, withAllBelow } from '../../tree-node.ts';
import { CommandForm } from '../CommandForm.tsx';
import type { FormProps } from './form.ts';

export function DeleteForm({ desk, uri, node, asked }: FormProps) {
  const below = node ? countBelow(node) : 0;
  return (
    <CommandForm
      desk={desk}
      asked={asked}
      danger
      refusal={uri === '.' ? 'The root cannot be deleted.' : undefined}
      draft={{ kind: 'delete', uri }}
    >
      {below > 0 && (
        <p className="warn">
          {plural(below, 'node')} below it {below === 1 ? 'goes' : 'go'} with it.
        </p>
      )}
    </CommandForm>
  );
}

function countBelow(node: TreeNode): number {
  let count = -1;
  for (const _ of withAllBelow(node)) count += 1;
  return count;
}
