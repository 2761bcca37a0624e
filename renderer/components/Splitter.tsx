/** Resizable panes. The library's cursor styles are left out: the handle carries its own. */
import { type ReactNode, useCallback } from 'react';
import { Group, type Layout, Panel, Separator } from 'react-resizable-panels';

export { Panel };

/** A pane's width to begin with: side panes are narrower in a narrow window. Pixels. */
export function sideWidth(wide: number, narrow: number): number {
  return window.innerWidth < 1240 ? narrow : wide;
}

/** Height of the messages to begin with, pixels: a low window keeps its room for the tree. */
export function ladderHeight(): number {
  return window.innerHeight < 800 ? 164 : 232;
}

interface PanesProps {
  /** Remembers the sizes under this name; other sets of panes need other names. */
  readonly name: string;
  readonly vertical?: boolean;
  readonly children: ReactNode;
}

export function Panes({ name, vertical = false, children }: PanesProps) {
  const key = `dmw-panes-${name}`;
  const remember = useCallback((layout: Layout) => localStorage.setItem(key, JSON.stringify(layout)), [key]);
  return (
    <Group
      key={key}
      id={name}
      orientation={vertical ? 'vertical' : 'horizontal'}
      defaultLayout={recall(key)}
      onLayoutChanged={(layout, meta) => meta.isUserInteraction && remember(layout)}
      disableCursor
    >
      {children}
    </Group>
  );
}

function recall(key: string): Layout | undefined {
  try {
    const layout: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return typeof layout === 'object' && layout !== null ? (layout as Layout) : undefined;
  } catch {
    return undefined;
  }
}

export function Divider({ label }: { label: string }) {
  return <Separator className="splitter" aria-label={label} />;
}
