/** One side of the session once more, against a server or a virtual handset, and the first difference. */
import { ActionIcon, Button, NativeSelect, PasswordInput, Progress, Radio, TextInput } from '@mantine/core';
import { Play, X } from 'lucide-react';
import { useState } from 'react';
import type {
  DifferenceView,
  ReplayCommands,
  ReplayTarget,
  ReplayView,
} from '../../../src-core/workbench/session-views.ts';
import type { DeviceView } from '../../../src-core/workbench/views.ts';
import { formatRoute } from '../../app/routes.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { plural } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';
import { Preview } from '../devices/commands/Preview.tsx';
import { useReplay, useReplayCommands } from './use-replay.ts';

interface ReplayPanelProps {
  readonly sessionKey: string;
  /** Those that the commands could be sent to, and whose session it is. */
  readonly devices: readonly DeviceView[];
  readonly deviceId: string | undefined;
  readonly onOpenMessage: (messageKey: string) => void;
  readonly onClose: () => void;
}

type Kind = ReplayTarget['kind'];

export function ReplayPanel({ sessionKey, devices, deviceId, onOpenMessage, onClose }: ReplayPanelProps) {
  const [kind, setKind] = useState<Kind>('server-here');
  const [url, setUrl] = useState('');
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [chosen, setChosen] = useState(deviceId ?? devices[0]?.id ?? '');
  const device = devices.find(({ id }) => id === chosen);
  const again = useReplayCommands(kind === 'device' ? sessionKey : undefined);
  const replay = useReplay(sessionKey);
  const target = targetOf(kind, { url, user, password, deviceId: chosen });
  return (
    <section className="panel" aria-label="Replay session">
      <h2 className="sec">
        Replay session
        <ActionIcon className="right" aria-label="Close replay" onClick={onClose}>
          <X size={14} aria-hidden />
        </ActionIcon>
      </h2>
      <form
        className="scroll side-body"
        onSubmit={event => {
          event.preventDefault();
          replay.start(target);
        }}
      >
        <Radio.Group aria-label="Replay against" value={kind} onChange={value => setKind(value as Kind)}>
          <Radio
            value="server-here"
            label="A server session in memory"
            description="Sends what the device sent to this workbench's DM server. Nothing is recorded for the device."
          />
          <Radio
            value="handset"
            label="A virtual handset"
            description="Sends what the server sent to a new virtual handset of the device's name."
          />
          {devices.length > 0 && (
            <Radio
              value="device"
              label="A device"
              description="Sends the server's commands to it, at once or in its next session, and compares the answers."
            />
          )}
          <Radio
            value="server"
            label="A DM server at an address"
            description="Sends what the device sent, over HTTP. That server takes it for the device."
          />
        </Radio.Group>
        {kind === 'server' && (
          <>
            <TextInput
              label="Address"
              placeholder="http://192.168.1.20:8080/dm"
              required
              value={url}
              onChange={event => setUrl(event.currentTarget.value)}
            />
            <TextInput
              label="User name"
              placeholder="as recorded"
              value={user}
              onChange={event => setUser(event.currentTarget.value)}
            />
            <PasswordInput
              label="Password"
              placeholder="empty: the recorded credentials"
              autoComplete="off"
              value={password}
              onChange={event => setPassword(event.currentTarget.value)}
            />
          </>
        )}
        {kind === 'device' && (
          <NativeSelect
            label="Device"
            value={chosen}
            data={devices.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={event => setChosen(event.currentTarget.value)}
          />
        )}
        {kind === 'device' && device && again.data && <CommandsAgain device={device} again={again.data} />}
        <FailureNote failure={again.failure} />
        <div className="actions">
          <Button
            type="submit"
            variant="filled"
            loading={replay.running}
            disabled={kind === 'device' && !again.data?.commands.length}
            leftSection={<Play size={13} aria-hidden />}
          >
            Replay
          </Button>
          {replay.running && (
            <Button variant="default" onClick={replay.cancel}>
              Cancel
            </Button>
          )}
        </div>
        <FailureNote failure={replay.failure} />
        {replay.view && <Result view={replay.view} onDevice={kind === 'device'} onOpenMessage={onOpenMessage} />}
      </form>
    </section>
  );
}

interface Fields {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly deviceId: string;
}

function targetOf(kind: Kind, { url, user, password, deviceId }: Fields): ReplayTarget {
  if (kind === 'device') return { kind, deviceId };
  if (kind !== 'server') return { kind };
  return { kind, url: url.trim(), ...(user !== '' && { user }), ...(password !== '' && { password }) };
}

/** Exactly what the device would get. */
function CommandsAgain({ device, again: { commands, leftOut } }: { device: DeviceView; again: ReplayCommands }) {
  return (
    <>
      {commands.length === 0 ? (
        <p className="dim">The server of this session sent no command.</p>
      ) : (
        <Preview device={device} drafts={commands} />
      )}
      {leftOut.length > 0 && <p className="warn">Not sent from here: {leftOut.join(', ')}</p>}
    </>
  );
}

interface ResultProps {
  readonly view: ReplayView;
  readonly onDevice: boolean;
  readonly onOpenMessage: (messageKey: string) => void;
}

function Result({ view, onDevice, onOpenMessage }: ResultProps) {
  const { state, against, exchanged, of, differences, detail, shelfKey, notKept } = view;
  const [first, ...others] = differences;
  return (
    <section aria-label="Result of the replay" className="replay-result">
      {state === 'running' && <Progress value={(exchanged / Math.max(1, of)) * 100} aria-label="Messages replayed" />}
      <p role="status">
        {state !== 'running' && (
          <Pill tone={state === 'failed' ? 'bad' : first ? 'warn' : 'ok'}>
            {state === 'failed' ? 'broke off' : first ? plural(differences.length, 'difference') : 'no difference'}
          </Pill>
        )}{' '}
        {exchanged} of {of} {onDevice ? 'commands answered by' : 'messages against'} {against}
        {detail && `: ${detail}`}
      </p>
      {first && (
        <>
          <h3>First difference</h3>
          <Difference difference={first} onOpenMessage={onOpenMessage} />
        </>
      )}
      {others.length > 0 && <Others differences={others} onOpenMessage={onOpenMessage} />}
      {shelfKey !== undefined && (
        <a className="link" href={formatRoute({ room: 'sessions', key: shelfKey })}>
          Open the replayed session
        </a>
      )}
      {notKept !== undefined && <p className="warn">The replayed session is not kept: {notKept}.</p>}
    </section>
  );
}

const SHOWN_AT_ONCE = 50;

function Others({
  differences,
  onOpenMessage,
}: Omit<DifferenceProps, 'difference'> & { differences: readonly DifferenceView[] }) {
  const [shown, setShown] = useState(0);
  const left = differences.length - shown;
  return (
    <>
      {differences.slice(0, shown).map((difference, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the differences of one replay never move
        <Difference key={i} difference={difference} onOpenMessage={onOpenMessage} />
      ))}
      {left > 0 && (
        <Button variant="subtle" onClick={() => setShown(shown + SHOWN_AT_ONCE)}>
          Show {left > SHOWN_AT_ONCE ? `${SHOWN_AT_ONCE} of ` : ''}
          {plural(left, 'more difference')}
        </Button>
      )}
    </>
  );
}

interface DifferenceProps {
  readonly difference: DifferenceView;
  readonly onOpenMessage: (messageKey: string) => void;
}

function Difference({ difference, onOpenMessage }: DifferenceProps) {
  const { messageKey, number, path, recorded, replayed } = difference;
  return (
    <div className="difference">
      <p>
        {messageKey === undefined ? (
          `Message ${number}`
        ) : (
          <button type="button" className="link" onClick={() => onOpenMessage(messageKey)}>
            Message {number}
          </button>
        )}{' '}
        <span className="mono">{path || 'the whole message'}</span>
      </p>
      <dl>
        <dt>recorded</dt>
        <dd>{recorded === undefined ? <span className="muted">not there</span> : <pre>{recorded}</pre>}</dd>
        <dt>replayed</dt>
        <dd>{replayed === undefined ? <span className="muted">not there</span> : <pre>{replayed}</pre>}</dd>
      </dl>
    </div>
  );
}
