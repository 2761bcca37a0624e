/** A firmware update: where it stands in its state machine, its package, and what the device told of it. */
import type { FumoAlert, FumoState, FumoView } from '../../../../src-core/workbench/object-views.ts';
import { formatRoute } from '../../../app/routes.ts';
import { CopyButton } from '../../../components/CopyButton.tsx';
import { formatStamp } from '../../../components/format.ts';
import { Pill, type Tone } from '../../../components/Marks.tsx';

export function FumoCard({ view }: { view: FumoView }) {
  const { state, states, alerts } = view;
  const last = alerts.find(({ result }) => result);
  return (
    <>
      <ol className="fumo-states" aria-label="States of the update">
        {states.map(each => (
          <State key={each.code} state={each} present={each.code === state?.code} />
        ))}
      </ol>
      {state && (
        <p className="fumo-now">
          <Pill tone={TONES[state.outcome]}>
            {state.code} {state.name}
          </Pill>{' '}
          <span className="muted">{state.words}</span>
        </p>
      )}
      <dl className="kv">
        {last?.result && (
          <div className="pair">
            <dt>Last result</dt>
            <dd>
              <Pill tone={last.result.ok ? 'ok' : 'bad'}>{last.result.code}</Pill> {last.result.words}
            </dd>
          </div>
        )}
        <dt>Package</dt>
        <dd>
          {view.packageName || <span className="muted">not named</span>}
          {view.packageVersion && <span className="muted"> · version {view.packageVersion}</span>}
        </dd>
        {view.operations.map(({ name, uri, url }) => (
          <div key={name} className="pair">
            <dt title={`Exec ${uri}`}>{OPERATIONS[name]}</dt>
            <dd>
              {url === undefined ? (
                <span className="muted">of the package in the device</span>
              ) : url === '' ? (
                <span className="muted">no address yet: Replace {name}/PkgURL</span>
              ) : (
                <span className="address">
                  <span className="mono">{url}</span>
                  <CopyButton what={`address of ${name}`} text={url} />
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <h4>What the device told</h4>
      {alerts.length === 0 ? (
        <p className="muted">No generic alert about firmware in the recorded sessions.</p>
      ) : (
        <ul className="fumo-alerts" aria-label="Generic alerts about firmware">
          {alerts.map(alert => (
            <AlertLine key={`${alert.at} ${alert.sessionKey} ${alert.correlator} ${alert.words}`} alert={alert} />
          ))}
        </ul>
      )}
    </>
  );
}

const TONES: Readonly<Record<FumoState['outcome'], Tone>> = {
  waiting: 'plain',
  working: 'info',
  done: 'ok',
  failed: 'bad',
};
const OPERATIONS = { Download: 'Download', Update: 'Update', DownloadAndUpdate: 'Both at once' } as const;

function State({ state, present }: { state: FumoState; present: boolean }) {
  const { code, name, words, outcome } = state;
  return (
    <li
      className={`fumo-state s${code} ${outcome}${present ? ' now' : ''}`}
      aria-current={present ? 'step' : undefined}
      aria-label={`${code} ${name}`}
      title={`${code} ${name}: ${words}`}
    >
      {code}
    </li>
  );
}

function AlertLine({ alert }: { alert: FumoAlert }) {
  const { at, sessionKey, sessionId, words, result, data, correlator, mark } = alert;
  const details = [
    correlator !== undefined && `correlator ${correlator}`,
    mark,
    data !== undefined && `data ${JSON.stringify(data)}`,
  ];
  return (
    <li>
      <span>{words}</span>
      {result && (
        <>
          <Pill tone={result.ok ? 'ok' : 'bad'}>{result.code}</Pill>
          <span>{result.words}</span>
        </>
      )}
      <span className="fumo-told muted">
        {formatStamp(at)} · <a href={formatRoute({ room: 'sessions', key: sessionKey })}>session {sessionId}</a>
        {details.filter(Boolean).map(detail => ` · ${detail}`)}
      </span>
    </li>
  );
}
