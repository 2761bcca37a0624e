/** What is followed changes often: all that comes within a moment is drawn at once, and the first after a pause without delay. */
const MOMENT_MS = 100;

let waiting: (() => void)[] = [];
let drawnAt = Number.NEGATIVE_INFINITY;

/** Runs the changes of state in order, those of one moment in one go: React draws them together. */
export function drawTogether(change: () => void): void {
  waiting.push(change);
  if (waiting.length === 1) setTimeout(drawAll, Math.max(0, drawnAt + MOMENT_MS - performance.now()));
}

function drawAll(): void {
  const changes = waiting;
  waiting = [];
  drawnAt = performance.now();
  for (const change of changes) change();
}
