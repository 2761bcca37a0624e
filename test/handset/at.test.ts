import { expect, test } from 'vitest';
import { AtSession } from '../../src-core/handset/at.ts';
import { createMemoryCable } from '../../src-core/virtual/cable/memory.ts';
import { scripted, sleep, transportError } from './far-end.ts';

function bench(answer: (command: string) => string | undefined) {
  const cable = createMemoryCable('bench');
  return { cable, at: new AtSession(cable.a), commands: scripted(cable.b, answer) };
}

test('the lines that answer a command, without result and echo', async () => {
  const { at, commands } = bench(command => `${command}\r\r\n+CSQ: 20,99\r\n\r\nOK\r\n`);
  expect(await at.command('AT+CSQ')).toEqual(['+CSQ: 20,99']);
  expect(commands).toEqual(['AT+CSQ']);
});

test('commands given at once go out one after the other, each with its own answer', async () => {
  const running: string[] = [];
  const { at, cable } = bench(() => undefined);
  cable.b.onData(bytes => {
    const command = new TextDecoder().decode(bytes).trim();
    running.push(command);
    expect(running).toHaveLength(1);
    setTimeout(() => {
      running.pop();
      cable.b.write(new TextEncoder().encode(`\r\nfor ${command}\r\n\r\nOK\r\n`));
    }, 5);
  });
  const answers = await Promise.all(['AT+A', 'AT+B', 'AT+C'].map(command => at.command(command)));
  expect(answers).toEqual([['for AT+A'], ['for AT+B'], ['for AT+C']]);
});

test('a refusal carries its reason in words, and the next command works', async () => {
  const { at } = bench(command => (command === 'AT+CIMI' ? '\r\n+CME ERROR: 10\r\n' : '\r\nOK\r\n'));
  const error = await transportError(at.command('AT+CIMI'));
  expect(error).toMatchObject({
    code: 'at-error',
    message: 'AT+CIMI: bench:a answered +CME ERROR: 10 (SIM not inserted)',
    details: { command: 'AT+CIMI', result: 'cme-error', resultCode: 10 },
  });
  expect(error.advice).toBeTruthy();
  expect(await at.command('AT')).toEqual([]);
});

test('ERROR, +CMS ERROR and NO CARRIER refuse as well', async () => {
  const results = ['ERROR', '+CMS ERROR: 500', 'NO CARRIER'];
  const { at } = bench(() => `\r\n${results.shift()}\r\n`);
  expect((await transportError(at.command('AT+X'))).message).toBe('AT+X: bench:a answered ERROR');
  expect((await transportError(at.command('AT+X'))).message).toContain('+CMS ERROR: 500 (unknown error)');
  expect((await transportError(at.command('ATD1'))).details).toMatchObject({ result: 'no-carrier', resultCode: null });
});

test('lines that came by themselves go to the listener, until it stops listening', async () => {
  const { at, cable } = bench(() => '\r\n+CREG: 1\r\n\r\nNokia\r\n\r\nOK\r\n');
  const heard: string[] = [];
  const stop = at.onUnsolicited(line => heard.push(line));
  expect(await at.command('AT+CGMI')).toEqual(['Nokia']);
  await cable.b.write(new TextEncoder().encode('\r\nRING\r\n'));
  await sleep(5);
  expect(heard).toEqual(['+CREG: 1', 'RING']);
  stop();
  await at.command('AT+CGMI');
  expect(heard).toHaveLength(2);
});

test('silence ends in at-timeout with advice', async () => {
  const { at } = bench(() => undefined);
  const error = await transportError(at.command('AT+CGMI', { timeoutMs: 30 }));
  expect(error).toMatchObject({ code: 'at-timeout', message: 'AT+CGMI: no answer from bench:a in 0.03 s' });
  expect(error.advice).toContain('cable');
});

test('an answer without a final result is no success', async () => {
  const { at } = bench(() => '\r\nNokia\r\n');
  expect((await transportError(at.command('AT+CGMI', { timeoutMs: 30 }))).code).toBe('at-timeout');
});

