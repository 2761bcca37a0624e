/** What comes in parts, as it grows on screen: what is new goes after what is there, what changed in its place. Pure. */
import type { SessionView } from '../../src-core/workbench/message-views.ts';

export function grow<T>(
  before: readonly T[],
  news: readonly T[],
  keyOf: (one: T) => string,
  join = (_: T, after: T) => after,
): readonly T[] {
  if (news.length === 0) return before;
  const all = new Map(before.map(one => [keyOf(one), one]));
  for (const one of news) {
    const known = all.get(keyOf(one));
    all.set(keyOf(one), known === undefined ? one : join(known, one));
  }
  return [...all.values()];
}

export function withMessages(before: SessionView, news: SessionView): SessionView {
  return { ...news, messages: grow(before.messages, news.messages, one => one.key) };
}
