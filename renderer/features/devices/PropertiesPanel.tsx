/** The node in hand: its properties, what a DDF says of it, its value in full, earlier values, and the next command. */
import { ActionIcon } from '@mantine/core';
import { Pin, PinOff } from 'lucide-react';
import { useState } from 'react';
import type { WorkView } from '../../../src-core/workbench/work-views.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import type { Act, Desk, Intent } from './commands/desk.ts';
import { NextCommand } from './commands/NextCommand.tsx';
import { NodeWork } from './commands/NodeWork.tsx';
import { offeredActs } from './commands/offered.ts';
import { Description } from './node/Description.tsx';
import { Facts } from './node/Facts.tsx';
import { History } from './node/History.tsx';
import { useDescription } from './node/use-description.ts';
import { Value } from './node/Value.tsx';
import { BULLETS, isSecretNode } from './node/values.ts';
import { ObjectCard } from './objects/ObjectCard.tsx';
import type { DevicePins } from './pins/use-pins.ts';
import type { TreeIndex } from './tree-index.ts';
import { isInterior } from './tree-node.ts';

interface PropertiesPanelProps {
  readonly index: TreeIndex;
  readonly uri: string;
  /** Undefined before any device is there. */
  readonly desk: Desk | undefined;
  readonly intent: Intent;
  readonly onIntent: (intent: Intent) => void;
  readonly pins: DevicePins;
  /** The last that was asked of this node. */
  readonly work: WorkView | undefined;
  readonly onShowWork: (id: string) => void;
}

export function PropertiesPanel(props: PropertiesPanelProps) {
  const { index, uri, desk, intent, onIntent, pins, work, onShowWork } = props;
  const [revealed, setRevealed] = useState(false);
  const node = index.get(uri);
  const view = node?.view;
  const leaf = node !== undefined && !isInterior(node);
  const secret = leaf && isSecretNode(uri);
  const hidden = secret && !revealed;
  const description = useDescription(desk?.device.id, uri, view?.readAt);
  const object = desk && <ObjectCard device={desk.device} uri={uri} readAt={view?.readAt} />;
  const ask = (act: Act, start?: string) => onIntent({ act, asked: true, ...(start !== undefined && { start }) });
  return (
    <section className="panel properties" aria-label="Properties">
      <h2 className="sec">
        <span className="ellipsis mono" title={uri}>
          {uri}
        </span>
        <span className="right buttons">
          <PinButton uri={uri} pins={pins} />
          {view && (
            <CopyButton
              what="node as JSON"
              text={() => JSON.stringify(hidden && view.value ? { ...view, value: BULLETS } : view, null, 2)}
            />
          )}
          <CopyButton what="URI" text={uri} />
        </span>
      </h2>
      <div className="scroll">
        {!leaf && object}
        {description && <Description description={description} />}
        {node && view ? (
          <Facts index={index} node={node} onEdit={ask} />
        ) : (
          <p className="note first">
            {node ? 'Known by its descendants only: not read itself.' : 'Not read yet, or no longer in the tree.'}
          </p>
        )}
        {view && leaf && (
          <Value
            view={view}
            revealed={revealed}
            onReveal={secret ? setRevealed : undefined}
            onEdit={() => ask('Replace')}
          />
        )}
        {leaf && object}
        {view && desk && (
          <History deviceId={desk.device.id} view={view} hidden={hidden} onRestore={value => ask('Replace', value)} />
        )}
      </div>
      {desk && (
        <NextCommand
          desk={desk}
          index={index}
          uri={uri}
          intent={intent}
          onIntent={onIntent}
          offered={offeredActs(node)}
        >
          <NodeWork
            device={desk.device}
            uri={uri}
            work={work}
            view={view}
            onShow={onShowWork}
            onRestore={value => ask('Replace', value)}
          />
        </NextCommand>
      )}
    </section>
  );
}

function PinButton({ uri, pins }: { uri: string; pins: DevicePins }) {
  const pinned = pins.uris.includes(uri);
  const label = pinned ? 'Unpin this subtree' : 'Pin this subtree';
  return (
    <ActionIcon aria-label={label} title={label} aria-pressed={pinned} onClick={() => pins.toggle(uri)}>
      {pinned ? <PinOff size={13} aria-hidden /> : <Pin size={13} aria-hidden />}
    </ActionIcon>
  );
}
