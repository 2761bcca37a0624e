/** What a generic alert about firmware makes the server read. */
import { expect, it } from 'vitest';
import { Device } from '../../src-core/server/device.ts';
import { readsAfter } from '../../src-core/server/firmware-reads.ts';
import type { Alert } from '../../src-core/syncml/message.ts';
import { DeviceTree, type Reading } from '../../src-core/tree/device-tree.ts';
import { uriOf } from './jobs/bench.ts';

const TYPE = 'Reversed-Domain-Name: org.openmobilealliance.dm.firmwareupdate.update';
const TREE: Reading[] = [
  { uri: '.', format: 'node' },
  { uri: './Fw', format: 'node', type: 'urn:oma:mo:oma-fumo:1.0' },
  { uri: './Fw/Update', format: 'node' },
];
const alert = (source: string | undefined, type = TYPE, code = 1226): Alert => ({
  kind: 'Alert',
  cmdId: '2',
  code,
  items: [{ ...(source !== undefined && { source: { uri: source } }), meta: { type }, data: '200' }],
});

const tree = new DeviceTree();
tree.apply(TREE, 0, '1');

it.each<[string, Alert, string[]]>([
  ['the object', alert('./Fw'), ['./Fw/State', './Fw']],
  ['without ./', alert('Fw'), ['./Fw/State', './Fw']],
  ['the operation', alert('./Fw/Update'), ['./Fw/State', './Fw/Update']],
  ['the operation of an object that was not read', alert('./X/Download'), ['./X/State', './X/Download']],
  ['an object that was not read', alert('./X'), ['./X/State', './X']],
  ['no object', alert(undefined), []],
  ['what is no node', alert('./Fw//?prop=ACL'), []],
  ['another type', alert('./Fw', 'org.example.other'), []],
  ['a request for an update', alert('./Fw', TYPE.replace(/update$/, 'userrequest')), []],
  ['a client event', alert('./Fw', TYPE, 1224), []],
])('an alert that names %s', (_name, one, uris) => {
  expect(readsAfter(one, tree)).toEqual(uris);
});

it('is read in the same session, once however often the device says it', () => {
  const device = new Device({ id: 'IMEI:1', name: 'n', lastSeen: 0 }, [], () => 0);
  device.readings(TREE);
  const session = device.workFor({ id: '1', key: '1', encoding: 'wbxml' });
  for (let times = 0; times < 3; times++) session.onAlert(alert('./Fw'));
  expect([device.list.take().added.length, session.next().map(uriOf)]).toEqual([1, ['./Fw/State', './Fw']]);
  session.onAlert({ ...alert('./Fw'), correlator: 'the next operation' });
  expect(device.list.take().added).toHaveLength(1);
});
