/** What people want of devices: work, now where a session is open for it and else in the next one; sessions held open. */
import { RequestError } from '../base/errors.ts';
import type { Device } from './device.ts';
import type { DeviceRegistry } from './device-registry.ts';
import { Effects } from './effects.ts';
import type { HeldSessions } from './held-sessions.ts';
import type { JobSpec } from './jobs/spec.ts';
import type { LiveSession } from './live-session.ts';
import type { Sessions } from './sessions.ts';

export interface LiveWorkPorts {
  readonly holds: HeldSessions;
  readonly devices: DeviceRegistry;
  readonly sessions: Sessions;
  readonly tell: (effects: Effects) => void;
}

/** `waiting`: for the device to come, or to come back; `held`: its session stays open. */
export interface HeldDevice {
  readonly state: 'waiting' | 'held';
  readonly since: number;
  /** SyncML SessionID of the session that is held. */
  readonly sessionId?: string;
}

export class LiveWork {
  readonly #ports: LiveWorkPorts;

  constructor(ports: LiveWorkPorts) {
    this.#ports = ports;
  }

  /** Resolves when the work is kept: from then on it is done once, whatever happens. */
  async add(deviceId: string, spec: JobSpec): Promise<{ readonly workId: number; readonly held: boolean }> {
    const { devices, holds } = this.#ports;
    const device = this.#device(deviceId);
    const record = device.list.newRecord(spec);
    const effects = new Effects();
    devices.record(record, effects);
    effects.events.push({ kind: 'device', deviceId });
    await effects.written();
    device.list.restore(record);
    this.#ports.tell(effects);
    holds.wake(deviceId);
    return { workId: record.id, held: this.held(deviceId)?.state === 'held' };
  }

  /** @throws RequestError where it has begun already, or is not known */
  async cancel(deviceId: string, workId: number): Promise<void> {
    const device = this.#device(deviceId);
    const putBack = device.list.cancel(workId);
    if (!putBack)
      throw new RequestError('not-queued', 'this work does not wait any more', {
        advice: 'What has gone to the device cannot be called back; see what it answered',
      });
    const effects = new Effects();
    this.#ports.devices.save(device, effects);
    effects.events.push({ kind: 'device', deviceId });
    try {
      await effects.written();
    } catch (error) {
      putBack();
      throw error;
    }
    this.#ports.tell(effects);
  }

  /** @param patienceMs the device gets an answer within that time */
  hold(deviceId: string, patienceMs?: number): void {
    this.#device(deviceId);
    this.#ports.holds.hold(deviceId, patienceMs);
  }

  letGo(deviceId: string): void {
    this.#ports.holds.letGo(deviceId);
  }

  held(deviceId: string): HeldDevice | undefined {
    const hold = this.#ports.holds.state(deviceId);
    if (!hold) return undefined;
    const session = this.#proven(deviceId);
    if (!session || this.#ports.holds.isAway(deviceId, session.lastMessageAt))
      return { state: 'waiting', since: hold.since };
    const { sessionId, startedAt } = session.record;
    return { state: 'held', since: Math.max(hold.since, startedAt), sessionId };
  }

  #proven(deviceId: string): LiveSession | undefined {
    return [...this.#ports.sessions.ofDevice(deviceId)].find(({ proven }) => proven);
  }

  #device(deviceId: string): Device {
    const device = this.#ports.devices.proven(deviceId);
    if (device) return device;
    const why = this.#ports.devices.get(deviceId) ? 'has not proved who it is' : 'has never connected';
    throw new RequestError('unknown-device', `device ${deviceId} ${why}`, {
      advice: 'Bootstrap it and let it connect once; then it can be asked',
    });
  }
}
