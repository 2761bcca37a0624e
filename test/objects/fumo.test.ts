import { describe, expect, it } from 'vitest';
import {
  FUMO_STATE,
  FUMO_STATES,
  fumoAlertType,
  fumoAlertTypeOf,
  fumoResult,
  fumoState,
} from '../../src-core/objects/fumo.ts';

describe('states (FUMO §5.1.1)', () => {
  it('are ten, from 10 to 100, and each is named', () => {
    expect(FUMO_STATES.map(({ code }) => code)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    expect(Object.values(FUMO_STATE)).toEqual(FUMO_STATES.map(({ code }) => code));
    expect(new Set(FUMO_STATES.map(({ name }) => name)).size).toBe(10);
  });

  it('are read as devices write them; anything else is none', () => {
    expect(fumoState(' 60 ')?.name).toBe('Updating');
    for (const value of ['55', '', 'idle', undefined]) expect(fumoState(value)).toBeUndefined();
  });
});

describe('result codes (FUMO §6.2.4)', () => {
  it.each([
    ['200', true, 'Successful'],
    ['251', true, "Successful, with the maker's own code"],
    ['404', false, 'The signature of the package does not fit'],
    ['499', false, "Error of the client, with the maker's own code"],
    ['503', false, 'The network failed during the download'],
    ['599', false, "Error of the download server, with the maker's own code"],
    ['777', false, 'A code that FUMO does not know'],
  ])('%s in words', (data, ok, words) => {
    expect(fumoResult(data)).toEqual({ code: Number(data), ok, words });
  });

  it('text is none', () => {
    for (const data of ['', 'done', '2.5', '-1']) expect(fumoResult(data)).toBeUndefined();
  });
});

describe('types of generic alerts (FUMO §6.2.2, §7.1.2)', () => {
  it.each([
    ['org.openmobilealliance.dm.firmwareupdate.download', 'Download'],
    ['Reversed-Domain-Name: org.openmobilealliance.dm.firmwareupdate.update', 'Update'],
    ['reversed-domain-name:org.openmobilealliance.dm.firmwareupdate.downloadAndUpdate', 'DownloadAndUpdate'],
    ['org.openmobilealliance.dm.firmwareupdate.userrequest', undefined],
    ['org.openmobilealliance.dm.firmwareupdate.devicerequest', undefined],
  ])('%s', (type, operation) => {
    expect(fumoAlertType(type)).toMatchObject({ words: expect.any(String) });
    expect(fumoAlertType(type)?.operation).toBe(operation);
  });

  it('the one that is sent is read again; others are not about firmware', () => {
    expect(fumoAlertType(fumoAlertTypeOf('DownloadAndUpdate'))?.operation).toBe('DownloadAndUpdate');
    expect(fumoAlertType('org.openmobilealliance.dm.firmwareupdate')).toBeUndefined();
    expect(fumoAlertType('example.dm-workbench.action')).toBeUndefined();
  });
});
