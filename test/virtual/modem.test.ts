import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../src-core/base/bytes.ts';
import { parseCommandLine } from '../../src-core/virtual/modem/command-line.ts';
import { createModem } from '../../src-core/virtual/modem/modem.ts';
import type { AtResponses } from '../../src-core/virtual/modem/responses.ts';
import { serveModem } from '../../src-core/virtual/modem/serve.ts';

const identity = {
  manufacturer: 'Workbench',
  model: 'Virtual-1',
  revision: '1.0.4',
  imei: '490154203237518',
  imsi: '001010123456789',
};

/** What a modem with echo off answers to the lines, one after the other. */
function answers(lines: readonly string[], responses: AtResponses = {}): readonly string[] {
  const modem = createModem({ identity, responses });
  const say = (line: string) => new TextDecoder().decode(modem.receive(new TextEncoder().encode(`${line}\r`)));
  say('ATE0');
  return lines.map(say);
}

test('AT+CGMI: bytes in, bytes out, echo on', () => {
  const modem = createModem({ identity });
  const output = modem.receive(fromHex('41542B43474D490D'));
  expect(toHex(output)).toBe(
    ['41542B43474D490D', '0D0A576F726B62656E63680D0A', '0D0A4F4B0D0A'].join(''), // echo, Workbench, OK
  );
});

test('ATE0 is still echoed, what follows is not; ATE1 brings the echo back', () => {
  const modem = createModem({ identity });
  const say = (text: string) => new TextDecoder().decode(modem.receive(new TextEncoder().encode(text)));
  expect(say('ATE0\r')).toBe('ATE0\r\r\nOK\r\n');
  expect(say('AT\r')).toBe('\r\nOK\r\n');
  expect(say('ATE1\r')).toBe('\r\nOK\r\n');
  expect(say('AT\r')).toBe('AT\r\r\nOK\r\n');
});

test('every standard command', () => {
  expect(answers(['AT', 'AT+CGMI', 'AT+CGMM', 'AT+CGMR', 'AT+CGSN', 'AT+CIMI', 'AT+CSQ', 'AT+CGMI=?'])).toEqual([
    '\r\nOK\r\n',
    '\r\nWorkbench\r\n\r\nOK\r\n',
    '\r\nVirtual-1\r\n\r\nOK\r\n',
    '\r\n1.0.4\r\n\r\nOK\r\n',
    '\r\n490154203237518\r\n\r\nOK\r\n',
    '\r\n001010123456789\r\n\r\nOK\r\n',
    '\r\n+CSQ: 20,99\r\n\r\nOK\r\n',
    '\r\nOK\r\n',
  ]);
  expect(answers(['ATI'])).toEqual([
    '\r\nManufacturer: Workbench\r\nModel: Virtual-1\r\nRevision: 1.0.4\r\nIMEI: 490154203237518\r\n\r\nOK\r\n',
  ]);
});

test('an unknown command is ERROR, or its code once +CMEE is 1', () => {
  expect(answers(['AT+NOPE', 'AT+CMEE=1', 'AT+NOPE', 'AT+CMEE?', 'AT+CMEE=0', 'AT+NOPE'])).toEqual([
    '\r\nERROR\r\n',
    '\r\nOK\r\n',
    '\r\n+CME ERROR: 4\r\n',
    '\r\n+CMEE: 1\r\n\r\nOK\r\n',
    '\r\nOK\r\n',
    '\r\nERROR\r\n',
  ]);
});

test('a line of several commands answers in order and stops at the first refusal', () => {
  expect(answers(['AT+CGMI;+CGMM', 'ate0i0+csq;+cgmi', 'AT+CGMI;+NOPE;+CGMM'])).toEqual([
    '\r\nWorkbench\r\n\r\nVirtual-1\r\n\r\nOK\r\n',
    '\r\nManufacturer: Workbench\r\nModel: Virtual-1\r\nRevision: 1.0.4\r\nIMEI: 490154203237518\r\n' +
      '\r\n+CSQ: 20,99\r\n\r\nWorkbench\r\n\r\nOK\r\n',
    '\r\nWorkbench\r\n\r\nERROR\r\n',
  ]);
});

test('own responses replace the standard ones', () => {
  const responses = { '+CSQ': { lines: ['+CSQ: 3,99'] }, '+CPIN?': { cmeError: 10 } };
  expect(answers(['AT+CSQ', 'AT+CMEE=1', 'AT+CPIN?'], responses)).toEqual([
    '\r\n+CSQ: 3,99\r\n\r\nOK\r\n',
    '\r\nOK\r\n',
    '\r\n+CME ERROR: 10\r\n',
  ]);
});

test('what is no command line is ignored; backspace takes a character back; a line too long is ERROR', () => {
  expect(answers(['', 'hello', 'A', 'AT+CGMX\bI', '\nAT', `AT${'x'.repeat(5000)}`, 'AT'])).toEqual([
    '',
    '',
    '',
    '\r\nWorkbench\r\n\r\nOK\r\n',
    '\r\nOK\r\n',
    '\r\nERROR\r\n',
    '\r\nOK\r\n',
  ]);
});

test.each([
  ['at + cgmi ; +cgmm', ['+CGMI', '+CGMM']],
  ['AT', ['']],
  ['ATE', ['E0']],
  ['ATE01', ['E1']],
  ['AT&FE0V1', ['&F0', 'E0', 'V1']],
  ['ATS3=13S3?', ['S3=13', 'S3?']],
  ['ATD+49123;', ['D+49123']],
  ['AT+CPBF="a; b";+CSQ', ['+CPBF="a; b"', '+CSQ']],
  ['AT+X="open;+CSQ', ['+X="open;+CSQ']],
  ['AT+CSQ;=9', ['+CSQ', '=9']],
  ['AT12', ['12']],
  ['BT', undefined],
])('%s is %j', (line, commands) => {
  expect(parseCommandLine(line)).toEqual(commands);
});

test('property: however the bytes are split, the output is the same, and no line harms the next', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary-ascii', maxLength: 20 })), fc.array(fc.nat()), (lines, points) => {
      const bytes = new TextEncoder().encode(lines.map(line => `AT${line}\r`).join(''));
      const cuts = [0, ...points.map(point => point % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const whole = createModem({ identity });
      const split = createModem({ identity });
      const parts = cuts.slice(1).map((end, i) => split.receive(bytes.subarray(cuts[i], end)));
      expect(toHex(concatBytes(parts))).toBe(toHex(whole.receive(bytes)));
      const next = new TextDecoder().decode(whole.receive(new TextEncoder().encode('\rATE0\rAT\r')));
      expect(next.endsWith('\r\nOK\r\n\r\nOK\r\n')).toBe(true);
    }),
  );
});

test('serveModem answers on a stream until stopped, or until the stream fails', async () => {
  const listeners = new Set<(bytes: Uint8Array) => void>();
  const written: string[] = [];
  let broken = false;
  const stream = {
    async write(bytes: Uint8Array) {
      if (broken) throw new Error('gone');
      written.push(new TextDecoder().decode(bytes));
    },
    onData(listener: (bytes: Uint8Array) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const say = (text: string) => {
    for (const listener of listeners) listener(new TextEncoder().encode(text));
  };
  const stop = serveModem(stream, createModem({ identity }));
  say('AT\r');
  expect(written).toEqual(['AT\r\r\nOK\r\n']);
  stop();
  expect(listeners.size).toBe(0);

  serveModem(stream, createModem({ identity }));
  broken = true;
  say('AT\r');
  await Promise.resolve();
  await Promise.resolve();
  expect(listeners.size).toBe(0);
});
