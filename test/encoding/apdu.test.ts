import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import {
  type CommandApdu,
  channelOf,
  decodeCommand,
  decodeResponse,
  describeStatusWord,
  encodeCommand,
  encodeResponse,
  followUp,
  formatStatusWord,
  instructionName,
  withChannel,
} from '../../src-core/encoding/apdu.ts';

const header = { cla: 0x00, ins: 0xa4, p1: 0x04, p2: 0x0c };

describe('command APDU', () => {
  it.each<[string, string, CommandApdu]>([
    ['case 1', '00A4040C', header],
    ['case 2', '00A4040C05', { ...header, le: 5 }],
    ['case 2, Le 256', '00A4040C00', { ...header, le: 256 }],
    ['case 3', '00A4040C023F00', { ...header, data: fromHex('3F00') }],
    ['case 4', '00A4040C023F0007', { ...header, data: fromHex('3F00'), le: 7 }],
    ['case 4, Le 256', '00A4040C023F0000', { ...header, data: fromHex('3F00'), le: 256 }],
  ])('%s both ways', (_, hex, command) => {
    expect(decodeCommand(fromHex(hex))).toEqual(command);
    expect(toHex(encodeCommand(command))).toBe(hex);
  });

  it.each([
    ['00A404', 'unexpected-end', 3],
    ['00A4040C033F00', 'wrong-lc', 4],
    ['00A4040C013F0000', 'wrong-lc', 4],
    ['00A4040C0000', 'unexpected-end', 6],
    ['00A4040C0000033F00', 'wrong-lc', 5],
    ['00A4040C0000023F0001', 'wrong-lc', 5],
  ])('refuses %s', (hex, code, offset) => {
    expect(() => decodeCommand(fromHex(hex))).toThrow(expect.objectContaining({ code, offset }));
  });

  it.each<[string, string, CommandApdu]>([
    ['case 2', '00A4040C000101', { ...header, le: 257 }],
    ['case 2, Le 65536', '00A4040C000000', { ...header, le: 0x10000 }],
    ['case 3', `00A4040C000100${'AB'.repeat(256)}`, { ...header, data: new Uint8Array(256).fill(0xab) }],
    ['case 4', '00A4040C0000023F000200', { ...header, data: fromHex('3F00'), le: 512 }],
  ])('of extended length, %s both ways', (_, hex, command) => {
    expect(decodeCommand(fromHex(hex))).toEqual(command);
    expect(toHex(encodeCommand(command, true))).toBe(hex);
  });

  it('is a short one wherever that will do', () => {
    expect(toHex(encodeCommand({ ...header, data: fromHex('3F00'), le: 256 }, true))).toBe('00A4040C023F0000');
  });

  it('refuses what does not fit', () => {
    expect(() => encodeCommand({ ...header, data: new Uint8Array(256) })).toThrow(
      expect.objectContaining({ code: 'data-too-long' }),
    );
    expect(() => encodeCommand({ ...header, le: 257 })).toThrow(expect.objectContaining({ code: 'le-out-of-range' }));
    expect(() => encodeCommand({ ...header, le: 0 })).toThrow(expect.objectContaining({ code: 'le-out-of-range' }));
  });
});

describe('response APDU', () => {
  it('both ways', () => {
    expect(decodeResponse(fromHex('01029000'))).toEqual({ data: fromHex('0102'), sw: 0x9000 });
    expect(toHex(encodeResponse({ data: fromHex('0102'), sw: 0x63c2 }))).toBe('010263C2');
    expect(() => decodeResponse(fromHex('90'))).toThrow(expect.objectContaining({ code: 'unexpected-end', offset: 1 }));
  });

  it('says what to send next', () => {
    const command: CommandApdu = { cla: 0x02, ins: 0xb0, p1: 1, p2: 2, le: 256 };
    expect(followUp(command, 0x9000)).toBeUndefined();
    expect(followUp(command, 0x6a82)).toBeUndefined();
    expect(followUp(command, 0x6c10)).toEqual({ ...command, le: 16 });
    expect(followUp(command, 0x6122)).toEqual({ cla: 0x02, ins: 0xc0, p1: 0, p2: 0, le: 0x22 });
    expect(followUp(command, 0x6100)).toEqual({ cla: 0x02, ins: 0xc0, p1: 0, p2: 0, le: 256 });
  });
});

describe('logical channels in CLA', () => {
  it.each([
    [0, 0x00, 0x80],
    [3, 0x03, 0x83],
    [4, 0x40, 0xc0],
    [19, 0x4f, 0xcf],
  ])('channel %i is class %i, proprietary %i', (channel, cla, proprietary) => {
    expect(withChannel(0x00, channel)).toBe(cla);
    expect(withChannel(0x80, channel)).toBe(proprietary);
    expect(channelOf(cla)).toBe(channel);
    expect(channelOf(proprietary)).toBe(channel);
  });
});

describe('words', () => {
  it.each([
    [0x9000, '9000', 'done'],
    [0x611c, '611C', 'done, 28 more bytes to GET RESPONSE'],
    [0x6100, '6100', 'done, 256 more bytes to GET RESPONSE'],
    [0x63c2, '63C2', 'verification failed, 2 tries left'],
    [0x63c1, '63C1', 'verification failed, 1 try left'],
    [0x6581, '6581', 'memory problem'],
    [0x6700, '6700', 'wrong length'],
    [0x6982, '6982', 'security status not satisfied'],
    [0x6983, '6983', 'authentication method blocked'],
    [0x6a82, '6A82', 'file not found'],
    [0x6b00, '6B00', 'wrong parameters P1-P2 (offset outside the file)'],
    [0x6c0a, '6C0A', 'wrong Le, exactly 10 bytes available'],
    [0x6d00, '6D00', 'instruction not supported'],
    [0x6e00, '6E00', 'class not supported'],
    [0x69ff, '69FF', 'command not allowed'],
    [0x1234, '1234', 'unknown status word'],
  ])('%i', (sw, hex, text) => {
    expect(formatStatusWord(sw)).toBe(hex);
    expect(describeStatusWord(sw)).toBe(text);
  });

  it('names instructions', () => {
    expect([0xa4, 0xd6, 0x20, 0x70, 0x09].map(instructionName)).toEqual([
      'SELECT',
      'UPDATE BINARY',
      'VERIFY',
      'MANAGE CHANNEL',
      'INS 09',
    ]);
  });
});
