/** What was said to the card and what it answered, newest last; filtered, copied, kept as a file. A line opens when pressed. */
import { ActionIcon, Menu, TextInput } from '@mantine/core';
import { Download, OctagonAlert } from 'lucide-react';
import { Fragment, useState } from 'react';
import type { ApduView } from '../../../src-core/workbench/views.ts';
import { useAction } from '../../api/use-action.ts';
import { useLatest } from '../../api/use-subscription.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { FailureNote } from '../../components/FailureNote.tsx';
import { formatDuration } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';
import { download } from '../sessions/download.ts';
import { cardFrom, filterTrace, type TraceFilter, traceText } from './trace-lines.ts';
import './trace.css';

type TraceForm = 'text' | 'json';

const ALL: TraceFilter = { text: '', refusedOnly: false };

export function ApduTrace({ reader }: { reader: string }) {
  const { state: apdus = [] } = useLatest<readonly ApduView[]>(`apdus ${reader}`, (api, observer) =>
    api.cards.apdus.subscribe({ reader }, observer),
  );
  const [filter, setFilter] = useState(ALL);
  const kept = filterTrace(apdus, filter);
  const save = useAction(async (api, form: TraceForm) => download(await api.cards.trace.query({ reader, form })));
  return (
    <>
      <div className="sec ruled">
        <h2>APDU trace</h2>
        <Pill>{kept.length === apdus.length ? apdus.length : `${kept.length} of ${apdus.length}`}</Pill>
        {apdus.length > 0 && (
          <span className="right">
            <CopyButton what="APDU trace" text={() => traceText(kept)} />
            <SaveMenu busy={save.busy} onSave={save.run} />
          </span>
        )}
      </div>
      <FailureNote failure={save.failure} onClose={save.clear} />
      {apdus.length > 0 && <FilterBar filter={filter} onFilter={setFilter} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long trace is scrolled with the keyboard */}
      <section className="scroll trace" aria-label="APDU trace" tabIndex={0}>
        <div key={`${filter.refusedOnly} ${filter.text}`}>
          {apdus.length === 0 && <p className="muted">Nothing was sent to this card yet.</p>}
          {apdus.length > 0 && kept.length === 0 && <p className="muted">No command fits the filter.</p>}
          {kept.map((apdu, i) => {
            const card = cardFrom(kept, i);
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: the trace only grows, and begins anew with another filter
              <Fragment key={i}>
                {card && <p className="card">{card}</p>}
                <Line apdu={apdu} />
              </Fragment>
            );
          })}
        </div>
      </section>
    </>
  );
}

function SaveMenu({ busy, onSave }: { busy: boolean; onSave: (form: TraceForm) => void }) {
  const label = 'Save APDU trace…';
  return (
    <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon aria-label={label} title={label} loading={busy}>
          <Download size={13} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onSave('text')}>All of it as text</Menu.Item>
        <Menu.Item onClick={() => onSave('json')}>All of it as JSON</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface FilterBarProps {
  readonly filter: TraceFilter;
  readonly onFilter: (filter: TraceFilter) => void;
}

function FilterBar({ filter, onFilter }: FilterBarProps) {
  return (
    <div className="trace-bar">
      <TextInput
        aria-label="Filter the APDU trace"
        placeholder="Filter: READ, 6431, 6982…"
        spellCheck={false}
        value={filter.text}
        onChange={event => onFilter({ ...filter, text: event.currentTarget.value })}
        onKeyDown={event => event.key === 'Escape' && onFilter({ ...filter, text: '' })}
      />
      <ActionIcon
        variant={filter.refusedOnly ? 'filled' : 'subtle'}
        aria-pressed={filter.refusedOnly}
        aria-label="Refused only"
        title="Only what the card refused"
        onClick={() => onFilter({ ...filter, refusedOnly: !filter.refusedOnly })}
      >
        <OctagonAlert size={13} aria-hidden />
      </ActionIcon>
    </div>
  );
}

function Line({ apdu }: { apdu: ApduView }) {
  const [open, setOpen] = useState(false);
  return (
    <button type="button" className="apdu" aria-expanded={open} title={apdu.meaning} onClick={() => setOpen(!open)}>
      {apdu.text && <span className="words">{apdu.text}</span>}
      <span className={open ? 'bytes open' : 'bytes'}>{apdu.command}</span>
      <b className={apdu.ok ? undefined : 'bad'}>{apdu.statusWord || 'none'}</b>
      <span className="ms">{formatDuration(apdu.ms)}</span>
      {open && apdu.response && <span className="bytes open answer">{apdu.response}</span>}
      {(open || !apdu.ok) && <span className="meaning">{apdu.meaning}</span>}
    </button>
  );
}
