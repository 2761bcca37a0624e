/** The readers, each with what is in it. */
import type { ReaderView } from '../../../src-core/workbench/views.ts';
import { formatRoute } from '../../app/routes.ts';
import { Dot, Pill } from '../../components/Marks.tsx';
import { moveInList } from '../../components/move-in-list.ts';

const STATES = {
  present: { tone: 'ok', name: 'card present' },
  empty: { tone: 'off', name: 'no card' },
  mute: { tone: 'warn', name: 'card does not answer' },
  unavailable: { tone: 'bad', name: 'unavailable' },
} as const;

export function ReaderList({ readers, selected }: { readers: readonly ReaderView[]; selected: string }) {
  return (
    <>
      <h2 className="sec">
        Readers <Pill>{readers.length}</Pill>
      </h2>
      <ul aria-label="Readers" className="readers" onKeyDown={moveInList}>
        {readers.map(reader => (
          <li key={reader.name}>
            <a
              className="list-item"
              href={formatRoute({ room: 'cards', reader: reader.name })}
              aria-current={reader.name === selected ? 'true' : undefined}
            >
              <Dot tone={STATES[reader.state].tone} label={STATES[reader.state].name} />
              <span className="ellipsis list-name" title={`${reader.name} · ${reader.transport}`}>
                {reader.name}
              </span>
              <small>{describe(reader)}</small>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

function describe(reader: ReaderView): string {
  switch (reader.state) {
    case 'present':
      return `card ${reader.iccid ?? 'without ICCID'} · ${reader.transport === 'pcscd' ? 'PC/SC' : 'in-process, virtual'}`;
    case 'empty':
      return 'no card: insert one';
    case 'mute':
      return 'the card does not answer: turn it over, or clean its contacts';
    case 'unavailable':
      return 'reader unavailable: another program may hold it';
  }
}
