/** What differs between two trees: the choice of both, how much, and a virtual list of it under the nodes it belongs to. */
import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import { ArrowLeftRight, RefreshCw, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ChangeKind, ChangeView, DiffView, SnapshotView } from '../../../../src-core/workbench/snapshots/views.ts';
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import { CopyButton } from '../../../components/CopyButton.tsx';
import { FailureNote } from '../../../components/FailureNote.tsx';
import { plural } from '../../../components/format.ts';
import { DiffList } from './DiffList.tsx';
import { changeAsText, groupChanges, KIND_MARK, KIND_WORD, KINDS } from './diff-rows.ts';
import { type Sides, sideKey, sideOf, sideOptions } from './sides.ts';
import type { Snapshots } from './use-snapshots.ts';

interface DiffPanelProps {
  readonly snapshots: Snapshots;
  readonly devices: readonly DeviceView[];
  readonly chosen: ChangeView | undefined;
  readonly onChoose: (change: ChangeView) => void;
  readonly onShow: (uri: string) => void;
}

const NO_KINDS: ReadonlySet<ChangeKind> = new Set();

export function DiffPanel({ snapshots, devices, chosen, onChoose, onShow }: DiffPanelProps) {
  const { sides, diff } = snapshots;
  const [text, setText] = useState('');
  const [without, setWithout] = useState(NO_KINDS);
  const groups = useMemo(() => groupChanges(diff?.changes ?? [], { text, without }), [diff, text, without]);
  const shown = useMemo(() => [...groups.values()].reduce((sum, { length }) => sum + length, 0), [groups]);
  const toggle = (kind: ChangeKind) => {
    const next = new Set(without);
    if (!next.delete(kind)) next.add(kind);
    setWithout(next);
  };
  return (
    <section className="panel" aria-label="Comparison">
      <div className="sec">
        <h2>Compare</h2>
        {snapshots.outdated && <span className="warn">the tree has changed since</span>}
        <span className="right buttons">
          {diff && shown > 0 && (
            <CopyButton what="differences" text={() => [...groups.values()].flat().map(changeAsText).join('\n')} />
          )}
          {diff && (
            <CopyButton what="differences as JSON" text={() => JSON.stringify([...groups.values()].flat(), null, 2)} />
          )}
          {sides && (
            <ActionIcon aria-label="Compare again" title="Compare again" onClick={snapshots.again}>
              <RefreshCw size={13} aria-hidden />
            </ActionIcon>
          )}
          <ActionIcon
            aria-label="Close snapshots"
            title="Back to the tree (F7)"
            onClick={() => snapshots.setOpen(false)}
          >
            <X size={14} aria-hidden />
          </ActionIcon>
        </span>
      </div>
      {sides && (
        <SidePickers sides={sides} devices={devices} list={snapshots.list ?? []} onCompare={snapshots.compare} />
      )}
      <FailureNote failure={snapshots.failure} />
      {diff && diff.changes.length > 0 && (
        <div className="diff-filter">
          <TextInput
            aria-label="Filter the differences"
            placeholder="URI or text"
            value={text}
            onChange={event => setText(event.currentTarget.value)}
          />
          <fieldset className="kinds" aria-label="Kinds shown">
            {KINDS.map(kind => (
              <KindButton
                key={kind}
                kind={kind}
                count={diff.counts[kind]}
                on={!without.has(kind)}
                onToggle={() => toggle(kind)}
              />
            ))}
          </fieldset>
          <span className="muted right" role="status">
            {shown === diff.changes.length
              ? plural(shown, 'difference')
              : `${shown} of ${plural(diff.changes.length, 'difference')}`}
          </span>
        </div>
      )}
      {diff && <Remarks diff={diff} />}
      {diff && groups.size > 0 ? (
        <DiffList groups={groups} chosen={chosen} onChoose={onChoose} onShow={onShow} />
      ) : (
        <Nothing snapshots={snapshots} filtered={diff !== undefined && diff.changes.length > 0} />
      )}
      {sides && diff && diff.changes.length > 0 && (
        <div className="diff-foot">
          <Button onClick={() => snapshots.setDoing({ what: 'apply' })}>Apply to device…</Button>
          <span className="muted ellipsis">shows the exact commands first</span>
        </div>
      )}
    </section>
  );
}

interface SidePickersProps {
  readonly sides: Sides;
  readonly devices: readonly DeviceView[];
  readonly list: readonly SnapshotView[];
  readonly onCompare: (sides: Sides) => void;
}

function SidePickers({ sides, devices, list, onCompare }: SidePickersProps) {
  const options = sideOptions(devices, list);
  const picker = (name: keyof Sides, label: string) => (
    <NativeSelect
      aria-label={label}
      data={options}
      value={sideKey(sides[name])}
      onChange={event => onCompare({ ...sides, [name]: sideOf(event.currentTarget.value) })}
    />
  );
  return (
    <div className="sides">
      {picker('from', 'Compare from')}
      <ActionIcon
        aria-label="Swap the two trees"
        title="Swap"
        onClick={() => onCompare({ from: sides.to, to: sides.from })}
      >
        <ArrowLeftRight size={14} aria-hidden />
      </ActionIcon>
      {picker('to', 'Compare to')}
    </div>
  );
}

interface KindButtonProps {
  readonly kind: ChangeKind;
  readonly count: number;
  readonly on: boolean;
  readonly onToggle: () => void;
}

function KindButton({ kind, count, on, onToggle }: KindButtonProps) {
  return (
    <button
      type="button"
      className={`kind tone-${kind}`}
      aria-pressed={on}
      disabled={count === 0}
      title={`${count.toLocaleString('en-US')} ${KIND_WORD[kind]}`}
      onClick={onToggle}
    >
      <span aria-hidden>{KIND_MARK[kind]}</span> {count.toLocaleString('en-US')}
      <span className="sr-only"> {KIND_WORD[kind]}</span>
    </button>
  );
}

/** What the comparison cannot tell. */
function Remarks({ diff }: { diff: DiffView }) {
  const { unknown, unread, notCompared, more } = diff;
  const remarks = [
    more > 0 && `${more.toLocaleString('en-US')} more are not shown`,
    unknown.from > 0 && `${plural(unknown.from, 'node')} never read on the left`,
    unknown.to > 0 && `${plural(unknown.to, 'node')} never read on the right`,
    unread > 0 && `${plural(unread, 'value')} read on one side only`,
    ...notCompared.map(
      ({ property, missingIn }) => `${property}: not in the ${missingIn === 'from' ? 'left' : 'right'} tree`,
    ),
  ].filter(remark => remark !== false);
  if (remarks.length === 0) return null;
  return (
    <details className="remarks">
      <summary>Not compared: {plural(remarks.length, 'reason')}</summary>
      <ul>
        {remarks.map(remark => (
          <li key={remark}>{remark}</li>
        ))}
      </ul>
    </details>
  );
}

function Nothing({ snapshots, filtered }: { snapshots: Snapshots; filtered: boolean }) {
  const { sides, list, diff, failure } = snapshots;
  if (failure || (!diff && sides) || !list) return <div className="empty">{!failure && <h2>Comparing…</h2>}</div>;
  return (
    <div className="empty">
      {!sides ? (
        <>
          <h2>Nothing to compare yet</h2>
          <p>Take a snapshot of this device, or import a file. Later you see here what changed since.</p>
        </>
      ) : (
        <>
          <h2>{filtered ? 'Nothing fits the filter' : 'No difference'}</h2>
          {!filtered && diff && <p>{plural(diff.nodes.to, 'node')} compared.</p>}
        </>
      )}
    </div>
  );
}
