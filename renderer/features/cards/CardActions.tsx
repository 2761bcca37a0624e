/** What else can be planned for the card in a reader: taking a bootstrap off, putting back what was there before a write. */
import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import type { CardBackupView, CardSheetView, PlanView } from '../../../src-core/workbench/views.ts';
import { useAction } from '../../api/use-action.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { formatStamp } from '../../components/format.ts';
import { BOOTSTRAP_NAMES, type BootstrapId } from './plan-words.ts';

interface CardActionsProps {
  readonly reader: string;
  readonly iccid: string | undefined;
  /** The card as last read. */
  readonly sheet: CardSheetView | undefined;
  readonly disabled: boolean;
  readonly onPlan: (plan: PlanView | undefined) => void;
}

export function CardActions({ reader, iccid, sheet, disabled, onPlan }: CardActionsProps) {
  const [backups, setBackups] = useState<readonly CardBackupView[]>([]);
  const list = useAction((api, card: string) => api.cards.backups.query({ iccid: card }));
  const erase = useAction((api, bootstrap: BootstrapId) => api.cards.erase.mutate({ reader, bootstrap }));
  const restore = useAction((api, backup: string) => api.cards.restore.mutate({ reader, backup }));
  const open = async () => {
    if (iccid !== undefined) setBackups((await list.run(iccid)) ?? []);
  };
  const failed = [erase, restore, list].find(({ failure }) => failure);
  return (
    <>
      <Menu onOpen={open} position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button disabled={disabled || iccid === undefined} loading={erase.busy || restore.busy}>
            More…
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {erasable(sheet).map(id => (
            <Menu.Item key={id} onClick={async () => onPlan(await erase.run(id))}>
              Plan to erase the {BOOTSTRAP_NAMES[id]}
            </Menu.Item>
          ))}
          <Menu.Label>Put back as it was before a write</Menu.Label>
          {backups.map(({ key, at, bootstrap = 'dm', hasBootstrap }) => (
            <Menu.Item key={key} onClick={async () => onPlan(await restore.run(key))}>
              {formatStamp(at)} · {hasBootstrap ? 'with a' : 'without a'} {BOOTSTRAP_NAMES[bootstrap]}
            </Menu.Item>
          ))}
          {backups.length === 0 && <Menu.Item disabled>No backup of this card is kept here</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {failed && <FailureNote failure={failed.failure} onClose={failed.clear} />}
    </>
  );
}

/** Remains of a DM bootstrap may lie where the sheet finds none. */
function erasable(sheet: CardSheetView | undefined): readonly BootstrapId[] {
  return sheet?.provisioning ? ['dm', 'cp'] : ['dm'];
}
