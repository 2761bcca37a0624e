/** Opens the device descriptions from the head of the room; Shift+F8 does the same. */
import { Button } from '@mantine/core';
import { BookOpenText } from 'lucide-react';
import { useRoomActions } from '../../../app/actions.ts';
import { useHotkeys } from '../../../app/hotkeys.ts';
import type { Ddfs } from './use-ddfs.ts';

export function DdfButton({ ddfs: { open, setOpen }, active }: { ddfs: Ddfs; active: boolean }) {
  useHotkeys(event => {
    if (!active || event.key !== 'F8' || event.ctrlKey || event.metaKey || event.altKey || !event.shiftKey)
      return false;
    if (document.querySelector('dialog[open]')) return false;
    setOpen(!open);
    return true;
  });
  useRoomActions(active, [
    {
      label: 'Device descriptions (DDF): list, add, remove',
      detail: 'tree inspector',
      keys: 'Shift+F8',
      run: () => setOpen(true),
    },
  ]);
  return (
    <Button
      className="ddfs-open"
      aria-pressed={open}
      aria-keyshortcuts="Shift+F8"
      leftSection={<BookOpenText size={13} aria-hidden />}
      title="Device descriptions: list, add, remove (Shift+F8)"
      onClick={() => setOpen(!open)}
    >
      DDF
    </Button>
  );
}
