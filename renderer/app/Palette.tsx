/** Go to anything: type, choose with the arrows, Enter. */
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { oneLine } from '../components/format.ts';
import type { TreeIndex } from '../features/devices/tree-index.ts';
import { roomActions } from './actions.ts';
import { findPlaces, type PaletteItem, type PaletteSources, SHOWN } from './palette-items.ts';
import { navigate } from './routes.ts';
import { useFoundNodes } from './use-found-nodes.ts';

interface PaletteProps extends Omit<PaletteSources, 'actions'> {
  readonly tree: TreeIndex | undefined;
  readonly onClose: () => void;
}

export function Palette({ devices, readers, tree, onClose }: PaletteProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [query, setQuery] = useState('');
  // As the room offered them when the palette was opened.
  const [actions] = useState(roomActions);
  const [chosen, setChosen] = useState(0);
  const places = useMemo(() => findPlaces(query, { devices, readers, actions }), [query, devices, readers, actions]);
  const { items: nodes, searching } = useFoundNodes(query, tree, Math.max(0, SHOWN - places.length));
  const found = [...places, ...nodes];
  const items = found.slice(0, SHOWN);
  const active = Math.min(chosen, items.length - 1);

  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, active]);

  const go = (item: PaletteItem | undefined) => {
    if (!item) return;
    dialog.current?.close();
    if (typeof item.target === 'function') item.target();
    else navigate(item.target);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen(Math.max(0, Math.min(items.length - 1, active + step)));
    } else if (event.key === 'Enter' && !event.repeat) {
      event.preventDefault();
      go(items[active]);
    }
  };

  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Go to anything"
      onClose={onClose}
      onPointerDown={event => event.target === dialog.current && dialog.current.close()}
    >
      <input
        role="combobox"
        aria-label="Go to"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={items.length > 0 ? `${id}-${active}` : undefined}
        placeholder="Room, device, reader, action, or URI in the open tree"
        value={query}
        onChange={event => {
          setQuery(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div role="listbox" id={`${id}-list`} aria-label="Places" tabIndex={-1}>
        {items.map((item, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above holds the focus and takes the keys
          <div
            key={item.key}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === active}
            tabIndex={-1}
            onClick={() => go(item)}
            onPointerMove={() => setChosen(i)}
          >
            <span className="pill">{item.kind}</span>
            <span className={`ellipsis ${item.kind === 'Node' ? 'mono' : ''}`} title={item.label}>
              {item.label}
            </span>
            <span className="ellipsis muted mono" title={item.detail}>
              {oneLine(item.detail.slice(0, 200))}
            </span>
            {item.keys && <kbd aria-hidden data-key={item.keys} />}
          </div>
        ))}
      </div>
      {searching && <p className="hint">Looking in the tree …</p>}
      {items.length === 0 && !searching && <p className="hint">Nothing is called that.</p>}
      {found.length > SHOWN && <p className="hint">and more: type on to narrow them down</p>}
    </dialog>
  );
}
