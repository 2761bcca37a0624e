/** Opens snapshots and comparisons from the head of the room; F7 does the same, Shift+F7 takes one. */
import { Button } from '@mantine/core';
import { GitCompare } from 'lucide-react';
import { useRoomActions } from '../../../app/actions.ts';
import { useHotkeys } from '../../../app/hotkeys.ts';
import type { Snapshots } from './use-snapshots.ts';
import './snapshots.css';

export function SnapshotsButton({ snapshots, active }: { snapshots: Snapshots; active: boolean }) {
  const { open, setOpen, take } = snapshots;
  const toggle = () => setOpen(!open);
  const takeOne = () => {
    setOpen(true);
    void take.run();
  };
  useHotkeys(event => {
    if (!active || event.key !== 'F7' || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (document.querySelector('dialog[open]')) return false;
    if (event.shiftKey) takeOne();
    else toggle();
    return true;
  });
  useRoomActions(active, [
    {
      label: 'Snapshots: compare trees, apply, export, import',
      detail: 'tree inspector',
      keys: 'F7',
      run: () => setOpen(true),
    },
    { label: 'Take a snapshot of this device', detail: 'tree inspector', keys: 'Shift+F7', run: takeOne },
  ]);
  return (
    <Button
      className="snapshots-open"
      aria-pressed={open}
      aria-keyshortcuts="F7"
      leftSection={<GitCompare size={13} aria-hidden />}
      title="Snapshots: compare, apply, export, import (F7)"
      onClick={toggle}
    >
      Snapshots
    </Button>
  );
}
