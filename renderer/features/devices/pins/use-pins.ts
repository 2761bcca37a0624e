/** Pinned subtrees of each device, remembered by this page. */
import { useCallback, useSyncExternalStore } from 'react';

const KEY = 'dmw-pins';
const NONE: readonly string[] = [];

type Pins = Readonly<Record<string, readonly string[]>>;

let pins = recall();
const listeners = new Set<() => void>();

export interface DevicePins {
  readonly uris: readonly string[];
  readonly toggle: (uri: string) => void;
}

export function usePins(deviceId: string | undefined): DevicePins {
  const read = useCallback(() => (deviceId === undefined ? NONE : (pins[deviceId] ?? NONE)), [deviceId]);
  const uris = useSyncExternalStore(watch, read);
  const toggle = useCallback(
    (uri: string) => {
      if (deviceId === undefined) return;
      const before = pins[deviceId] ?? NONE;
      const after = before.includes(uri) ? before.filter(pinned => pinned !== uri) : [...before, uri];
      pins = { ...pins, [deviceId]: after };
      localStorage.setItem(KEY, JSON.stringify(pins));
      for (const listener of listeners) listener();
    },
    [deviceId],
  );
  return { uris, toggle };
}

function watch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What another version or a person left there is not trusted. */
function recall(): Pins {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return {};
    return Object.fromEntries(
      Object.entries(kept).map(([id, uris]) => [
        id,
        Array.isArray(uris) ? uris.filter(u => typeof u === 'string') : [],
      ]),
    );
  } catch {
    return {};
  }
}
