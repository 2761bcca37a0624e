/** A tile for each reader: its state in a word that is read from two metres, in colour, with a sign. */
import type { PlaceView } from '../../../../src-core/workbench/cards/batch/views.ts';
import { STAGES } from './stages.ts';

export function Places({ places }: { places: readonly PlaceView[] }) {
  if (places.length === 0) {
    return (
      <div className="places">
        <div className="reader-tile calm">
          <strong>No reader</strong>
          <p>Connect a card reader: it appears here by itself.</p>
        </div>
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: many readers are scrolled with the keyboard
    <ul className="places" aria-label="Readers at work" tabIndex={0}>
      {places.map(place => (
        <PlaceTile key={place.reader} place={place} />
      ))}
    </ul>
  );
}

function PlaceTile({ place: { reader, stage, iccid, line, text, progress } }: { place: PlaceView }) {
  const { word, tone, icon: Icon } = STAGES[stage];
  return (
    <li className={`reader-tile ${tone}`} aria-label={reader}>
      <div className="place-head">
        <span className="ellipsis">{reader}</span>
        <span className="right">{line !== undefined && `line ${line}`}</span>
      </div>
      <div className="place-state" role="status" aria-label={`State of ${reader}`}>
        <strong>
          <Icon aria-hidden className={tone === 'busy' ? 'place-icon turning' : 'place-icon'} />
          <span>{word}</span>
        </strong>
        <p>{text}</p>
      </div>
      <p className="place-card mono">{iccid ?? '\u00a0'}</p>
      {stage === 'writing' && <progress aria-label={`Progress in ${reader}`} value={progress} max={1} />}
    </li>
  );
}
