/** What a person is about to send: the form in hand for the node in hand, the batch of the device, and the lower pane. */
import { useState } from 'react';
import type { BottomTab } from './Bottom.tsx';
import { type Batch, EMPTY_BATCH } from './batch.ts';
import { type Intent, READ } from './desk.ts';

export interface Drafting {
  readonly intent: Intent;
  readonly ask: (intent: Intent) => void;
  readonly dismiss: () => void;
  readonly batch: Batch;
  readonly setBatch: (batch: Batch) => void;
  readonly batchSent: () => void;
  readonly tab: BottomTab;
  readonly setTab: (tab: BottomTab) => void;
  /** Work that is open in the list of commands. */
  readonly openedWork: string | undefined;
  readonly showWork: (id: string | undefined) => void;
}

export function useDrafting(deviceId: string | undefined, uri: string): Drafting {
  const node = `${deviceId} ${uri}`;
  const [asked, setAsked] = useState<{ readonly node: string; readonly intent: Intent }>();
  const [batches, setBatches] = useState<Readonly<Record<string, Batch>>>({});
  const [tab, setTab] = useState<BottomTab>('messages');
  const [openedWork, setOpenedWork] = useState<string>();
  const setBatch = (batch: Batch) => setBatches({ ...batches, [deviceId ?? '']: batch });
  return {
    // What was asked for one node says nothing of another.
    intent: asked?.node === node ? asked.intent : READ,
    ask: intent => setAsked({ node, intent }),
    dismiss: () => setAsked(undefined),
    batch: batches[deviceId ?? ''] ?? EMPTY_BATCH,
    setBatch,
    batchSent: () => {
      setBatch(EMPTY_BATCH);
      setOpenedWork(undefined);
      setTab('commands');
    },
    tab,
    setTab,
    openedWork,
    showWork: id => {
      setOpenedWork(id);
      setTab('commands');
    },
  };
}
