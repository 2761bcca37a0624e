/** An open session as it grows on screen: what is new goes after what is there, what changed in its place. Pure. */
import type { ActingView, OpenSession } from '../../../src-core/workbench/session-views.ts';

export function withNews(before: OpenSession | undefined, news: OpenSession): OpenSession {
  if (!before) return news;
  const { session, acting, hits = [] } = news;
  const renewed = new Set(session.messages.map(({ key }) => key));
  const kept = before.hits?.filter(key => !renewed.has(key)) ?? [];
  return {
    ...news,
    session: { ...session, messages: merge(before.session.messages, session.messages, one => one.key) },
    acting: merge(before.acting, acting, one => one.side, withProofs),
    ...(news.hits && { hits: [...kept, ...hits] }),
  };
}

function withProofs(before: ActingView, news: ActingView): ActingView {
  return { ...news, proofs: merge(before.proofs, news.proofs, one => one.messageKey) };
}

function merge<T>(
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
