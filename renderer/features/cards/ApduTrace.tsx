/** What was said to the card and what it answered, newest last. A long line opens when it is pressed. */
import { useState } from 'react';
import type { ApduView } from '../../../src-core/workbench/views.ts';
import { useLatest } from '../../api/use-subscription.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { formatDuration } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';

export function ApduTrace({ reader }: { reader: string }) {
  const { state: apdus = [] } = useLatest<readonly ApduView[]>(`apdus ${reader}`, (api, observer) =>
    api.cards.apdus.subscribe({ reader }, observer),
  );
  const text = apdus.map(a => `> ${a.command}\n< ${a.response}${a.statusWord} ${a.meaning} ${a.ms} ms`).join('\n');
  return (
    <>
      <h2 className="sec ruled">
        APDU trace <Pill>{apdus.length}</Pill>
        <span className="right">{apdus.length > 0 && <CopyButton what="APDU trace" text={text} />}</span>
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long trace is scrolled with the keyboard */}
      <section className="scroll trace" aria-label="APDU trace" tabIndex={0}>
        <div>
          {apdus.length === 0 && <p className="muted">Nothing was sent to this card yet.</p>}
          {apdus.map((apdu, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the trace only grows
            <Line key={i} apdu={apdu} />
          ))}
        </div>
      </section>
    </>
  );
}

function Line({ apdu }: { apdu: ApduView }) {
  const [open, setOpen] = useState(false);
  return (
    <button type="button" className="apdu" aria-expanded={open} title={apdu.meaning} onClick={() => setOpen(!open)}>
      <span className={open ? 'bytes open' : 'bytes'}>{apdu.command}</span>
      <b className={apdu.ok ? undefined : 'bad'}>{apdu.statusWord}</b>
      <span className="ms">{formatDuration(apdu.ms)}</span>
      {open && apdu.response && <span className="bytes open answer">{apdu.response}</span>}
      {(open || !apdu.ok) && <span className="meaning">{apdu.meaning}</span>}
    </button>
  );
}
