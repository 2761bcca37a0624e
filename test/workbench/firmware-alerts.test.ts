import { describe, expect, it } from 'vitest';
import type { MessageRecord, SessionRecord } from '../../src-core/store/contract.ts';
import { firmwareAlerts } from '../../src-core/workbench/firmware-alerts.ts';

const SESSION: SessionRecord = {
  key: '7',
  deviceId: 'IMEI:1',
  sessionId: '1A',
  startedAt: 0,
  state: 'completed',
  detail: '',
  clientAuthenticated: true,
  serverAuthenticated: true,
  encoding: 'xml',
  transport: 'http',
};
const ROOT = 'org.openmobilealliance.dm.firmwareupdate';

function item(type: string, data: string, more = ''): string {
  const meta = `<Meta><Type xmlns="syncml:metinf">${type}</Type><Format xmlns="syncml:metinf">int</Format>${more}</Meta>`;
  return `<Item><Source><LocURI>./FUMO</LocURI></Source>${meta}<Data>${data}</Data></Item>`;
}

const alert = (items: string, code = 1226, correlator = '') =>
  `<Alert><CmdID>2</CmdID><Data>${code}</Data>${correlator}${items}</Alert>`;

function message(body: string, more: Partial<MessageRecord> = {}): MessageRecord {
  const header =
    '<SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1A</SessionID><MsgID>1</MsgID>' +
    '<Target><LocURI>http://dm</LocURI></Target><Source><LocURI>IMEI:1</LocURI></Source></SyncHdr>';
  const xml = `<SyncML xmlns="SYNCML:SYNCML1.2">${header}<SyncBody>${body}<Final/></SyncBody></SyncML>`;
  const record = { key: '1', sessionKey: '7', at: 5, direction: 'up', package: 1, encoding: 'xml' } as const;
  return { ...record, bytes: new TextEncoder().encode(xml), ...more };
}

describe('generic alerts about firmware in recorded messages', () => {
  it('the result of an operation in words, with correlator and mark; the last one first', () => {
    const mark = '<Mark xmlns="syncml:metinf">critical</Mark>';
    const first = message(alert(item(`${ROOT}.download`, '200'), 1226, '<Correlator>fw-1</Correlator>'));
    const second = message(alert(item(`Reversed-Domain-Name: ${ROOT}.update`, '410', mark)), { at: 6 });
    expect(firmwareAlerts(SESSION, [first, second])).toEqual([
      {
        at: 6,
        sessionKey: '7',
        sessionId: '1A',
        words: 'Update ended',
        source: './FUMO',
        mark: 'critical',
        result: { code: 410, words: 'The update failed in the device', ok: false },
      },
      {
        at: 5,
        sessionKey: '7',
        sessionId: '1A',
        words: 'Download ended',
        source: './FUMO',
        correlator: 'fw-1',
        result: { code: 200, words: 'Successful', ok: true },
      },
    ]);
  });

  it('a request of the user has data of the maker, no result', () => {
    const [asked] = firmwareAlerts(SESSION, [message(alert(item(`${ROOT}.userrequest`, '200')))]);
    expect(asked).toMatchObject({ words: 'The user asks for an update', data: '200' });
    expect(asked).not.toHaveProperty('result');
  });

  it('data that is no result code is shown as it is; each item counts', () => {
    const both = item(`${ROOT}.download`, 'done') + item(`${ROOT}.update`, '');
    expect(firmwareAlerts(SESSION, [message(alert(both))]).map(({ words, data }) => [words, data])).toEqual([
      ['Update ended', undefined],
      ['Download ended', 'done'],
    ]);
  });

  it('other alerts, messages of the server and bytes that are no message tell nothing', () => {
    const item1226 = item(`${ROOT}.download`, '200');
    const broken = { bytes: new TextEncoder().encode(`<SyncML>${ROOT}.download`) };
    expect(
      firmwareAlerts(SESSION, [
        message(alert(item('Reversed-Domain-Name: example.battery', ROOT))),
        message(alert(item1226, 1224)),
        message(alert(item1226), { direction: 'down' }),
        message('', broken),
      ]),
    ).toEqual([]);
  });
});
