/** One device's tree: the rows near the screen, walked with the keyboard as the ARIA tree pattern says. */
import { type KeyboardEvent, type MouseEvent, useEffect, useLayoutEffect, useReducer, useRef } from 'react';
import type { DeviceView } from '../../../src-core/workbench/views.ts';
import type { Followed } from '../../api/use-subscription.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { shownValue } from './node/values.ts';
import type { RowMarks } from './row-marks.ts';
import { TreeHead } from './TreeHead.tsx';
import { TreeRowView } from './TreeRowView.tsx';
import { FLASH_MS } from './tree-index.ts';
import { moveInTree } from './tree-keys.ts';
import { isInterior, type TreeNode } from './tree-node.ts';
import type { TreeRow } from './tree-rows.ts';
import type { TreeSearch } from './tree-search.ts';
import { useRowWindow } from './use-row-window.ts';
import { type TreeState, useFlashClock } from './use-tree.ts';

const ROW_PX = 22;
const PAD_PX = 4;

interface TreePanelProps {
  readonly tree: Followed<TreeState>;
  readonly search: TreeSearch;
  readonly selected: string;
  readonly device: DeviceView | undefined;
  readonly onSelect: (uri: string) => void;
  /** What rows say beside their values. */
  readonly marks?: (uri: string) => RowMarks | undefined;
}

export function TreePanel({ tree, search, selected, device, onSelect, marks }: TreePanelProps) {
  const { index } = tree.state;
  const { rows, changes } = index;
  const typed = useRef({ text: '', at: 0 });
  const [, render] = useReducer((n: number) => n + 1, 0);
  const node = index.get(selected);
  const at = rows.placeOf(node);
  const list = useRowWindow(rows.count, ROW_PX, PAD_PX);
  const now = useFlashClock(tree.state);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another choice, or one that came only now, shows itself
  useLayoutEffect(() => {
    if (!node) return;
    rows.reveal(node);
    render();
  }, [node, search.query]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that come and go elsewhere do not move the view
  useEffect(() => {
    if (at >= 0) list.show(at);
  }, [selected, at >= 0]);
  const { first } = search;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another query scrolls to its first match; a changed tree does not
  useEffect(() => {
    const to = rows.placeOf(first);
    if (to >= 0) list.show(to);
  }, [search.query, first !== undefined]);

  /** What is folded away cannot stay selected: the folded node takes its place. */
  const fold = (nodes: readonly TreeNode[], open: boolean) => {
    rows.setOpen(nodes, open);
    const above = open ? undefined : nodes.find(({ uri }) => selected.startsWith(`${uri}/`));
    if (above) onSelect(above.uri);
    render();
  };
  const foldAll = (open: boolean) => {
    rows.setAll(open);
    if (rows.placeOf(node) < 0) onSelect(index.root.uri);
    render();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, list.page() - 1);
    const at = rows.placeOf(index.get(selected));
    const move = moveInTree({ key: event.key, rows, at, page, typed: typed.current, now: event.timeStamp });
    if (event.ctrlKey || event.metaKey || event.altKey || !move) return;
    event.preventDefault();
    if (move.fold) fold(move.fold.nodes, move.fold.open);
    const target = move.to === undefined ? undefined : rows.at(move.to);
    if (target) onSelect(target.node.uri);
  };
  const onClick = (event: MouseEvent<HTMLElement>) => {
    event.currentTarget.focus({ preventScroll: true });
    const row = rowAt(event, uri => rows.at(rows.placeOf(index.get(uri))));
    if (!row) return;
    if (isTwisty(event) && row.node.children.length > 0) fold([row.node], !row.expanded);
    else onSelect(row.node.uri);
  };
  const onDoubleClick = (event: MouseEvent<HTMLElement>) => {
    const row = isTwisty(event) ? undefined : rowAt(event, uri => rows.at(rows.placeOf(index.get(uri))));
    if (row && row.node.children.length > 0) fold([row.node], !row.expanded);
  };

  return (
    <section className="panel" aria-label="Tree">
      <TreeHead state={tree.state} onFoldAll={foldAll} />
      <div className={tree.failure ? 'tree-failure' : undefined}>
        <FailureNote failure={tree.failure} />
      </div>
      {rows.count === 0 ? (
        <div className="empty">
          <h2>{index.complete ? 'Nothing read yet' : 'Reading the tree…'}</h2>
          {index.complete && <p>{adviseEmpty(device)}</p>}
        </div>
      ) : (
        <div
          ref={list.ref}
          id="device-tree"
          className="scroll tree"
          role="tree"
          aria-label="Device tree"
          aria-activedescendant={at >= list.from && at < list.to ? rowId(selected) : undefined}
          tabIndex={0}
          onScroll={list.onScroll}
          onKeyDown={onKeyDown}
          onClick={onClick}
          onDoubleClick={onDoubleClick}
        >
          <div role="none" className="tree-space" style={{ height: rows.count * ROW_PX + 2 * PAD_PX }}>
            <div role="none" className="tree-rows" style={{ top: PAD_PX + list.from * ROW_PX }}>
              {rows.slice(list.from, list.to).map((row, i) => {
                const { uri } = row.node;
                const change = changes.get(row.node);
                const place = list.from + i;
                const old = change && now - change.at < FLASH_MS ? shownValue(row.node.name, change.old) : undefined;
                return (
                  <TreeRowView
                    // What scrolls out of sight becomes what scrolls in: quicker than new elements. A flash is not handed on.
                    key={old === undefined ? place % (list.to - list.from) : uri}
                    id={rowId(uri)}
                    {...plain(row)}
                    uri={uri}
                    selected={place === at}
                    old={old}
                    match={search.matchOf(row.node)}
                    marks={marks?.(uri)}
                  />
                );
              })}
            </div>
          </div>
        </div>
      )}
    </section>
  );
}

/** Plain values of a row: a node is one object however it changes. */
function plain({ node, expanded, position, siblings }: TreeRow) {
  const { name, depth, value, format } = node;
  const foldable = node.children.length > 0;
  return {
    name,
    depth,
    value: shownValue(name, value),
    format,
    foldable,
    expanded,
    position,
    siblings,
    interior: isInterior(node),
  };
}

const rowId = (uri: string): string => `node ${uri}`.replace(/\s/g, '_');

function rowAt(event: MouseEvent<HTMLElement>, find: (uri: string) => TreeRow | undefined): TreeRow | undefined {
  const row = (event.target as Element).closest<HTMLElement>('[data-uri]');
  return row ? find(row.dataset.uri ?? '') : undefined;
}

function isTwisty(event: MouseEvent<HTMLElement>): boolean {
  return (event.target as Element).closest('.twisty') !== null;
}

function adviseEmpty(device: DeviceView | undefined): string {
  if (device?.virtual) return 'Press Read subtree: the virtual handset connects at once and its tree fills.';
  return 'Press Read subtree: the Get is queued and goes out when the device next connects.';
}
