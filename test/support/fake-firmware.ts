/** A FUMO object for the fake workbench, and what a device told of it. */

import { fumoResult } from '../../src-core/objects/fumo.ts';
import type { FumoAlert } from '../../src-core/objects/fumo-view.ts';
import type { DeviceNode } from '../../src-core/tree/device-tree.ts';

const AT = Date.UTC(2026, 10, 23, 9, 4, 0);
const URI = './FUMO';

const node = (path: string, format: string, value?: string, type?: string): DeviceNode => ({
  uri: path === '' ? URI : `${URI}/${path}`,
  format,
  ...(value !== undefined && { value }),
  ...(type && { type }),
  readAt: AT,
  session: '1A',
  history: [],
});

export const firmwareNodes: readonly DeviceNode[] = [
  node('', 'node', undefined, 'urn:oma:mo:oma-fumo:1.0'),
  node('PkgName', 'chr', 'smartphone2000-delta-1.0.4-1.0.5.pkg'),
  node('PkgVersion', 'chr', '1.0.5'),
  node('Download', 'node'),
  node('Download/PkgURL', 'chr', 'https://updates.example/smartphone2000/2026/11/smartphone2000-delta-1.0.4-1.0.5.pkg'),
  node('Update', 'node'),
  node('DownloadAndUpdate', 'node'),
  node('DownloadAndUpdate/PkgURL', 'chr', ''),
  node('State', 'int', '50'),
];

const alert = (minutes: number, sessionId: string, words: string, more: Partial<FumoAlert>): FumoAlert => ({
  at: AT - minutes * 60_000,
  sessionKey: '1',
  sessionId,
  words,
  source: URI,
  ...more,
});
const result = (code: number) => {
  const found = fumoResult(String(code));
  return found && { result: found };
};

export const firmwareAlerts: readonly FumoAlert[] = [
  alert(1, '1A', 'Download ended', { ...result(200), correlator: 'fw-7', mark: 'informational' }),
  alert(62, '19', 'Download ended', { ...result(404), correlator: 'fw-6', mark: 'critical' }),
  alert(70, '18', 'The user asks for an update', { mark: 'informational', data: 'menu' }),
];
