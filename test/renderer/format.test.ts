import { describe, expect, test } from 'vitest';
import { formatRoute, parseRoute } from '../../renderer/app/routes.ts';
import * as format from '../../renderer/components/format.ts';
import { commandParts, summarizeStatuses } from '../../renderer/components/ladder/ladder-text.ts';
import { layoutXml, tokenizeXml } from '../../renderer/components/xml.ts';
import { groupHex } from '../../renderer/features/cards/group-hex.ts';
import { sessions } from '../support/fake-workbench-data.ts';

const XML =
  '<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1A</SessionID><MsgID>1</MsgID><Target><LocURI>http://192.168.1.20:8080/dm</LocURI></Target><Source><LocURI>IMEI:493005100592800</LocURI></Source></SyncHdr><SyncBody><Alert><CmdID>1</CmdID><Data>1201</Data></Alert><Replace><CmdID>2</CmdID><Item><Source><LocURI>./DevInfo/DevId</LocURI></Source><Meta><Format xmlns="syncml:metinf">chr</Format></Meta><Data>IMEI:493005100592800</Data></Item></Replace><Final/></SyncBody></SyncML>';

const NOON = new Date(2026, 10, 23, 12, 0, 7, 42).getTime();

describe('numbers and times', () => {
  test('sizes', () => {
    expect([0, 528, 999, 1000, 1238, 14_200_000, 999_960].map(format.formatBytes)).toEqual([
      '0 B',
      '528 B',
      '999 B',
      '1.0 kB',
      '1.2 kB',
      '14 MB',
      '1.0 MB',
    ]);
  });

  test('moments', () => {
    expect(format.formatClock(NOON)).toBe('12:00:07.042');
    expect(format.formatStamp(NOON)).toBe('2026-11-23 12:00:07');
    expect(format.formatWhen(NOON, NOON + 60_000)).toBe('12:00:07');
    expect(format.formatWhen(NOON, NOON + 86_400_000)).toBe('11-23 12:00');
  });

  test('how long ago', () => {
    const ago = (seconds: number) => format.formatAgo(NOON - seconds * 1000, NOON);
    expect([0, 1, 12, 59, 60, 3599, 3600].map(ago)).toEqual([
      'just now',
      'just now',
      '12 s ago',
      '59 s ago',
      '1 min ago',
      '59 min ago',
      '1 h ago',
    ]);
    expect(format.formatAgo(NOON, NOON + 2 * 86_400_000)).toBe('2026-11-23');
    expect(format.formatAgo(NOON + 5000, NOON)).toBe('just now');
  });

  test('how long', () => {
    expect([0, 3.4, 999, 1830, 9999, 125_000].map(format.formatDuration)).toEqual([
      '0 ms',
      '3 ms',
      '999 ms',
      '1.83 s',
      '10.0 s',
      '2 min 5 s',
    ]);
  });
});

describe('bytes', () => {
  test('a hex dump keeps every byte, with offset and text', () => {
    expect(format.hexDump('02 0a 41FF7e', 4)).toEqual([
      { offset: '0000', hex: '02 0A 41 FF', text: '··A·' },
      { offset: '0004', hex: '7E', text: '~' },
    ]);
    expect(format.hexDump('', 16)).toEqual([]);
  });

  test('base64 becomes hex, and what is not base64 is said not to be', () => {
    expect(format.base64ToHex('AQL+/w==')).toBe('0102FEFF');
    expect(format.base64ToHex('not base64')).toBeUndefined();
  });

  test('words of four bytes', () => {
    expect(groupHex('3B9F96801FC78031A0')).toBe('3B9F9680 1FC78031 A0');
  });

  test('line ends are seen', () => {
    expect(format.oneLine('a\r\nb\nc\td')).toBe('a⏎b⏎c⇥d');
  });
});

