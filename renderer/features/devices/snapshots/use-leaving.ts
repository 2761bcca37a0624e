/** A panel that takes the place of another: Escape leaves it, and the keys go on in the comparison or the list. */
import { useEffect } from 'react';
import { useHotkeys } from '../../../app/hotkeys.ts';

export function useLeaving(leave: () => void): void {
  useHotkeys(event => {
    if (event.key !== 'Escape' || document.querySelector('dialog[open]')) return false;
    leave();
    return true;
  });
  useEffect(() => goOn, []);
}

/** Where the focus was on what is gone, the keys would go nowhere. */
function goOn(): void {
  window.requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    document.querySelector<HTMLElement>('.diff-list, .snapshot-acts button')?.focus();
  });
}
