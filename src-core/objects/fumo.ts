/** FUMO, the firmware update object: its states, its result codes and the types of its generic alerts (OMA-TS-DM-FUMO-V1_0). */

export const FUMO_TYPE = 'urn:oma:mo:oma-fumo:1.0';

export type FumoOperation = 'Download' | 'Update' | 'DownloadAndUpdate';
export const FUMO_OPERATIONS: readonly FumoOperation[] = ['Download', 'Update', 'DownloadAndUpdate'];

export interface FumoState {
  readonly code: number;
  readonly name: string;
  readonly words: string;
  readonly outcome: 'waiting' | 'working' | 'done' | 'failed';
}

/** §5.1.1, State. */
export const FUMO_STATES: readonly FumoState[] = [
  { code: 10, name: 'Idle', words: 'nothing is under way', outcome: 'waiting' },
  { code: 20, name: 'Download failed', words: 'the download failed', outcome: 'failed' },
  { code: 30, name: 'Downloading', words: 'the download has begun', outcome: 'working' },
  { code: 40, name: 'Downloaded', words: 'the package is there', outcome: 'waiting' },
  { code: 50, name: 'Ready to update', words: 'the package is there and waits for Update', outcome: 'waiting' },
  { code: 60, name: 'Updating', words: 'the update has begun', outcome: 'working' },
  {
    code: 70,
    name: 'Update failed, package kept',
    words: 'the update failed; its package is still there',
    outcome: 'failed',
  },
  {
    code: 80,
    name: 'Update failed, package gone',
    words: 'the update failed, and its package is gone',
    outcome: 'failed',
  },
  { code: 90, name: 'Updated, package kept', words: 'updated; the package is still there', outcome: 'done' },
  { code: 100, name: 'Updated', words: 'updated, and the package is gone', outcome: 'done' },
];

export const FUMO_STATE = {
  IDLE: 10,
  DOWNLOAD_FAILED: 20,
  DOWNLOADING: 30,
  DOWNLOADED: 40,
  READY: 50,
  UPDATING: 60,
  UPDATE_FAILED_WITH_DATA: 70,
  UPDATE_FAILED: 80,
  UPDATED_WITH_DATA: 90,
  UPDATED: 100,
} as const;

export function fumoState(value: string | undefined): FumoState | undefined {
  return FUMO_STATES.find(({ code }) => String(code) === value?.trim());
}

/** §6.2.4, ResultCode. */
const RESULTS: Readonly<Record<number, string>> = {
  200: 'Successful',
  400: 'Error of the management client',
  401: 'The user said no',
  402: 'The package is corrupted',
  403: 'The package is for another device',
  404: 'The signature of the package does not fit',
  405: 'The package is not acceptable',
  406: 'The download server refused the credentials',
  407: 'The download took too long',
  408: 'The device does not do this',
  409: 'An error that has no code of its own',
  410: 'The update failed in the device',
  411: 'The address of the package is malformed',
  412: 'The download server is not available',
  500: 'The update failed in the device',
  501: 'No memory left for the download',
  502: 'No memory left for the update',
  503: 'The network failed during the download',
};

const RANGES: readonly { readonly from: number; readonly to: number; readonly words: string }[] = [
  { from: 250, to: 299, words: "Successful, with the maker's own code" },
  { from: 450, to: 499, words: "Error of the client, with the maker's own code" },
  { from: 550, to: 599, words: "Error of the download server, with the maker's own code" },
];

export interface FumoResult {
  readonly code: number;
  readonly words: string;
  readonly ok: boolean;
}

/** Undefined for data that is no whole number. */
export function fumoResult(data: string): FumoResult | undefined {
  if (!/^\s*\d+\s*$/.test(data)) return undefined;
  const code = Number(data);
  const range = RANGES.find(({ from, to }) => code >= from && code <= to);
  return {
    code,
    words: RESULTS[code] ?? range?.words ?? 'A code that FUMO does not know',
    ok: code >= 200 && code < 300,
  };
}

const ALERT_ROOT = 'org.openmobilealliance.dm.firmwareupdate.';

/** §6.2.2 for operations that ended, §7.1.2 for updates that are asked for. */
const ALERTS: readonly { readonly name: string; readonly words: string; readonly operation?: FumoOperation }[] = [
  { name: 'download', words: 'Download ended', operation: 'Download' },
  { name: 'update', words: 'Update ended', operation: 'Update' },
  { name: 'downloadandupdate', words: 'Download and update ended', operation: 'DownloadAndUpdate' },
  { name: 'userrequest', words: 'The user asks for an update' },
  { name: 'devicerequest', words: 'The device asks for an update' },
];

export interface FumoAlertType {
  readonly words: string;
  /** Absent where an update is asked for. */
  readonly operation?: FumoOperation;
}

/** What a generic alert of this Type tells; with `Reversed-Domain-Name:` before it (DM Protocol §8.7.1.6) or, as many devices write, without. */
export function fumoAlertType(type: string): FumoAlertType | undefined {
  const name = type.replace(/^Reversed-Domain-Name:\s*/i, '').toLowerCase();
  return ALERTS.find(alert => name === ALERT_ROOT + alert.name);
}

export function fumoAlertTypeOf(operation: FumoOperation): string {
  return `Reversed-Domain-Name: ${ALERT_ROOT}${operation.toLowerCase()}`;
}

/** In the bytes of every message that holds such an alert. */
export const FUMO_ALERT_MARK: string = ALERT_ROOT.slice(0, -1);
