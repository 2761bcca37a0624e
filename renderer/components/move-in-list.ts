/** Arrow keys, Home and End walk through the links or buttons of a list. */
export function moveInList(event: React.KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('a, button')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  const target = items[targets[event.key] ?? -1];
  if (!target) return;
  event.preventDefault();
  target.focus();
}
