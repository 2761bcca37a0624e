/** The lower pane: messages, commands with their answers, and the batch, one at a time. */
import type { ReactNode } from 'react';
import { moveInList } from '../../../components/move-in-list.ts';

export type BottomTab = 'messages' | 'commands' | 'batch';

interface BottomProps {
  readonly tab: BottomTab;
  readonly onTab: (tab: BottomTab) => void;
  /** Commands that wait, and commands in the batch. */
  readonly counts: { readonly commands: number; readonly batch: number };
  readonly children: ReactNode;
}

const TABS = [
  { tab: 'messages', name: 'Messages' },
  { tab: 'commands', name: 'Commands' },
  { tab: 'batch', name: 'Batch' },
] as const;

export function Bottom({ tab, onTab, counts, children }: BottomProps) {
  return (
    <div className="lower">
      <div
        className="lower-tabs"
        role="tablist"
        aria-label="Lower pane"
        aria-orientation="vertical"
        onKeyDown={moveInList}
      >
        {TABS.map(({ tab: other, name }) => {
          const count = other === 'messages' ? 0 : counts[other];
          return (
            <button
              key={other}
              id={`lower-tab-${other}`}
              type="button"
              role="tab"
              aria-selected={other === tab}
              aria-controls="lower-panel"
              tabIndex={other === tab ? 0 : -1}
              onClick={() => onTab(other)}
            >
              {name}
              {count > 0 && <span className="count">{count}</span>}
            </button>
          );
        })}
      </div>
      <div id="lower-panel" role="tabpanel" aria-labelledby={`lower-tab-${tab}`}>
        {children}
      </div>
    </div>
  );
}
