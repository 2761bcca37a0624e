/** What a description (DDF) says of the node: what it is for, how often it occurs, and which commands it takes. */
import type { DescriptionView } from '../../../../src-core/workbench/ddf/views.ts';
import { Pill } from '../../../components/Marks.tsx';

export function Description({ description }: { description: DescriptionView }) {
  const {
    title,
    description: words,
    occurrence,
    scope,
    access,
    format,
    mimeTypes,
    defaultValue,
    caseSense,
    contradictions,
    ddf,
  } = description;
  return (
    <section className="note first ddf" aria-label="Description">
      <p>
        {title && <b>{title}. </b>}
        {words}
      </p>
      <p className="muted">
        <span title={whose(description)}>{ddf.title}</span>
        {[
          '',
          occurrence.words,
          scope === 'Permanent' ? 'permanent' : 'dynamic',
          format,
          ...(mimeTypes.length > 0 ? [mimeTypes.join(', ')] : []),
          ...(defaultValue === undefined ? [] : [`default ${JSON.stringify(defaultValue)}`]),
          ...(caseSense === 'CIS' ? ['case does not matter below'] : []),
        ].join(' · ')}
      </p>
      {access && (
        <p className="pills">
          {access.length === 0 && <span className="muted">takes no command</span>}
          {access.map(command => (
            <Pill key={command}>{command}</Pill>
          ))}
        </p>
      )}
      {contradictions.map(contradiction => (
        <p key={contradiction} className="warn">
          {contradiction}
        </p>
      ))}
    </section>
  );
}

/** Which document says so, for whom, and where its description begins. */
function whose({ ddf: { origin, generic }, root }: DescriptionView): string {
  const by = origin === 'own' ? 'Your own description' : 'Built in';
  const object = root.identifier === undefined ? 'from' : `object ${root.identifier} at`;
  return `${by}, for ${generic ? 'no model in particular: a device may allow more' : 'this model'}; ${object} ${root.uri}`;
}
