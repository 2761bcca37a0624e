/** What was on this card before each write, newest first: put back as a plan, or deleted for good. */
import { ActionIcon, Button } from '@mantine/core';
import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CardBackupView, PlanView } from '../../../src-core/workbench/views.ts';
import { useAction } from '../../api/use-action.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { formatStamp, plural } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';
import { BOOTSTRAP_NAMES } from './plan-words.ts';

interface BackupsProps {
  readonly reader: string;
  readonly iccid: string;
  readonly disabled: boolean;
  readonly onPlan: (plan: PlanView) => void;
  readonly onClose: () => void;
}

export function Backups({ reader, iccid, disabled, onPlan, onClose }: BackupsProps) {
  const [backups, setBackups] = useState<readonly CardBackupView[]>();
  const list = useAction(async api => setBackups(await api.cards.backups.query({ iccid })));
  const restore = useAction((api, backup: string) => api.cards.restore.mutate({ reader, backup }));
  const remove = useAction(async (api, backup?: string) => {
    await api.cards.removeBackups.mutate({ iccid, ...(backup !== undefined && { backup }) });
    setBackups(await api.cards.backups.query({ iccid }));
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once, another card has a list of its own
  useEffect(() => void list.run(), []);
  const putBack = async (key: string) => {
    const plan = await restore.run(key);
    if (plan) onPlan(plan);
  };
  const failed = [list, restore, remove].find(({ failure }) => failure);
  return (
    <section className="backups" aria-label="Backups">
      <div className="backups-head">
        <h2>Backups of this card</h2>
        {backups && <Pill>{backups.length}</Pill>}
        <span className="right">
          {backups && backups.length > 1 && (
            <Sure sure="Delete all for good" busy={remove.busy} onSure={() => remove.run()}>
              Delete all
            </Sure>
          )}
          <ActionIcon aria-label="Close the backups" onClick={onClose}>
            <X size={14} aria-hidden />
          </ActionIcon>
        </span>
      </div>
      <FailureNote failure={failed?.failure} onClose={failed?.clear ?? list.clear} />
      {backups?.length === 0 && (
        <p className="muted">No backup of this card is kept here: one is made before each write.</p>
      )}
      {backups && backups.length > 0 && (
        <ul aria-label="Backups of this card">
          {backups.map(({ key, at, bootstrap = 'dm', hasBootstrap, files }) => (
            <li key={key}>
              <span>
                <span className="mono">{formatStamp(at)}</span> {hasBootstrap ? 'a' : 'no'} {BOOTSTRAP_NAMES[bootstrap]}
                <span className="muted" title={files.join('\n')}>
                  {' '}
                  in {plural(files.length, 'file')}
                </span>
              </span>
              <span className="backup-acts">
                <Button size="compact-xs" disabled={disabled || restore.busy} onClick={() => putBack(key)}>
                  Plan to put it back
                </Button>
                <Sure sure="Delete for good" busy={remove.busy} onSure={() => remove.run(key)}>
                  Delete
                </Sure>
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface SureProps {
  readonly children: string;
  /** What the second press does. */
  readonly sure: string;
  readonly busy: boolean;
  readonly onSure: () => void;
}

/** Asks before what cannot be taken back: the second press does it. */
function Sure({ children, sure, busy, onSure }: SureProps) {
  const [asked, setAsked] = useState(false);
  return (
    <Button
      size="compact-xs"
      className={asked ? 'sure' : undefined}
      disabled={busy}
      onBlur={() => setAsked(false)}
      onClick={() => {
        setAsked(!asked);
        if (asked) onSure();
      }}
    >
      {asked ? sure : children}
    </Button>
  );
}
