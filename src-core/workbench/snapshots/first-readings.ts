/** Keeps what a device was when all of it was read for the first time: later there is something to compare with. */
import { StoreError } from '../../base/errors.ts';
import type { ServerEvent } from '../../server/effects.ts';
import type { WorkRecord } from '../../server/work-item.ts';
import type { JobRecord, JobStore } from '../../store/contract.ts';
import { ROOT } from '../../tree/uri.ts';
import type { Topic } from '../topic.ts';
import type { SnapshotsRoom } from './room.ts';

export function keepFirstReadings(
  events: Topic<ServerEvent>,
  jobs: Pick<JobStore, 'ofDevice'>,
  room: Pick<SnapshotsRoom, 'takeFirst'>,
): void {
  const settled = new Set<string>();
  const look = async (deviceId: string) => {
    const [first, ...more] = await jobs.ofDevice(deviceId, 2);
    if (!first || settled.has(deviceId)) return;
    if (more.length > 0) settled.add(deviceId);
    else if (isWholeRead(first)) {
      settled.add(deviceId);
      await room.takeFirst(deviceId);
    }
  };
  events.subscribe(event => {
    if (event.kind !== 'work' || settled.has(event.deviceId)) return;
    look(event.deviceId).catch(error => {
      // A store that fails says so at every write; one that is closed wants no snapshot.
      if (!(error instanceof StoreError)) console.error('the first snapshot of a device was not taken:', error);
    });
  });
}

/** A record was written as one. */
function isWholeRead(job: JobRecord): boolean {
  const { spec, state } = job as unknown as WorkRecord;
  return spec.kind === 'read' && spec.uri === ROOT && state === 'answered';
}
