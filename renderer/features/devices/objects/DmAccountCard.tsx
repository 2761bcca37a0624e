/** A DM account: its server and who proves what to whom; secrets and nonces never come here. */
import type { CredentialView, DmAccountView, Hidden } from '../../../../src-core/workbench/object-views.ts';
import { Pill } from '../../../components/Marks.tsx';
import { BULLETS } from '../node/values.ts';

export function DmAccountCard({ view }: { view: DmAccountView }) {
  return (
    <>
      <dl className="kv">
        <dt>Server</dt>
        <dd>
          {view.serverId ?? <span className="muted">not read</span>}
          {view.name !== undefined && view.name !== view.serverId && <span className="muted"> · {view.name}</span>}
        </dd>
        {view.addresses.map(({ address, type, ports }) => (
          <div key={address} className="pair">
            <dt>Address</dt>
            <dd>
              <span className="mono">{address || '–'}</span>
              <span className="muted">
                {[type !== 'URI' && type, ports.length > 0 && `port ${ports.join(', ')}`]
                  .filter(Boolean)
                  .map(words => ` · ${words}`)}
              </span>
            </dd>
          </div>
        ))}
        <dt title="AAuthPref">Tries first</dt>
        <dd>{view.preferred ?? <span className="muted">not said</span>}</dd>
      </dl>
      {view.credentials.map(credential => (
        <Credential key={credential.node} credential={credential} />
      ))}
    </>
  );
}

function Credential({ credential }: { credential: CredentialView }) {
  const { level, words, type, user, secret, nonce } = credential;
  return (
    <section className="credential" aria-label={`Credential ${level ?? credential.node}`}>
      <h4>
        {level ?? credential.node} <span className="muted">{words}</span> <Pill>{type ?? 'DIGEST, not said'}</Pill>
      </h4>
      <dl className="kv">
        <dt>User</dt>
        <dd>{user ?? <span className="muted">not read</span>}</dd>
        <dt>Secret</dt>
        <dd>{HIDDEN[secret]}</dd>
        <dt>Nonce</dt>
        <dd>{HIDDEN[nonce]}</dd>
      </dl>
    </section>
  );
}

const HIDDEN: Readonly<Record<Hidden, string>> = {
  set: `${BULLETS} set`,
  empty: 'empty',
  unread: 'not readable, as it should be',
};
