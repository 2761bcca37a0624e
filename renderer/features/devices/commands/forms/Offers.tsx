/** What descriptions (DDF) let be added here, nodes and whole objects: one is taken with its name, format, type and default value. */

import type { OffersView, OfferView } from '../../../../../src-core/workbench/ddf/views.ts';
import { plural } from '../../../../components/format.ts';

interface OffersProps {
  readonly offers: OffersView;
  readonly onTake: (offer: OfferView) => void;
}

export function Offers({ offers: { offers, objects, open }, onTake }: OffersProps) {
  return (
    <>
      <OfferList legend={`May be added${open ? ', and other names' : ''}`} offers={offers} onTake={onTake} />
      {objects.length > 0 && (
        <details className="offers-more">
          <summary>{plural(objects.length, 'object')} that may stand anywhere</summary>
          <OfferList legend="Objects" offers={objects} onTake={onTake} />
        </details>
      )}
    </>
  );
}

interface OfferListProps {
  readonly legend: string;
  readonly offers: readonly OfferView[];
  readonly onTake: (offer: OfferView) => void;
}

function OfferList({ legend, offers, onTake }: OfferListProps) {
  if (offers.length === 0) return null;
  return (
    <fieldset className="offers">
      <legend>{legend}</legend>
      {offers.map(offer => (
        <button
          key={`${offer.ddf.id} ${offer.identifier} ${offer.name} ${offer.format}`}
          type="button"
          className="act mono"
          title={wordsOf(offer)}
          onClick={() => onTake(offer)}
        >
          {labelOf(offer)} <span className="muted">{offer.format}</span>
          {offers.some(other => other !== offer && labelOf(other) === labelOf(offer)) && (
            <span className="muted"> {offer.ddf.title}</span>
          )}
          {offer.required && <b className="warn"> required</b>}
        </button>
      ))}
    </fieldset>
  );
}

/** A placeholder has no name of its own. */
const labelOf = ({ name, title, identifier }: OfferView): string => name || (title ?? identifier ?? 'any name');

function wordsOf({ title, description, identifier, occurrence, ddf }: OfferView): string {
  return [title, description, identifier, occurrence.words, ddf.title].filter(Boolean).join('\n');
}
