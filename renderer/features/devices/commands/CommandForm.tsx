/** The frame of every command form: its fields, what is wrong with them, the exact command, and the ways to send it. */
import { Button } from '@mantine/core';
import { ListPlus } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { COMMAND_KEY, isCommand } from '../../../app/hotkeys.ts';
import { FailureNote } from '../../../components/FailureNote.tsx';
import type { Desk } from './desk.ts';
import { commandName, type SingleDraft, subjectOf } from './draft.ts';
import { Preview } from './Preview.tsx';
import { useSend } from './use-send.ts';

interface CommandFormProps {
  readonly desk: Desk;
  readonly asked: boolean;
  readonly draft: SingleDraft;
  /** Go out after it. */
  readonly further?: readonly SingleDraft[] | undefined;
  /** Node that is read with all below it: with more than this one command. */
  readonly subtree?: string | undefined;
  /** Why it cannot be sent as it is. */
  readonly refusal?: string | undefined;
  /** The refusal is no fault of what was typed: nothing was typed yet. */
  readonly early?: boolean;
  /** Good to know; it can be sent all the same. */
  readonly hint?: string | undefined;
  readonly reasonId?: string;
  readonly danger?: boolean;
  /** Stands beside the buttons. */
  readonly beside?: ReactNode;
  readonly children?: ReactNode;
}

export function CommandForm(props: CommandFormProps) {
  const {
    desk,
    asked,
    draft,
    further = [],
    subtree,
    refusal,
    early = false,
    hint,
    reasonId,
    danger = false,
    beside,
    children,
  } = props;
  const name = commandName(draft);
  const drafts = [draft, ...further];
  const form = useRef<HTMLFormElement>(null);
  const send = useSend(desk.device);
  useEffect(() => {
    if (!asked) return;
    form.current?.querySelector<HTMLElement>('input:not([hidden]), textarea, select, button')?.focus();
    form.current?.scrollIntoView({ block: 'nearest' });
  }, [asked]);

  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    if (refusal !== undefined || send.busy) return;
    const done = subtree === undefined ? await send.run(drafts) : await send.subtree(subtree);
    if (done) desk.sent();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape') desk.dismiss();
    else if (event.key === 'Enter' && isCommand(event)) form.current?.requestSubmit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <form
      ref={form}
      className="command-form"
      aria-label={`${name} ${subjectOf(draft)}`}
      onSubmit={submit}
      onKeyDown={onKeyDown}
    >
      {children}
      <div className="command-foot">
        <p id={reasonId} className={refusal === undefined || early ? 'refusal' : 'refusal bad'} role="status">
          {refusal ?? hint}
        </p>
        <Preview
          device={desk.device}
          drafts={refusal === undefined ? drafts : undefined}
          subtree={subtree !== undefined}
        />
        <FailureNote failure={send.failure} onClose={send.clear} />
        <div className="actions">
          <Button
            type="submit"
            variant="filled"
            title={`${COMMAND_KEY}Enter sends`}
            className={danger ? 'danger' : undefined}
            loading={send.busy}
            disabled={refusal !== undefined}
          >
            Send {drafts.length > 1 ? `${drafts.length} commands` : name}
          </Button>
          {subtree === undefined && (
            <Button
              leftSection={<ListPlus size={13} aria-hidden />}
              disabled={refusal !== undefined}
              title="Put it into the batch: several commands go out together"
              onClick={() => desk.collect(drafts)}
            >
              Batch
            </Button>
          )}
          {beside}
          {asked && !beside && (
            <Button variant="subtle" onClick={desk.dismiss}>
              Cancel
            </Button>
          )}
        </div>
      </div>
    </form>
  );
}
