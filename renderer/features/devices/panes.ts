/** F6 goes from pane to pane: to the tree, list or grid of each, or to the first thing in it that takes the focus. */

const MAIN_THING = '[role="tree"], [role="grid"], a[aria-current], button[aria-current]';
const ANYTHING = 'a[href], button:not(:disabled), input:not(:disabled), select, textarea';

export function focusPane(room: HTMLElement | null, by: 1 | -1): void {
  const panes = [...(room?.querySelectorAll<HTMLElement>('section.panel') ?? [])].filter(pane => target(pane));
  const at = panes.findIndex(pane => pane.contains(document.activeElement));
  const next = panes[at < 0 ? 0 : (at + by + panes.length) % panes.length];
  if (next) target(next)?.focus();
}

function target(pane: HTMLElement): HTMLElement | null {
  return pane.querySelector<HTMLElement>(MAIN_THING) ?? pane.querySelector<HTMLElement>(ANYTHING);
}
