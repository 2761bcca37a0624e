/** Above the tree: how many nodes, how old, and all of it opened or folded at once. */
import { ActionIcon } from '@mantine/core';
import { ChevronsDownUp, ChevronsUpDown } from 'lucide-react';
import { formatAgo, plural } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';
import { useNow } from '../../components/use-now.ts';
import type { TreeState } from './use-tree.ts';

interface TreeHeadProps {
  readonly state: TreeState;
  readonly onFoldAll: (open: boolean) => void;
}

export function TreeHead({ state: { index }, onFoldAll }: TreeHeadProps) {
  const now = useNow(1000);
  const { count, total, readAt } = index.summary();
  return (
    <h2 className="sec">
      Tree
      {count > 0 && (
        <>
          <Pill>
            {count < total ? `${count.toLocaleString('en-US')} of ${plural(total, 'node')}` : plural(count, 'node')}
          </Pill>
          <Pill>read {formatAgo(readAt, now)}</Pill>
        </>
      )}
      <span className="right buttons">
        {count > 1 && (
          <>
            <ActionIcon aria-label="Expand all" title="Expand all" onClick={() => onFoldAll(true)}>
              <ChevronsUpDown size={13} aria-hidden />
            </ActionIcon>
            <ActionIcon aria-label="Collapse all" title="Collapse all" onClick={() => onFoldAll(false)}>
              <ChevronsDownUp size={13} aria-hidden />
            </ActionIcon>
          </>
        )}
      </span>
      <span className="muted">Format</span>
    </h2>
  );
}
