/** A standard object as what it is: beside the properties of each of its nodes. */
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ObjectFact, ObjectView } from '../../../../src-core/workbench/object-views.ts';
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import { DmAccountCard } from './DmAccountCard.tsx';
import { FumoCard } from './FumoCard.tsx';
import { useObject } from './use-object.ts';
import './objects.css';

interface ObjectCardProps {
  readonly device: DeviceView;
  readonly uri: string;
  readonly readAt: number | undefined;
}

export function ObjectCard({ device, uri, readAt }: ObjectCardProps) {
  const view = useObject(device, uri, readAt);
  if (!view) return null;
  return (
    <section className="object" aria-label={NAMES[view.kind]}>
      <h3>
        {NAMES[view.kind]} <span className="muted mono">{view.uri}</span>
      </h3>
      {contentOf(view)}
      {view.problems.length > 0 && (
        <ul className="object-problems" aria-label="Problems of the object">
          {view.problems.map(problem => (
            <li key={problem}>
              <TriangleAlert size={12} aria-hidden /> {problem}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const NAMES: Readonly<Record<ObjectView['kind'], string>> = {
  dmacc: 'DM account',
  devinfo: 'Device',
  devdetail: 'Details of the device',
  inbox: 'Inbox',
  fumo: 'Firmware update',
};

function contentOf(view: ObjectView): ReactNode {
  switch (view.kind) {
    case 'dmacc':
      return <DmAccountCard view={view} />;
    case 'devinfo':
    case 'devdetail':
      return <FactList facts={view.facts} />;
    case 'inbox':
      return <p>{inboxWords(view.waiting)}</p>;
    case 'fumo':
      return <FumoCard view={view} />;
  }
}

function FactList({ facts }: { facts: readonly ObjectFact[] }) {
  return (
    <dl className="kv">
      {facts.map(({ label, path, value }) => (
        <div key={path} className="pair">
          <dt title={path}>{label}</dt>
          <dd>{value ?? <span className="muted">not read</span>}</dd>
        </div>
      ))}
    </dl>
  );
}

function inboxWords(waiting: readonly string[]): string {
  return waiting.length === 0
    ? 'Empty. An object that is added here as TNDS is placed by the device itself, where it belongs.'
    : `The device has not placed these yet: ${waiting.join(', ')}.`;
}
