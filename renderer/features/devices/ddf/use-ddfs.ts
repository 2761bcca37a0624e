/** The device descriptions that the workbench knows, and whether their panel is open. */
import { useEffect, useState } from 'react';
import type { DdfFileView } from '../../../../src-core/workbench/ddf/views.ts';
import { useLatest } from '../../../api/use-subscription.ts';

export interface Ddfs {
  /** Undefined until they are here. */
  readonly files: readonly DdfFileView[] | undefined;
  readonly open: boolean;
  readonly setOpen: (open: boolean) => void;
}

interface Place {
  /** Something else is where the panel stands. */
  readonly taken: boolean;
  /** Makes room for it. */
  readonly onOpen: () => void;
}

/** They are asked for once the panel is open. */
export function useDdfs({ taken, onOpen }: Place): Ddfs {
  const [open, setOpen] = useState(false);
  const { state } = useLatest<readonly DdfFileView[]>(open ? 'ddfs' : undefined, (api, observer) =>
    api.ddf.watch.subscribe(undefined, observer),
  );
  useEffect(() => {
    if (taken) setOpen(false);
  }, [taken]);
  return {
    files: state,
    open,
    setOpen(next) {
      if (next) onOpen();
      setOpen(next);
    },
  };
}
