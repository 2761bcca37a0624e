/** The session in which something was read: SessionIDs repeat, the core knows which record it was at that time. */
import { useAction } from '../../api/use-action.ts';
import { navigate } from '../../app/routes.ts';
import { FailureNote } from '../../components/FailureNote.tsx';

interface SessionLinkProps {
  readonly deviceId: string;
  readonly sessionId: string;
  /** When it was read. */
  readonly at: number;
}

export function SessionLink({ deviceId, sessionId, at }: SessionLinkProps) {
  const find = useAction((api, asked: SessionLinkProps) => api.sessions.recordOf.query(asked));
  const open = async () => {
    const found = await find.run({ deviceId, sessionId, at });
    if (found) navigate({ room: 'sessions', key: found.key });
  };
  return (
    <>
      <button type="button" className="link" title="Open this session" onClick={() => void open()}>
        session {sessionId}
      </button>
      <FailureNote failure={find.failure} onClose={find.clear} />
    </>
  );
}
