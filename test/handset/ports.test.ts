import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { TransportError } from '../../src-core/base/errors.ts';
import { listPorts, PortRegistry } from '../../src-core/handset/ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'dmw-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('ports have product names from Linux and Windows; those with a name come first, then by number', async () => {
  const ports = await listPorts([], async () => [
    { path: '/dev/ttyS10' },
    { path: '/dev/ttyS2' },
    {
      path: '/dev/ttyACM0',
      manufacturer: 'Nokia',
      serialNumber: '354812',
      pnpId: 'usb-Nokia_Nokia_6230_354812-if01',
      vendorId: '0421',
      productId: '040F',
    },
    { path: 'COM4', friendlyName: 'Sony Ericsson K750 (COM4)', manufacturer: 'Sony Ericsson' },
  ]);
  expect(ports).toEqual([
    {
      path: '/dev/ttyACM0',
      product: 'Nokia Nokia 6230',
      manufacturer: 'Nokia',
      serialNumber: '354812',
      usb: { vendorId: '0421', productId: '040f' },
      typed: false,
    },
    { path: 'COM4', product: 'Sony Ericsson K750', manufacturer: 'Sony Ericsson', typed: false },
    { path: '/dev/ttyS2', typed: false },
    { path: '/dev/ttyS10', typed: false },
  ]);
});

test('typed paths are listed too, each once, and not beside the same listed port', async () => {
  const ports = await listPorts(['/tmp/a', '/dev/ttyS0', '/tmp/a'], async () => [{ path: '/dev/ttyS0' }]);
  expect(ports).toEqual([
    { path: '/dev/ttyS0', typed: false },
    { path: '/tmp/a', typed: true },
  ]);
});

test('this machine lists its ports, with or without udev', async () => {
  const ports = await listPorts(['/tmp/typed']);
  expect(ports.filter(port => port.typed)).toEqual([{ path: '/tmp/typed', typed: true }]);
  for (const port of ports.filter(port => !port.typed)) expect(port.path).toMatch(/^(\/dev\/|COM)/);
});

test('a held port is busy for the next, with the name of its holder, until it is released', () => {
  const ports = new PortRegistry();
  const changes: number[] = [];
  const stop = ports.onChange(() => changes.push(ports.held().length));
  const lease = ports.acquire('/dev/ttyUSB0', 'local session', { baudRate: 9600 });
  expect(ports.held()).toEqual([{ path: '/dev/ttyUSB0', holder: 'local session', settings: { baudRate: 9600 } }]);

  const refusal = catchError(() => ports.acquire('/dev/ttyUSB0', 'AT console'));
  expect(refusal).toBeInstanceOf(TransportError);
  expect(refusal).toMatchObject({
    code: 'port-busy',
    message: '/dev/ttyUSB0 is held by local session',
    advice: 'End local session first, or choose another port',
    details: { port: '/dev/ttyUSB0', holder: 'local session', baudRate: 9600 },
  });
  ports.acquire('/dev/ttyUSB1', 'AT console').release();

  lease.release();
  const next = ports.acquire('/dev/ttyUSB0', 'AT console');
  // An old lease has no say over the new one.
  lease.release();
  expect(ports.held()).toMatchObject([{ holder: 'AT console' }]);
  stop();
  next.release();
  expect(ports.held()).toEqual([]);
  expect(changes).toEqual([1, 2, 1, 0, 1]);
});

test('one device is one port, under whatever name', () => {
  const device = join(folder, 'device');
  const alias = join(folder, 'alias');
  writeFileSync(device, '');
  symlinkSync(device, alias);
  const ports = new PortRegistry();
  ports.acquire(device, 'local session');
  expect(catchError(() => ports.acquire(alias, 'AT console'))).toMatchObject({ code: 'port-busy' });
  ports.acquire('COM4', 'local session');
  expect(catchError(() => ports.acquire('\\\\.\\com4', 'AT console'))).toMatchObject({ code: 'port-busy' });
});

function catchError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('expected an error');
}
