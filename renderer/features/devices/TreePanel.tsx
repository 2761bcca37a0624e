/** One device's tree: a virtual list of its visible rows, walked with the keyboard as the ARIA tree pattern says. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { DeviceView } from '../../../src-core/workbench/views.ts';
import type { Followed } from '../../api/use-subscription.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { formatAgo, plural } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';
import { useNow } from '../../components/use-now.ts';
import { TreeRowView } from './TreeRowView.tsx';
import type { TreeNode } from './tree-index.ts';
import { moveInTree } from './tree-keys.ts';
import type { Search } from './use-search.ts';
import { FLASH_MS, type TreeState, useFlashClock } from './use-tree.ts';

const ROW_PX = 22;
const PAD_PX = 4;
/** How deep a tree opens by itself, by how many nodes it has: all of a small one, then less. */
function depthFor(count: number): number {
  if (count <= 60) return Number.POSITIVE_INFINITY;
  return count <= 400 ? 2 : 1;
}

interface TreePanelProps {
  readonly tree: Followed<TreeState>;
  readonly search: Search;
  readonly selected: string;
  readonly device: DeviceView | undefined;
  readonly onSelect: (uri: string) => void;
}

export function TreePanel({ tree, search, selected, device, onSelect }: TreePanelProps) {
  const { index, version } = tree.state;
  const scroll = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: '', at: 0 });
  const { isOpen, setOpen } = useFolding(tree.state, search, selected);
  const now = useFlashClock(tree.state);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says that the index changed
  const rows = useMemo(() => index.rows(isOpen), [index, version, isOpen]);
  const at = useMemo(() => rows.findIndex(row => row.node.uri === selected), [rows, selected]);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    paddingStart: PAD_PX,
    paddingEnd: PAD_PX,
    getItemKey: i => rows[i]?.node.uri ?? i,
  });
  const items = list.getVirtualItems();
  const onScreen = items.some(item => item.index === at);

  useEffect(() => {
    if (at >= 0) list.scrollToIndex(at, { align: 'auto' });
  }, [list, at]);

  /** What is folded away cannot stay selected: the folded node takes its place. */
  const fold = (uris: readonly string[], open: boolean) => {
    setOpen(uris, open);
    const above = open ? undefined : uris.find(uri => selected.startsWith(`${uri}/`));
    if (above) onSelect(above);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another query scrolls to its first match; a changed tree does not
  useEffect(() => {
    const first = search.matches?.uris[0];
    const to = first === undefined ? -1 : rows.findIndex(row => row.node.uri === first);
    if (to >= 0) list.scrollToIndex(to, { align: 'auto' });
  }, [search.query]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroll.current?.clientHeight ?? 0) / ROW_PX) - 1);
    const move = moveInTree({ key: event.key, rows, at, page, typed: typed.current, now: event.timeStamp });
    if (event.ctrlKey || event.metaKey || event.altKey || !move) return;
    event.preventDefault();
    if (move.fold) fold(move.fold.uris, move.fold.open);
    const target = move.to === undefined ? undefined : rows[move.to];
    if (target) onSelect(target.node.uri);
  };

  return (
    <section className="panel" aria-label="Tree">
      <TreeHead state={tree.state} />
      <div className={tree.failure ? 'tree-failure' : undefined}>
        <FailureNote failure={tree.failure} />
      </div>
      {rows.length === 0 ? (
        <div className="empty">
          <h2>{version === 0 ? 'Reading the tree…' : 'Nothing read yet'}</h2>
          {version > 0 && <p>{adviseEmpty(device)}</p>}
        </div>
      ) : (
        <div
          ref={scroll}
          id="device-tree"
          className="scroll tree"
          role="tree"
          aria-label="Device tree"
          aria-activedescendant={onScreen ? rowId(selected) : undefined}
          tabIndex={0}
          onKeyDown={onKeyDown}
        >
          <div role="none" className="tree-space" style={{ height: list.getTotalSize() }}>
            {items.map(item => {
              const row = rows[item.index];
              if (!row) return null;
              const change = index.changes.get(row.node.uri);
              return (
                <TreeRowView
                  key={item.key}
                  id={rowId(row.node.uri)}
                  row={row}
                  top={item.start}
                  selected={item.index === at}
                  old={change && now - change.at < FLASH_MS ? change.old : undefined}
                  matcher={search.query.kind === 'search' ? search.query.matcher : undefined}
                  onSelect={onSelect}
                  onFold={fold}
                />
              );
            })}
          </div>
        </div>
      )}
    </section>
  );
}

const rowId = (uri: string): string => `node ${uri}`.replace(/\s/g, '_');

function adviseEmpty(device: DeviceView | undefined): string {
  if (device?.virtual) return 'Press Read subtree: the virtual handset connects at once and its tree fills.';
  return 'Press Read subtree: the Get is queued and goes out when the device next connects.';
}

function TreeHead({ state: { index, version } }: { state: TreeState }) {
  const now = useNow(1000);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says that the index changed
  const { count, readAt } = useMemo(() => index.summary(), [index, version]);
  return (
    <h2 className="sec">
      Tree
      {count > 0 && (
        <>
          <Pill>{plural(count, 'node')}</Pill>
          <Pill>read {formatAgo(readAt, now)}</Pill>
        </>
      )}
      <span className="right muted">Format</span>
    </h2>
  );
}

interface Folding {
  readonly isOpen: (node: TreeNode) => boolean;
  readonly setOpen: (uris: readonly string[], open: boolean) => void;
}

/** Which nodes are unfolded: what the person chose, else the way to matches and to the selected node, else the top. */
function useFolding({ index, version }: TreeState, search: Search, selected: string): Folding {
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [revealed, setRevealed] = useState<{ uri: string; found: ReadonlySet<string> | undefined }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says that the index changed
  const depth = useMemo(() => depthFor(index.summary().count), [index, version]);
  const found = search.matches?.open;
  const isOpen = useCallback(
    (node: TreeNode) => found?.has(node.uri) || (chosen.get(node.uri) ?? node.depth < depth),
    [found, chosen, depth],
  );
  const setOpen = useCallback((uris: readonly string[], open: boolean) => {
    setChosen(before => new Map([...before, ...uris.map(uri => [uri, open] as const)]));
  }, []);
  if ((revealed?.uri !== selected || revealed.found !== found) && index.get(selected)) {
    setRevealed({ uri: selected, found });
    const folded = index.ancestors(selected).filter(uri => {
      const node = index.get(uri);
      return node && !isOpen(node);
    });
    if (folded.length > 0) setChosen(new Map([...chosen, ...folded.map(uri => [uri, true] as const)]));
  }
  return { isOpen, setOpen };
}