describe('XML', () => {
  test('one element a line, a leaf on one line', () => {
    expect(layoutXml('<a x="1"><b>t</b><c/><d><e>u &amp; v</e></d><f></f></a>')).toBe(
      ['<a x="1">', '  <b>t</b>', '  <c/>', '  <d>', '    <e>u &amp; v</e>', '  </d>', '  <f></f>', '</a>'].join('\n'),
    );
  });

  test('layout changes nothing but white space, and leaves laid-out text alone', () => {
    const laid = layoutXml(XML);
    expect(laid.replace(/\n\s*/g, '')).toBe(XML);
    expect(layoutXml(laid)).toBe(laid);
  });

  test('tokens joined are the text; each has its role', () => {
    const text = `<?xml version="1.0"?><!-- c --><m:Format xmlns='syncml:metinf' a="<b>">chr</m:Format><![CDATA[<x>]]>`;
    const tokens = tokenizeXml(text.replace('<b>', 'b'));
    expect(tokens.map(t => t.text).join('')).toBe(text.replace('<b>', 'b'));
    expect(tokens).toContainEqual({ kind: 'name', text: 'm:Format' });
    expect(tokens).toContainEqual({ kind: 'attribute', text: 'xmlns' });
    expect(tokens).toContainEqual({ kind: 'string', text: "'syncml:metinf'" });
    expect(tokens).toContainEqual({ kind: 'text', text: '<![CDATA[<x>]]>' });
    expect(tokens).toContainEqual({ kind: 'comment', text: '<!-- c -->' });
  });
});

describe('routes', () => {
  test.each([
    { room: 'devices' },
    { room: 'devices', deviceId: 'IMEI:493005100592800' },
    { room: 'devices', deviceId: 'a/b %', uri: './DevInfo/Dév Id' },
    { room: 'cards' },
    { room: 'cards', reader: 'HID Global OMNIKEY [3121] 01 00' },
  ] as const)('$room survives the address', route => {
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  test('any other address is the devices room', () => {
    expect([parseRoute(''), parseRoute('#/nowhere'), parseRoute('#/%E0%A4%A')]).toEqual(
      Array(3).fill({ room: 'devices' }),
    );
  });
});

describe('ladder', () => {
  const text = (i: number) => {
    const message = sessions[0]?.messages[i];
    return message && commandParts(message).map(p => `${p.text} ${p.subject}`.trim());
  };

  test('commands of one name are one part; statuses are counted', () => {
    expect(text(0)).toEqual(['Alert 1201', 'Replace ×5 ./DevInfo']);
    expect(text(1)).toEqual(['Status ×3', 'Get ./DevDetail?list=StructData']);
    expect(text(4)).toEqual(['Status ×2']);
  });

  test('two alerts stay two, and a Status among the commands is not counted twice', () => {
    const message = sessions[0]?.messages[1];
    if (!message) throw new Error('no message');
    const alert = (subject: string) => ({ name: 'Alert', cmdId: '1', subject, items: 0 });
    const status = { name: 'Status', cmdId: '1', subject: '', items: 0 };
    expect(commandParts({ ...message, commands: [alert('1201'), alert('1226'), status, status] })).toEqual([
      { text: 'Alert 1201', subject: '' },
      { text: 'Alert 1226', subject: '' },
      { text: 'Status ×2', subject: '' },
    ]);
  });

  test('a failed status comes before the good ones, with its words', () => {
    const statuses = sessions[0]?.messages[4]?.statuses ?? [];
    expect(summarizeStatuses(statuses)).toMatchObject({ text: '425 Permission denied', tone: 'bad' });
    expect(summarizeStatuses(statuses)?.title).toContain('Replace ./Vendor/Enabled (cmd 3)');
    expect(summarizeStatuses(sessions[0]?.messages[1]?.statuses ?? [])).toMatchObject({
      text: '212 200 ×2',
      tone: 'ok',
    });
    expect(summarizeStatuses([])).toBeUndefined();
  });
});
