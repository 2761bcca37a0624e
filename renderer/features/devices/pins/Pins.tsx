/** Pinned subtrees: their values stay in sight, and flash when they change, wherever the person is in the tree. */
import { ActionIcon } from '@mantine/core';
import { PinOff } from 'lucide-react';
import { useMemo } from 'react';
import { oneLine } from '../../../components/format.ts';
import { Pill } from '../../../components/Marks.tsx';
import { isBinary, shownValue } from '../node/values.ts';
import { FLASH_MS } from '../tree-index.ts';
import { type TreeState, useFlashClock } from '../use-tree.ts';
import { type PinnedRow, pinnedRows } from './pinned-rows.ts';
import type { DevicePins } from './use-pins.ts';

/** A pin shows this many leaves and counts the rest. */
const SHOWN = 12;

interface PinsProps {
  readonly pins: DevicePins;
  readonly tree: TreeState;
  readonly selected: string;
  readonly onSelect: (uri: string) => void;
}

export function Pins({ pins, tree, selected, onSelect }: PinsProps) {
  if (pins.uris.length === 0) return null;
  return (
    <section className="pins" aria-label="Pinned subtrees">
      <h2 className="sec ruled">
        Pinned <Pill>{pins.uris.length}</Pill>
      </h2>
      <ul className="scroll">
        {pins.uris.map(uri => (
          <Pin
            key={uri}
            uri={uri}
            tree={tree}
            selected={selected}
            onSelect={onSelect}
            onUnpin={() => pins.toggle(uri)}
          />
        ))}
      </ul>
    </section>
  );
}

interface PinProps extends Omit<PinsProps, 'pins'> {
  readonly uri: string;
  readonly onUnpin: () => void;
}

function Pin({ uri, tree, selected, onSelect, onUnpin }: PinProps) {
  const { index, version } = tree;
  const now = useFlashClock(tree);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says that the index changed
  const { rows, more, known } = useMemo(() => pinnedRows(index, uri, SHOWN), [index, version, uri]);
  return (
    <li className="pin">
      <div className="pin-head">
        <button type="button" className="bare ellipsis mono" title={uri} onClick={() => onSelect(uri)}>
          {uri}
        </button>
        <ActionIcon size="xs" aria-label={`Unpin ${uri}`} title={`Unpin ${uri}`} onClick={onUnpin}>
          <PinOff size={12} aria-hidden />
        </ActionIcon>
      </div>
      {rows.map(row => {
        const change = index.changes.get(row.node);
        const flash = change !== undefined && now - change.at < FLASH_MS;
        const { uri: place } = row.node;
        return (
          <button
            key={place}
            type="button"
            className={`bare pin-row mono${flash ? ' flash' : ''}`}
            aria-current={place === selected ? 'true' : undefined}
            title={place}
            onClick={() => onSelect(place)}
          >
            <span className="ellipsis">{row.path}</span>
            <span className="ellipsis dim">{valueText(row)}</span>
          </button>
        );
      })}
      {more > 0 && <p className="muted">and {more.toLocaleString('en-US')} more leaves: open the subtree</p>}
      {rows.length === 0 && <p className="muted">{known ? 'no leaf below it was read' : 'not in the tree now'}</p>}
    </li>
  );
}

function valueText({ node: { uri, value, format } }: PinnedRow): string {
  if (value === undefined) return 'not read';
  return isBinary(format) ? `${format} ${value}` : oneLine(shownValue(uri, value).slice(0, 200));
}
