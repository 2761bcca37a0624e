/** Two lists side by side: what is the same stands together, so that one item too many is one difference and not a hundred. Pure. */

type Pair<T> = readonly [one: T | undefined, other: T | undefined];

/** More cells than this are not looked at: lists so long and so different are paired one by one. */
const MOST_CELLS = 4_000_000;

/** Same keys stand together by the longest common subsequence; what is left between is paired by place. */
export function align<T extends { readonly name: string }>(
  left: readonly T[],
  right: readonly T[],
  keyOf: (item: T) => string,
): Pair<T>[] {
  const [a, b] = [left.map(keyOf), right.map(keyOf)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1;
  const anchors = [
    ...Array.from({ length: head }, (_, i) => [i, i] as const),
    ...commonBetween(a, b, head, tail),
    ...Array.from({ length: tail }, (_, i) => [a.length - tail + i, b.length - tail + i] as const),
  ];
  const pairs: Pair<T>[] = [];
  let [i, j] = [0, 0];
  for (const [x, y] of [...anchors, [left.length, right.length] as const]) {
    for (const pair of pairGap(left.slice(i, x), right.slice(j, y))) pairs.push(pair);
    if (x < left.length) pairs.push([left[x], right[y]]);
    [i, j] = [x + 1, y + 1];
  }
  return pairs;
}

/** Of one name by place; else each alone. */
function pairGap<T extends { readonly name: string }>(left: readonly T[], right: readonly T[]): Pair<T>[] {
  const pairs: Pair<T>[] = [];
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const [one, other] = [left[i], right[i]];
    if (one && other && one.name !== other.name) pairs.push([one, undefined], [undefined, other]);
    else pairs.push([one, other]);
  }
  return pairs;
}

/** Places of the longest common subsequence between the heads and tails that are equal. */
function commonBetween(a: readonly string[], b: readonly string[], head: number, tail: number): [number, number][] {
  const rows = a.length - head - tail;
  const columns = b.length - head - tail;
  if (rows === 0 || columns === 0 || rows * columns > MOST_CELLS) return [];
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = rows - 1; i >= 0; i -= 1)
    for (let j = columns - 1; j >= 0; j -= 1)
      lengths[i * width + j] =
        a[head + i] === b[head + j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const places: [number, number][] = [];
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    if (a[head + i] === b[head + j]) places.push([head + i++, head + j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return places;
}
