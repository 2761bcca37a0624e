import { expect, test } from 'vitest';
import { identifyHandset } from '../../src-core/handset/identify.ts';
import { createMemoryCable } from '../../src-core/virtual/cable/memory.ts';
import { createModem } from '../../src-core/virtual/modem/modem.ts';
import type { AtResponses } from '../../src-core/virtual/modem/responses.ts';
import { serveModem } from '../../src-core/virtual/modem/serve.ts';
import { IDENTITY, scripted, transportError } from './far-end.ts';

function handset(responses: AtResponses = {}) {
  const cable = createMemoryCable('bench');
  serveModem(cable.b, createModem({ identity: IDENTITY, responses }));
  return cable;
}

const { imsi: _, ...EXPECTED } = IDENTITY;

test('a handset with plain answers', async () => {
  const cable = handset();
  expect(await identifyHandset(cable.a)).toEqual({ ...EXPECTED, warnings: [] });
  // The link stays open: the caller goes on with it.
  await cable.a.write(Uint8Array.of(0x41));
});

test('answers after the name of the command, in quotes, and in several lines', async () => {
  const cable = handset({
    '+CGMI': { lines: ['+CGMI: "Workbench"'] },
    '+CGMM': { lines: ['"Virtual-1"'] },
    '+CGMR': { lines: ['+CGMR: V 05.57', '02-05-06'] },
    '+CGSN': { lines: ['+CGSN: "490154203237518"'] },
  });
  expect(await identifyHandset(cable.a)).toEqual({ ...EXPECTED, revision: 'V 05.57 02-05-06', warnings: [] });
});

test('the rest of an unfinished line in the handset does no harm', async () => {
  const cable = handset();
  await cable.a.write(new TextEncoder().encode('AT+CG'));
  expect((await identifyHandset(cable.a)).imei).toBe(IDENTITY.imei);
});

test('a handset without +CMEE is identified all the same', async () => {
  const cable = handset({ '+CMEE=1': { cmeError: 4 } });
  expect((await identifyHandset(cable.a)).model).toBe('Virtual-1');
});

test('a wrong check digit of the IMEI warns, and is no refusal', async () => {
  const cable = handset({ '+CGSN': { lines: ['490154203237517'] } });
  const identity = await identifyHandset(cable.a);
  expect(identity.imei).toBe('490154203237517');
  expect(identity.warnings).toEqual(['The check digit of the IMEI 490154203237517 is wrong']);
});

test.each([['49015420323751'], ['4901542032375180'], ['49015420323751X'], [''], ['no IMEI']])(
  '%j is no IMEI',
  async answer => {
    const error = await transportError(identifyHandset(handset({ '+CGSN': { lines: [answer] } }).a));
    expect(error).toMatchObject({ code: 'at-unexpected', details: { command: 'AT+CGSN' } });
    expect(error.message).toContain('expected an IMEI of 15 digits');
  },
);

test('an empty manufacturer names its command', async () => {
  const error = await transportError(identifyHandset(handset({ '+CGMI': {} }).a));
  expect(error.message).toBe('AT+CGMI: bench:a answered nothing, expected text');
});

test('a refusal names its command and its reason', async () => {
  const error = await transportError(identifyHandset(handset({ '+CGSN': { cmeError: 13 } }).a));
  expect(error).toMatchObject({
    code: 'at-error',
    message: 'AT+CGSN: bench:a answered +CME ERROR: 13 (SIM failure)',
  });
});

test('a silent port ends in at-timeout', async () => {
  const cable = createMemoryCable('bench');
  const error = await transportError(identifyHandset(cable.a, { timeoutMs: 30 }));
  expect(error).toMatchObject({ code: 'at-timeout', details: { command: 'AT' } });
});

test('a cable unplugged between two answers is no success', async () => {
  const cable = createMemoryCable('bench');
  scripted(cable.b, command => {
    if (command !== 'AT+CGMM') return command === 'AT+CGMI' ? '\r\nNokia\r\n\r\nOK\r\n' : '\r\nOK\r\n';
    cable.unplug();
    return undefined;
  });
  expect(await transportError(identifyHandset(cable.a))).toMatchObject({
    code: 'port-vanished',
    details: { command: 'AT+CGMM' },
  });
});

test('a signal cancels', async () => {
  const cable = createMemoryCable('bench');
  const error = await transportError(identifyHandset(cable.a, { signal: AbortSignal.timeout(20) }));
  expect(error.code).toBe('at-cancelled');
});
