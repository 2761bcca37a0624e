/** Approval: the ADM key, then write, progress, verify. The key leaves the field at the moment it is sent. */
import { Button, Checkbox, PasswordInput, Progress } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ProvisionView, ReaderView } from '../../../src-core/workbench/views.ts';
import { type Action, useAction } from '../../api/use-action.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { plural } from '../../components/format.ts';
import { Tries } from './CardSheet.tsx';
import { blockerOf, changesOf } from './plan-words.ts';
import { useConsent } from './use-consent.ts';

interface WritePanelProps {
  readonly provision: ProvisionView | undefined;
  readonly reader: ReaderView;
  /** The person asked for this plan just now: the key is what comes next. */
  readonly keyIsNext: boolean;
}

export function WritePanel(props: WritePanelProps) {
  const stage = props.provision?.stage;
  const before = useRef(stage);
  const panel = useRef<HTMLDivElement>(null);
  // A form that goes away takes the focus with it: the panel keeps the place for the keyboard.
  useEffect(() => {
    if (before.current !== stage && document.activeElement === document.body) panel.current?.focus();
    before.current = stage;
  }, [stage]);
  return (
    <div ref={panel} tabIndex={-1} className="approval">
      {props.provision && <Approval {...props} provision={props.provision} />}
    </div>
  );
}

interface ApprovalProps extends WritePanelProps {
  readonly provision: ProvisionView;
}

function Approval({ provision, reader, keyIsNext }: ApprovalProps) {
  const { stage, plan } = provision;
  // Kept here: the form goes away while the card is written.
  const write = useAction((api, adm: string, consent: Word) =>
    api.cards.write.mutate({ planId: plan.id, adm, ...(consent && { consent }) }),
  );
  if (stage === 'writing' || stage === 'verifying') return <Working provision={provision} />;
  return (
    <>
      {stage === 'planned' && changesOf(plan) > 0 && !blockerOf(plan) && (
        <div className="big">
          <h2>Check the label</h2>
          Card <span className="mono">{plan.iccid}</span>. Enter its {plan.key ?? 'ADM'} key, then <b>Enter</b> writes.
        </div>
      )}
      {(stage === 'planned' && changesOf(plan) > 0) || stage === 'interrupted' ? (
        <KeyForm provision={provision} reader={reader} keyIsNext={keyIsNext} write={write} />
      ) : null}
      <VerifyForm provision={provision} ready={reader.state === 'present'} />
    </>
  );
}

function Working({ provision }: { provision: ProvisionView }) {
  const cancel = useAction(api => api.cards.cancel.mutate({ planId: provision.plan.id }));
  const percent = Math.round(provision.progress * 100);
  const writing = provision.stage === 'writing';
  return (
    <div className="working">
      <h2>{writing ? 'Writing…' : 'Verifying…'}</h2>
      <Progress.Root size={6}>
        <Progress.Section
          value={percent}
          color="var(--accent)"
          aria-label={writing ? 'Progress of writing' : 'Progress of verifying'}
          aria-valuetext={`${percent} %`}
        />
      </Progress.Root>
      <p className="dim">
        <span className="mono">{percent} %</span> · {provision.message}
      </p>
      {writing && (
        <>
          <p className="muted">Leave the card in the reader.</p>
          <FailureNote failure={cancel.failure} />
          <Button loading={cancel.busy} onClick={() => cancel.run()}>
            Cancel
          </Button>
        </>
      )}
    </div>
  );
}

type Word = ReturnType<typeof useConsent>['consent'];

interface KeyFormProps extends ApprovalProps {
  readonly write: Action<[adm: string, consent: Word], ProvisionView>;
}

function KeyForm({ provision: { plan, stage }, reader, keyIsNext, write }: KeyFormProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (keyIsNext) field.current?.focus();
  }, [keyIsNext]);
  const [key, setKey] = useState('');
  const [refusal, setRefusal] = useState<string>();
  const word = useConsent({ iccid: plan.iccid, triesLeft: plan.admTriesLeft, failure: write.failure });
  const blocker = blockerOf(plan);
  const blocked = plan.admTriesLeft === 0 || blocker !== undefined;
  const missing = !blocked && word.missing;
  const present = reader.state === 'present';
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (blocked || !present || write.busy || missing) return;
    if (key === '') {
      setRefusal('Enter the ADM key of this card.');
      return;
    }
    setKey('');
    setRefusal(undefined);
    word.give(false);
    void write.run(key, word.consent);
  };
  return (
    <form className="key-form" onSubmit={submit} autoComplete="off">
      <h2 className="sec ruled">Approval</h2>
      <div className="fields">
        <PasswordInput
          ref={field}
          label={`${plan.key ?? 'ADM1'} key`}
          autoComplete="off"
          spellCheck={false}
          value={key}
          error={refusal}
          disabled={blocked}
          classNames={{ innerInput: 'mono' }}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the key' }}
          onChange={event => {
            setKey(event.currentTarget.value);
            setRefusal(undefined);
          }}
          // A key held down since the last step must not approve this one.
          onKeyDown={event => event.key === 'Enter' && event.repeat && event.preventDefault()}
        />
        <p className="dim tries">
          <Tries left={plan.admTriesLeft} />
          <span className="muted">read with the plan</span>
        </p>
        {!blocked && word.asked && (
          <Checkbox
            label={
              word.presented === undefined
                ? `Present the key to card ${plan.iccid} all the same`
                : `I am sure of this key: present it to card ${plan.iccid} once more`
            }
            checked={word.given}
            onChange={event => word.give(event.currentTarget.checked)}
          />
        )}
        <Button type="submit" variant="filled" fullWidth loading={write.busy} disabled={blocked || !present || missing}>
          {stage === 'interrupted' ? 'Resume write' : `Write ${plural(changesOf(plan), 'file')}`}
        </Button>
        <FailureNote failure={write.failure} onClose={write.clear} />
        <p className={blocker ? 'blocker' : 'muted'}>{blocker ?? adviseKey(plan.admTriesLeft, present)}</p>
      </div>
    </form>
  );
}

function adviseKey(tries: number | undefined, present: boolean): string {
  if (!present) return 'The card is not in the reader: put it back to go on.';
  if (tries === 0) return 'The card refuses its ADM key for good: this card cannot be written any more.';
  if (tries === 1) return 'Last try: a wrong key blocks this card for good.';
  if (tries === undefined) return 'This card does not say how many tries are left: a wrong key may block it for good.';
  return 'The key is sent once and not kept.';
}

function VerifyForm({ provision: { plan, stage }, ready }: { provision: ProvisionView; ready: boolean }) {
  const verify = useAction(api => api.cards.verify.mutate({ planId: plan.id }));
  const nothingToWrite = stage === 'planned' && changesOf(plan) === 0;
  if (!nothingToWrite && stage !== 'written' && stage !== 'verified' && stage !== 'failed') return null;
  return (
    <div className="verify">
      <p className="dim">
        {stage === 'verified'
          ? 'The card was read back and every byte is as planned. Take it out, or verify once more.'
          : 'Reads every file back and compares it with the plan.'}
      </p>
      <FailureNote failure={verify.failure} onClose={verify.clear} />
      <Button
        variant={stage === 'written' || nothingToWrite ? 'filled' : 'default'}
        loading={verify.busy}
        disabled={!ready}
        onClick={() => verify.run()}
      >
        {stage === 'verified' ? 'Verify again' : 'Verify'}
      </Button>
    </div>
  );
}
