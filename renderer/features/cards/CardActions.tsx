/** What else can be done with the card in a reader: taking a bootstrap off, looking at its backups. */
import { Button, Menu } from '@mantine/core';
import type { CardSheetView, PlanView } from '../../../src-core/workbench/views.ts';
import { useAction } from '../../api/use-action.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { BOOTSTRAP_NAMES, type BootstrapId } from './plan-words.ts';

interface CardActionsProps {
  readonly reader: string;
  readonly iccid: string | undefined;
  /** The card as last read. */
  readonly sheet: CardSheetView | undefined;
  readonly disabled: boolean;
  readonly onPlan: (plan: PlanView | undefined) => void;
  readonly onBackups: () => void;
}

export function CardActions({ reader, iccid, sheet, disabled, onPlan, onBackups }: CardActionsProps) {
  const erase = useAction((api, bootstrap: BootstrapId) => api.cards.erase.mutate({ reader, bootstrap }));
  return (
    <>
      <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button disabled={disabled || iccid === undefined} loading={erase.busy}>
            More…
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {erasable(sheet).map(id => (
            <Menu.Item key={id} onClick={async () => onPlan(await erase.run(id))}>
              Plan to erase the {BOOTSTRAP_NAMES[id]}
            </Menu.Item>
          ))}
          <Menu.Item onClick={onBackups}>Backups of this card…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <FailureNote failure={erase.failure} onClose={erase.clear} />
    </>
  );
}

/** Remains of a DM bootstrap may lie where the sheet finds none. */
function erasable(sheet: CardSheetView | undefined): readonly BootstrapId[] {
  return sheet?.provisioning ? ['dm', 'cp'] : ['dm'];
}
