/** One line under every room: server, card readers, held ports, store. */
import type { WorkbenchStatus } from '../../src-core/workbench/views.ts';
import { useConnectionState } from '../api/context.ts';
import { formatBytes } from '../components/format.ts';
import { Dot } from '../components/Marks.tsx';

const PCSC = {
  running: { tone: 'ok', name: 'pcscd' },
  absent: { tone: 'off', name: 'no pcscd' },
  unbuilt: { tone: 'off', name: 'no PC/SC binding' },
} as const;

export function StatusBar({ status }: { status: WorkbenchStatus | undefined }) {
  const connection = useConnectionState();
  if (!status) return <footer className="status">{connection === 'open' ? 'Reading…' : 'Not connected'}</footer>;
  const pcsc = PCSC[status.pcsc.state];
  const server = status.dmServer;
  return (
    <footer className="status">
      {connection !== 'open' && (
        <span className="bad">
          <Dot tone="bad" label="connection lost" />
          not connected
        </span>
      )}
      <span title={`DM server ${server.url}`}>
        <Dot tone={server.listening ? 'ok' : 'bad'} label={server.listening ? 'listening' : 'not listening'} />
        <span className="ellipsis">
          DM server {server.url}
          {!server.listening && ' is not listening'}
        </span>
      </span>
      <span title={status.pcsc.detail} className="shrink">
        <Dot tone={pcsc.tone} label={status.pcsc.state} />
        <span className="ellipsis">
          {pcsc.name}
          {status.pcsc.detail && ` · ${status.pcsc.detail}`}
        </span>
      </span>
      {status.ports.map(port => (
        <span key={port.path} title={`${port.path} held by ${port.heldBy}`}>
          <Dot tone="ok" label="held" />
          <span className="ellipsis">
            {port.path} held by {port.heldBy}
          </span>
        </span>
      ))}
      <span className="right" title={`Workbench ${status.version}`}>
        {status.store.kind} {formatBytes(status.store.bytes)}
      </span>
    </footer>
  );
}
