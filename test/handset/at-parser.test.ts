import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex } from '../../src-core/base/bytes.ts';
import {
  type AtEvent,
  commandDropped,
  commandSent,
  INITIAL_STATE,
  MAX_LINE,
  receive,
} from '../../src-core/handset/at-parser.ts';

const ascii = (text: string) => new TextEncoder().encode(text);

function eventsOf(command: string | undefined, ...chunks: readonly Uint8Array[]): readonly AtEvent[] {
  let state = command === undefined ? INITIAL_STATE : commandSent(INITIAL_STATE, command);
  const all: AtEvent[] = [];
  for (const chunk of chunks) {
    const step = receive(state, chunk);
    state = step.state;
    all.push(...step.events);
  }
  return all;
}

const info = (text: string): AtEvent => ({ kind: 'information', text });
const unsolicited = (text: string): AtEvent => ({ kind: 'unsolicited', text });
const OK: AtEvent = { kind: 'result', result: { kind: 'ok' } };

const cases: readonly { name: string; command: string | undefined; hex: string; events: readonly AtEvent[] }[] = [
  {
    name: 'echo on: AT+CGMI, then the manufacturer, then OK',
    command: 'AT+CGMI',
    hex: '41542B43474D490D 0D0A4E6F6B69610D0A 0D0A4F4B0D0A',
    events: [info('Nokia'), OK],
  },
  {
    name: 'echo off',
    command: 'AT+CGMI',
    hex: '0D0A4E6F6B69610D0A 0D0A4F4B0D0A',
    events: [info('Nokia'), OK],
  },
  {
    name: 'line ends of LF alone, NUL padding, trailing blank',
    command: 'AT+CGMI',
    hex: '004E6F6B6961200A 4F4B0A',
    events: [info('Nokia'), OK],
  },
  {
    name: 'an answer in two lines with an empty one between',
    command: 'AT+CGMR',
    hex: '0D0A 562030352E35370D0A 0D0A 30322D30350D0A 0D0A4F4B0D0A',
    events: [info('V 05.57'), info('02-05'), OK],
  },
  {
    name: 'ERROR',
    command: 'AT+CGMI',
    hex: '0D0A4552524F520D0A',
    events: [{ kind: 'result', result: { kind: 'error' } }],
  },
  {
    name: '+CME ERROR: 10',
    command: 'AT+CIMI',
    hex: '0D0A2B434D45204552524F523A2031300D0A',
    events: [{ kind: 'result', result: { kind: 'cme-error', code: 10, text: 'SIM not inserted' } }],
  },
  {
    name: '+CME ERROR in words (+CMEE=2)',
    command: 'AT+CIMI',
    hex: '0D0A2B434D45204552524F523A2053494D20627573790D0A',
    events: [{ kind: 'result', result: { kind: 'cme-error', text: 'SIM busy' } }],
  },
  {
    name: '+CMS ERROR: 330',
    command: 'AT+CMGS=12',
    hex: '0D0A2B434D53204552524F523A203333300D0A',
    events: [{ kind: 'result', result: { kind: 'cms-error', code: 330, text: 'SMSC address unknown' } }],
  },
  {
    name: 'NO CARRIER',
    command: 'ATD123',
    hex: '0D0A4E4F20434152524945520D0A',
    events: [{ kind: 'result', result: { kind: 'no-carrier' } }],
  },
  {
    name: '+CREG and RING between the echo and the answer of +CSQ',
    command: 'AT+CSQ',
    hex: '41542B4353510D 0D0A2B435245473A20310D0A 0D0A52494E470D0A 0D0A2B4353513A2032302C39390D0A 0D0A4F4B0D0A',
    events: [unsolicited('+CREG: 1'), unsolicited('RING'), info('+CSQ: 20,99'), OK],
  },
  {
    name: 'named lines answer a basic command',
    command: 'ATI',
    hex: '0D0A2B474341503A202B4347534D0D0A 0D0A4F4B0D0A',
    events: [info('+GCAP: +CGSM'), OK],
  },
  {
    name: 'without a command everything is unsolicited, also OK',
    command: undefined,
    hex: '0D0A4F4B0D0A',
    events: [unsolicited('OK')],
  },
  {
    name: 'after its result the next line is unsolicited',
    command: 'AT',
    hex: '0D0A4F4B0D0A 0D0A2B434D54493A2022534D222C330D0A',
    events: [OK, unsolicited('+CMTI: "SM",3')],
  },
  {
    name: 'UTF-8 in a model name',
    command: 'AT+CGMM',
    hex: '0D0A4DC3B662696C0D0A 0D0A4F4B0D0A',
    events: [info('Möbil'), OK],
  },
];

for (const { name, command, hex, events } of cases) {
  test(`${name}: whole, and byte by byte`, () => {
    const bytes = fromHex(hex);
    expect(eventsOf(command, bytes)).toEqual(events);
    expect(eventsOf(command, ...Array.from(bytes, byte => Uint8Array.of(byte)))).toEqual(events);
  });

  test(`${name}: split in two at every byte`, () => {
    const bytes = fromHex(hex);
    for (let at = 0; at <= bytes.length; at++)
      expect(eventsOf(command, bytes.subarray(0, at), bytes.subarray(at)), `split at ${at}`).toEqual(events);
  });
}

test('property: however any bytes are split, the events are the same', () => {
  const piece = fc.oneof(
    fc.constantFrom('AT+CGMI\r', '\r\nOK\r\n', '\r\nERROR\r\n', '+CME ERROR: 3\r\n', 'RING\r', '\n', 'é', '\0'),
    fc.string({ maxLength: 12 }),
    fc.constant('x'.repeat(MAX_LINE + 1)),
  );
  const stream = fc.array(piece, { maxLength: 12 }).map(parts => ascii(parts.join('')));
  fc.assert(
    fc.property(stream, fc.array(fc.nat(), { maxLength: 8 }), (bytes, points) => {
      const cuts = [0, ...points.map(point => point % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const chunks = cuts.slice(1).map((end, i) => bytes.subarray(cuts[i], end));
      expect(eventsOf('AT+CGMI', ...chunks)).toEqual(eventsOf('AT+CGMI', bytes));
    }),
    { numRuns: 300 },
  );
});

test('property: what a command answers comes out as it went in, with echo and without', () => {
  const line = fc
    .string({ minLength: 1, maxLength: 30 })
    .map(text => text.trim())
    .filter(text => text !== '' && !/^(OK|ERROR|RING|NO CARRIER|AT\+CGMI|[+^*%$#].*)$/.test(text));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), fc.boolean(), (lines, echo) => {
      const sent = `${echo ? 'AT+CGMI\r' : ''}${lines.map(text => `\r\n${text}\r\n`).join('')}\r\nOK\r\n`;
      expect(eventsOf('AT+CGMI', ascii(sent))).toEqual([...lines.map(info), OK]);
    }),
  );
});

test('a line without end is dropped, said once, and the next line counts again', () => {
  const noise = ascii('#'.repeat(3 * MAX_LINE));
  expect(eventsOf('AT', noise, ascii('\r\nOK\r\n'))).toEqual([{ kind: 'garbled' }, OK]);
});

test('an answer after the command was dropped is unsolicited', () => {
  const state = commandDropped(commandSent(INITIAL_STATE, 'AT+CGSN'));
  expect(receive(state, ascii('\r\n490154203237518\r\n\r\nOK\r\n')).events).toEqual([
    unsolicited('490154203237518'),
    unsolicited('OK'),
  ]);
});
