/** What stands above the plan: PIN1 where the card is read after it, writes that were broken off, backups, plans that failed. */
import type { PlanView, ProvisionView, ReaderView } from '../../../src-core/workbench/views.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { Backups } from './Backups.tsx';
import { PinForm } from './PinForm.tsx';
import { Unfinished } from './Unfinished.tsx';
import type { CardReading } from './use-card-sheet.ts';
import type { ProfileChoice } from './use-profile.ts';
import './notices.css';

interface NoticesProps {
  readonly reader: ReaderView;
  readonly sheet: CardReading['sheet'];
  readonly provision: ProvisionView | undefined;
  readonly choice: ProfileChoice;
  readonly disabled: boolean;
  readonly onPlan: (plan: PlanView | undefined) => void;
  readonly onPinRefused: () => void;
  /** The person asked for the backups of this card. */
  readonly showsBackups: boolean;
  readonly onCloseBackups: () => void;
}

export function Notices(props: NoticesProps) {
  const { reader, sheet, provision, choice, disabled, onPlan } = props;
  const attempts = [choice.plan, choice.planFile];
  const asksForPin = attempts.some(({ failure }) => failure?.code === 'pin-needed');
  const failed = attempts.find(({ failure }) => failure);
  return (
    <>
      {sheet && (sheet.pin1.needed || asksForPin) && (
        <PinForm
          key={sheet.iccid}
          reader={reader.name}
          sheet={sheet}
          onUnlocked={() => failed?.clear()}
          onRefused={props.onPinRefused}
        />
      )}
      {unfinishedOf(reader, provision).map(write => (
        <Unfinished key={write.bootstrap} reader={reader.name} write={write} disabled={disabled} onPlan={onPlan} />
      ))}
      {props.showsBackups && reader.iccid !== undefined && (
        <Backups
          key={reader.iccid}
          reader={reader.name}
          iccid={reader.iccid}
          disabled={disabled}
          onPlan={onPlan}
          onClose={props.onCloseBackups}
        />
      )}
      {/* The form says it, and what to do. */}
      <FailureNote failure={asksForPin ? undefined : failed?.failure} onClose={() => failed?.clear()} />
    </>
  );
}

/** Broken off before, and not in hand now. */
function unfinishedOf({ unfinished = [] }: ReaderView, provision: ProvisionView | undefined) {
  const { stage, plan } = provision ?? {};
  const isInHand = stage !== undefined && stage !== 'planned' && stage !== 'verified';
  return isInHand ? unfinished.filter(({ bootstrap }) => bootstrap !== (plan?.bootstrap ?? 'dm')) : unfinished;
}
