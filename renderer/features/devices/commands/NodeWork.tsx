/** What became of the last command for the node in hand, and the way back from a Replace. */
import { Button } from '@mantine/core';
import { Undo2 } from 'lucide-react';
import type { DeviceView, NodeView } from '../../../../src-core/workbench/views.ts';
import type { WorkView } from '../../../../src-core/workbench/work-views.ts';
import { useApi } from '../../../api/context.ts';
import { formatWhen } from '../../../components/format.ts';
import { Pill } from '../../../components/Marks.tsx';
import { useNow } from '../../../components/use-now.ts';
import { whenSent } from '../sending.ts';
import { summaryFor } from './work.ts';

interface NodeWorkProps {
  readonly device: DeviceView;
  readonly uri: string;
  readonly work: WorkView | undefined;
  readonly view: NodeView | undefined;
  readonly onShow: (id: string) => void;
  /** Offers a Replace with this value. */
  readonly onRestore: (value: string) => void;
}

export function NodeWork({ device, uri, work, view, onShow, onRestore }: NodeWorkProps) {
  const api = useApi();
  const now = useNow(60_000);
  const undo = async () => {
    if (!view) return;
    const [former] = await api.devices.history.query({ deviceId: device.id, uri: view.uri });
    if (former) onRestore(former.value);
  };
  const summary = work && summaryFor(work, uri);
  const replaced = summary?.tone === 'ok' && summary.name === 'Replace' && view && view.past > 0;
  return (
    <div className="node-work" role="status" aria-label="Last command for this node">
      {work && summary && (
        <>
          <button type="button" className="bare" title="Show it with its answer" onClick={() => onShow(work.id)}>
            <b>{summary.name}</b> <span className="muted">{formatWhen(work.answeredAt ?? work.createdAt, now)}</span>
          </button>
          <Pill tone={summary.tone}>{summary.text}</Pill>
          {replaced && (
            <Button variant="subtle" leftSection={<Undo2 size={12} aria-hidden />} onClick={undo}>
              Undo
            </Button>
          )}
          {work.state === 'queued' && <small>{whenSent(device)}</small>}
          {work.detail && <small>{work.detail}</small>}
        </>
      )}
    </div>
  );
}
