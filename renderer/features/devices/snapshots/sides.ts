/** The two trees of a comparison as a person chooses them. Pure. */
import type { SnapshotView, TreeSide } from '../../../../src-core/workbench/snapshots/views.ts';
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import { formatStamp } from '../../../components/format.ts';

export interface Sides {
  readonly from: TreeSide;
  readonly to: TreeSide;
}

/** As a select has it: `device IMEI:1`, `snapshot 7`. */
export function sideKey(side: TreeSide): string {
  return side.kind === 'device' ? `device ${side.deviceId}` : `snapshot ${side.key}`;
}

export function sideOf(key: string): TreeSide {
  const rest = key.slice(key.indexOf(' ') + 1);
  return key.startsWith('device ') ? { kind: 'device', deviceId: rest } : { kind: 'snapshot', key: rest };
}

/** What changed at the device since its newest snapshot; without one, the newest of any; undefined without any. */
export function firstSides(deviceId: string, snapshots: readonly SnapshotView[]): Sides | undefined {
  const own = snapshots.find(({ source, origin }) => source === 'device' && origin === deviceId) ?? snapshots[0];
  if (!own) return undefined;
  return { from: { kind: 'snapshot', key: own.key }, to: { kind: 'device', deviceId } };
}

/** The sides where both are still there. */
export function validSides(
  sides: Sides | undefined,
  snapshots: readonly SnapshotView[],
  devices: readonly DeviceView[],
): Sides | undefined {
  const isThere = (side: TreeSide) =>
    side.kind === 'device'
      ? devices.some(({ id }) => id === side.deviceId)
      : snapshots.some(({ key }) => key === side.key);
  return sides && isThere(sides.from) && isThere(sides.to) ? sides : undefined;
}

export function sideOptions(devices: readonly DeviceView[], snapshots: readonly SnapshotView[]) {
  const live = devices.filter(({ nodeCount }) => nodeCount > 0);
  return [
    { group: 'Now', items: live.map(({ id, name }) => ({ value: `device ${id}`, label: `${name}, now` })) },
    {
      group: 'Snapshots',
      items: snapshots.map(({ key, name, takenAt }) => ({
        value: `snapshot ${key}`,
        label: `${name} · ${formatStamp(takenAt)}`,
      })),
    },
  ].filter(({ items }) => items.length > 0);
}

export function nameOfSide(side: TreeSide, devices: readonly DeviceView[], snapshots: readonly SnapshotView[]): string {
  if (side.kind === 'device') return `${devices.find(({ id }) => id === side.deviceId)?.name ?? side.deviceId}, now`;
  const snapshot = snapshots.find(({ key }) => key === side.key);
  return snapshot ? `${snapshot.name} · ${formatStamp(snapshot.takenAt)}` : 'a snapshot';
}

/** The device that a comparison is about: the one that is compared as it is now, or that the snapshots are of. */
export function deviceOfSides({ from, to }: Sides, snapshots: readonly SnapshotView[]): string | undefined {
  const live = [from, to].find(side => side.kind === 'device');
  if (live) return live.deviceId;
  const keys = [from, to].map(side => (side.kind === 'snapshot' ? side.key : ''));
  return snapshots.find(({ key, source }) => source === 'device' && keys.includes(key))?.origin;
}

/** True where the device is on the right as it is now: then it can only become what is on the left. */
export function goesBack({ from, to }: Sides, deviceId: string): boolean {
  const isNow = (side: TreeSide) => side.kind === 'device' && side.deviceId === deviceId;
  return isNow(to) && !isNow(from);
}
