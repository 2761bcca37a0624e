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
    mimeTypes,
    defaultValue,
    contradictions,
    ddf,
  } = description;
  return (
    <section className="note ddf" aria-label="Description">
      <p>
        {title && <b>{title}. </b>}
        {words}
      </p>
      <p className="muted">
        {[
          ddf.title,
          occurrence.words,
          scope === 'Permanent' ? 'permanent' : 'dynamic',
          ...(mimeTypes.length > 0 ? [mimeTypes.join(', ')] : []),
          ...(defaultValue === undefined ? [] : [`default ${JSON.stringify(defaultValue)}`]),
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
