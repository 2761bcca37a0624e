/** The real way: socat's pseudo-terminals, opened with `serialport`, a virtual modem at the far end. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TransportError } from '../../src-core/base/errors.ts';
import { AtSession } from '../../src-core/handset/at.ts';
import { identifyHandset } from '../../src-core/handset/identify.ts';
import type { SerialLink } from '../../src-core/handset/link.ts';
import { PortRegistry } from '../../src-core/handset/ports.ts';
import { openSerialPort } from '../../src-core/handset/serial-port.ts';
import { createPtyPair, type PtyPair } from '../../src-core/virtual/cable/socat.ts';
import { createModem } from '../../src-core/virtual/modem/modem.ts';
import { serveModem } from '../../src-core/virtual/modem/serve.ts';
import { IDENTITY, scripted, transportError } from './far-end.ts';

let pair: PtyPair;
const links: SerialLink[] = [];

/** Opens a port that the test gives back at its end. */
async function open(...args: Parameters<typeof openSerialPort>): Promise<SerialLink> {
  const link = await openSerialPort(...args);
  links.push(link);
  return link;
}

const openFiles = (): readonly string[] => readdirSync('/proc/self/fd');

beforeEach(async () => {
  pair = await createPtyPair();
});

afterEach(async () => {
  await Promise.all(links.splice(0).map(link => link.close()));
  await pair.close();
  expect(existsSync(dirname(pair.a))).toBe(false);
  expect(() => process.kill(pair.pid, 0)).toThrow('ESRCH');
});

test('a virtual handset is identified from end to end, and leaves no open file', async () => {
  const before = openFiles().length;
  const near = await open(pair.a);
  const far = await open(pair.b);
  serveModem(far, createModem({ identity: IDENTITY }));
  const { imsi: _, ...expected } = IDENTITY;
  expect(await identifyHandset(near)).toEqual({ ...expected, warnings: [] });
  await Promise.all([near.close(), far.close()]);
  expect(openFiles().length).toBeLessThanOrEqual(before);
});

test('a port that another program holds is busy', async () => {
  await open(pair.a);
  const error = await transportError(openSerialPort(pair.a));
  expect(error).toMatchObject({ code: 'port-busy', message: `${pair.a} is held by another program` });
  expect(error.advice).toBeTruthy();
});

test('a port that the workbench holds is busy and names the holder; closed or vanished, it is free', async () => {
  const ports = new PortRegistry();
  const near = await ports.open(pair.a, 'local session');
  expect(ports.held()).toMatchObject([{ path: pair.a, holder: 'local session', settings: { baudRate: 115_200 } }]);
  expect(await transportError(ports.open(pair.a, 'AT console'))).toMatchObject({
    code: 'port-busy',
    message: `${pair.a} is held by local session`,
  });
  await near.close();
  expect(ports.held()).toEqual([]);

  const again = await ports.open(pair.a, 'AT console');
  const gone = new Promise(resolve => again.onClose(resolve));
  await pair.close();
  await gone;
  expect(ports.held()).toEqual([]);
});

test('a port that cannot be opened says why, and its lease ends', async () => {
  const ports = new PortRegistry();
  const missing = await transportError(ports.open(join(dirname(pair.a), 'none'), 'test'));
  expect(missing).toMatchObject({ code: 'port-missing' });
  expect(ports.held()).toEqual([]);

  const folder = await mkdtemp(join(tmpdir(), 'dmw-test-'));
  const file = join(folder, 'file');
  writeFileSync(file, 'no port');
  expect((await transportError(openSerialPort(file))).code).toBe('port-unusable');
  await rm(folder, { recursive: true });
});

test('the port vanishing under a command ends it with port-vanished, soon', async () => {
  const near = await open(pair.a);
  const far = await open(pair.b);
  const commands = scripted(far, command => {
    if (command === 'AT+CGMI') setTimeout(() => process.kill(pair.pid, 'SIGKILL'), 20);
    return command === 'AT' || command === 'AT+CMEE=1' ? '\r\nOK\r\n' : '\r\nWork'; // the answer breaks off
  });
  const error = await transportError(identifyHandset(near, { timeoutMs: 60_000 }));
  expect(error).toMatchObject({ code: 'port-vanished', details: { command: 'AT+CGMI', port: pair.a } });
  expect(error.advice).toBeTruthy();
  expect(commands.at(-1)).toBe('AT+CGMI');
  expect((await transportError(new AtSession(near).command('AT', { timeoutMs: 500 }))).code).toBe('port-vanished');
});

test('a hang-up before the first read is seen, and no read repeats for ever', async () => {
  const near = await open(pair.a);
  const gone = new Promise<TransportError | undefined>(resolve => near.onClose(resolve));
  process.kill(pair.pid, 'SIGKILL');
  // Nothing else runs in this process until the system has hung up the terminal.
  spawnSync('sleep', ['0.1']);
  expect(await gone).toMatchObject({ code: 'port-vanished' });
});

test('the far end closing cannot be seen: the command ends in at-timeout with advice', async () => {
  const near = await open(pair.a);
  const far = await open(pair.b);
  serveModem(far, createModem({ identity: IDENTITY }));
  const at = new AtSession(near);
  expect(await at.command('ATE0')).toEqual([]);
  await far.close();
  const error = await transportError(at.command('AT+CGMI', { timeoutMs: 200 }));
  expect(error).toMatchObject({ code: 'at-timeout', details: { command: 'AT+CGMI' } });
  expect(error.advice).toContain('cable');
});

test('a far end that takes no bytes stalls a write, and the port still closes', async () => {
  const near = await open(pair.a, { baudRate: 115_200 }, { writeMs: 300 });
  // A stopped socat takes nothing: the buffer of the pseudo-terminal fills.
  process.kill(pair.pid, 'SIGSTOP');
  try {
    const error = await transportError(near.write(new Uint8Array(1_000_000)));
    expect(error).toMatchObject({ code: 'port-stalled', details: { port: pair.a } });
    expect((await transportError(near.write(Uint8Array.of(1)))).code).toBe('port-stalled');
    await near.close();
  } finally {
    process.kill(pair.pid, 'SIGCONT');
  }
});