test('an answer that comes too late never answers the next command', async () => {
  const { at, cable, commands } = bench(command => {
    if (command === 'AT+CGMM') return '\r\nVirtual-1\r\n\r\nOK\r\n';
    return command === 'AT' ? '\r\nOK\r\n' : undefined;
  });
  const heard: string[] = [];
  at.onUnsolicited(line => heard.push(line));
  await transportError(at.command('AT+CGMI', { timeoutMs: 20 }));
  const next = at.command('AT+CGMM');
  // The late answer arrives in the worst moment: after the next exchange began, before its answer.
  await cable.b.write(new TextEncoder().encode('\r\nWorkbench\r\n\r\nOK\r\n'));
  expect(await next).toEqual(['Virtual-1']);
  expect(commands).toEqual(['AT+CGMI', 'AT', 'AT+CGMM']);
});

test('a signal cancels the command under way; one that still waits is never sent', async () => {
  const { at, commands } = bench(command => (command === 'AT+SLOW' ? undefined : '\r\nOK\r\n'));
  const running = new AbortController();
  const waiting = new AbortController();
  const slow = transportError(at.command('AT+SLOW', { signal: running.signal }));
  const second = transportError(at.command('AT+SECOND', { signal: waiting.signal }));
  const third = at.command('AT+THIRD');
  await sleep(5);
  waiting.abort();
  expect(await second).toMatchObject({ code: 'at-cancelled', details: { command: 'AT+SECOND' } });
  expect(commands).toEqual(['AT+SLOW']);
  running.abort();
  expect(await slow).toMatchObject({ code: 'at-cancelled', message: 'AT+SLOW was cancelled' });
  expect(await third).toEqual([]);
  expect(commands).toEqual(['AT+SLOW', 'AT', 'AT+THIRD']);
});

test('a signal aborted before sends nothing', async () => {
  const { at, commands } = bench(() => '\r\nOK\r\n');
  const error = await transportError(at.command('AT', { signal: AbortSignal.abort() }));
  expect(error.code).toBe('at-cancelled');
  await sleep(5);
  expect(commands).toEqual([]);
});

test('the port vanishing ends the command under way and all after it', async () => {
  const { at, cable, commands } = bench(() => undefined);
  const first = transportError(at.command('AT+CGMI'));
  const second = transportError(at.command('AT+CGMM'));
  await sleep(5);
  cable.unplug();
  expect(await first).toMatchObject({ code: 'port-vanished', details: { command: 'AT+CGMI', port: 'bench:a' } });
  expect((await first).advice).toBeTruthy();
  expect(await second).toMatchObject({ code: 'port-vanished', details: { command: 'AT+CGMM' } });
  expect((await transportError(at.command('AT'))).code).toBe('port-vanished');
  expect(commands).toEqual(['AT+CGMI']);
});

test('closing the link under a command, and detaching, end it', async () => {
  const closed = bench(() => undefined);
  const first = transportError(closed.at.command('AT'));
  await sleep(5);
  await closed.cable.a.close();
  expect((await first).code).toBe('port-closed');

  const left = bench(() => undefined);
  const second = transportError(left.at.command('AT'));
  await sleep(5);
  left.at.detach();
  expect((await second).code).toBe('at-cancelled');
  await left.cable.a.write(Uint8Array.of(0x41));
});

test('noise without line ends is told from silence', async () => {
  const { at } = bench(() => '#'.repeat(9000));
  expect((await transportError(at.command('AT'))).code).toBe('at-garbled');
});

test.each(['', 'hello', 'AT+A\rAT+B', 'AT+CGMI\r', 'AT\u00e9'])('%j is not one AT command', async text => {
  const { at, commands } = bench(() => '\r\nOK\r\n');
  expect((await transportError(at.command(text))).code).toBe('at-bad-command');
  await sleep(5);
  expect(commands).toEqual([]);
});
