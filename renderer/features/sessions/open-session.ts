/** An open session as it grows on screen. Pure. */
import type { ActingView, OpenSession } from '../../../src-core/workbench/session-views.ts';
import { grow, withMessages } from '../../components/grow.ts';

export function withNews(before: OpenSession | undefined, news: OpenSession): OpenSession {
  if (!before) return news;
  const { session, acting, hits = [] } = news;
  const renewed = new Set(session.messages.map(({ key }) => key));
  const kept = before.hits?.filter(key => !renewed.has(key)) ?? [];
  return {
    ...news,
    session: withMessages(before.session, session),
    acting: grow(before.acting, acting, one => one.side, withProofs),
    ...(news.hits && { hits: [...kept, ...hits] }),
  };
}

function withProofs(before: ActingView, news: ActingView): ActingView {
  return { ...news, proofs: grow(before.proofs, news.proofs, one => one.messageKey) };
}
