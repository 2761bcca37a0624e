/** Words and colours of a device's reachability. */
import type { Reachability } from '../../../src-core/workbench/views.ts';
import type { DotTone, Tone } from '../../components/Marks.tsx';

export const REACH: Readonly<
  Record<Reachability, { readonly name: string; readonly dot: DotTone; readonly pill: Tone }>
> = {
  'in-session': { name: 'in session', dot: 'live', pill: 'ok' },
  seen: { name: 'reachable', dot: 'ok', pill: 'plain' },
  failed: { name: 'last session failed', dot: 'bad', pill: 'bad' },
  never: { name: 'never connected', dot: 'off', pill: 'plain' },
};
