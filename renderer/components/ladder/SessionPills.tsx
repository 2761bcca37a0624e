/** What to know of a session at a glance: who proved what, how it travelled, how it went. */
import type { SessionView } from '../../../src-core/workbench/message-views.ts';
import { Pill } from '../Marks.tsx';

type Known = Pick<SessionView, 'authenticated' | 'encoding' | 'transport' | 'state' | 'detail'>;

export function SessionPills({ session }: { session: Known }) {
  const { client, server, scheme } = session.authenticated;
  const who = client && server ? 'mutually authenticated' : client ? 'client authenticated' : 'not authenticated';
  const tone = client && server ? 'ok' : client ? 'warn' : 'bad';
  return (
    <>
      <Pill tone={tone}>{scheme ? `${who} · ${scheme}` : who}</Pill>
      <Pill>
        {session.encoding.toUpperCase()} over {session.transport}
      </Pill>
      {session.state === 'open' && <Pill tone="info">open</Pill>}
      {session.state === 'failed' && <Pill tone="bad">failed</Pill>}
      <span className="muted ellipsis" title={session.detail}>
        {session.detail}
      </span>
    </>
  );
}
