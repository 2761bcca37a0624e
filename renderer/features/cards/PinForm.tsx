/** In place where a card is read after PIN1: its tries, the field, and what a wrong one would do. The PIN leaves the field when it is sent. */
import { Button, Checkbox, PasswordInput } from '@mantine/core';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import type { CardSheetView } from '../../../src-core/workbench/views.ts';
import { useAction } from '../../api/use-action.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { Tries } from './CardSheet.tsx';
import { useConsent } from './use-consent.ts';

interface PinFormProps {
  readonly reader: string;
  readonly sheet: CardSheetView;
  readonly onUnlocked: () => void;
  /** The card may have counted it. */
  readonly onRefused: () => void;
}

type Word = ReturnType<typeof useConsent>['consent'];

export function PinForm({ reader, sheet: { iccid, pin1 }, onUnlocked, onRefused }: PinFormProps) {
  const { triesLeft } = pin1;
  const [pin, setPin] = useState('');
  const [refusal, setRefusal] = useState<string>();
  const unlock = useAction((api, digits: string, consent: Word) =>
    api.cards.unlock.mutate({ reader, pin: digits, ...(consent && { consent }) }),
  );
  const word = useConsent({ iccid, triesLeft, failure: unlock.failure });
  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    if (unlock.busy || word.missing) return;
    if (!/^\d{4,8}$/.test(pin)) {
      setRefusal('PIN1 is 4 to 8 digits.');
      return;
    }
    setPin('');
    word.give(false);
    if (await unlock.run(pin, word.consent)) onUnlocked();
    else onRefused();
  };
  return (
    <section className="pin-form" aria-label="PIN1">
      <KeyRound size={28} aria-hidden />
      <div className="pin-words">
        <h2>
          This card is read after PIN1 <Tries left={triesLeft} />
        </h2>
        {triesLeft === 0 ? (
          <p>
            Only the PUK of this card unblocks it, in a handset: its issuer has it. Nothing can be read or written here
            before.
          </p>
        ) : (
          <form onSubmit={submit} autoComplete="off">
            <p>It is presented once now, and again by itself while the card stays in. It is stored nowhere.</p>
            <div className="pin-field">
              <PasswordInput
                aria-label="PIN1"
                placeholder="4 to 8 digits"
                inputMode="numeric"
                autoComplete="off"
                value={pin}
                error={refusal}
                classNames={{ innerInput: 'mono' }}
                visibilityToggleButtonProps={{ 'aria-label': 'Show the PIN' }}
                onChange={event => {
                  setPin(event.currentTarget.value);
                  setRefusal(undefined);
                }}
                // A key held down since the last step must not send this one.
                onKeyDown={event => event.key === 'Enter' && event.repeat && event.preventDefault()}
              />
              <Button type="submit" variant="filled" loading={unlock.busy} disabled={word.missing}>
                Unlock
              </Button>
            </div>
            {word.asked && (
              <Checkbox
                label={
                  word.presented === undefined
                    ? `Present PIN1 to card ${iccid} all the same: a wrong one ${triesLeft === 1 ? 'blocks' : 'may block'} it`
                    : `I am sure of this PIN: present it to card ${iccid} once more`
                }
                checked={word.given}
                onChange={event => word.give(event.currentTarget.checked)}
              />
            )}
          </form>
        )}
        <FailureNote failure={unlock.failure} onClose={unlock.clear} />
      </div>
    </section>
  );
}
