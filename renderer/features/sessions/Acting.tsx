/** Which identities acted in the session, with which credentials, what the other side said to them, and how it ended: in full. */
import type { ActingView, ProofView } from '../../../src-core/workbench/session-views.ts';
import { Pill } from '../../components/Marks.tsx';

interface ActingProps {
  readonly acting: readonly ActingView[];
  /** How the session ended, or how far it is. */
  readonly detail: string;
  readonly onOpen: (messageKey: string) => void;
}

export function Acting({ acting, detail, onOpen }: ActingProps) {
  return (
    <dl className="acting" aria-label="Who acted">
      {acting.map(({ side, address, name, proofs }) => (
        <div key={side}>
          <dt>{side === 'device' ? 'Device' : 'Server'}</dt>
          <dd>
            <span className="mono ellipsis" title={address}>
              {address}
            </span>
            {name !== undefined && (
              <span className="ellipsis" title={name}>
                <span className="muted">as</span> {name}
              </span>
            )}
            {proofs.length === 0 && <span className="muted">no credentials</span>}
            {proofs.map(proof => (
              <Proof key={proof.messageKey} proof={proof} onOpen={onOpen} />
            ))}
          </dd>
        </div>
      ))}
      {detail !== '' && (
        <div>
          <dt>State</dt>
          <dd className="whole">{detail}</dd>
        </div>
      )}
    </dl>
  );
}

function Proof({ proof, onOpen }: { proof: ProofView; onOpen: (messageKey: string) => void }) {
  const { scheme, msgId, answer, asked, messageKey } = proof;
  return (
    <span className="proof">
      <button type="button" className="link" title="Open this message" onClick={() => onOpen(messageKey)}>
        msg {msgId}
      </button>
      {scheme === '' ? 'without credentials' : scheme}
      {answer ? (
        <Pill tone={answer.ok ? 'ok' : 'bad'} title={answer.text}>
          {answer.code}
          {asked !== undefined && ` asks for ${asked}`}
        </Pill>
      ) : (
        <span className="muted">not answered</span>
      )}
    </span>
  );
}
