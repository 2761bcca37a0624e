/** Nodes that a description (DDF) lets be added here: one is taken with its name, format, type and default value. */
import type { OffersView, OfferView } from '../../../../../src-core/workbench/ddf/views.ts';

interface OffersProps {
  readonly offers: OffersView;
  readonly onTake: (offer: OfferView) => void;
}

export function Offers({ offers: { offers, open }, onTake }: OffersProps) {
  return (
    <fieldset className="offers">
      <legend>May be added{open ? ', and other names' : ''}</legend>
      {offers.map(offer => (
        <button
          key={`${offer.ddf.id} ${offer.name} ${offer.format}`}
          type="button"
          className="act mono"
          title={[offer.title, offer.description, offer.occurrence.words, offer.ddf.title].filter(Boolean).join('\n')}
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
const labelOf = ({ name, title }: OfferView): string => name || (title ?? 'any name');
