import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { readWbxml } from '../../src-core/encoding/wbxml/reader.ts';
import {
  commandSize,
  decodeMessage,
  type Encoding,
  encodeMessage,
  envelopeSize,
  FINAL_SIZE,
} from '../../src-core/syncml/codec.ts';
import type { Command, Message, SyncHdr } from '../../src-core/syncml/message.ts';
import { commands, headers, messages } from '../support/generated-messages.ts';

const ENCODINGS: readonly Encoding[] = ['wbxml', 'xml'];
const HEADER: SyncHdr = {
  verDTD: '1.2',
  verProto: 'DM/1.2',
  sessionId: '1',
  msgId: 1,
  target: { uri: 's' },
  source: { uri: 'd' },
};
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe.each(ENCODINGS)('any message in %s', encoding => {
  it('reads back as it was written', () => {
    fc.assert(
      fc.property(messages, message => {
        const read = decodeMessage(encodeMessage(message, encoding), encoding);
        expect(read).toEqual(encoding === 'wbxml' ? message : withBase64(message));
        expect(read).not.toHaveProperty('warnings');
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('is as long as its envelope and its commands', () => {
    fc.assert(
      fc.property(headers, fc.array(commands, { maxLength: 6 }), (header, list) => {
        const sum = list.reduce(
          (size, command) => size + commandSize(command, encoding),
          envelopeSize(header, encoding),
        );
        expect(encodeMessage({ header, commands: list, final: true }, encoding).length).toBe(sum);
      }),
      { numRuns: 300, seed: 8 },
    );
  });

  it('that is not final is so much shorter, or two bytes more where its last command ends in another code page', () => {
    fc.assert(
      fc.property(headers, fc.array(commands, { minLength: 1, maxLength: 6 }), (header, list) => {
        const sum = list.reduce(
          (size, command) => size + commandSize(command, encoding),
          envelopeSize(header, encoding),
        );
        const { length } = encodeMessage({ header, commands: list, final: false }, encoding);
        const missing = sum - FINAL_SIZE[encoding] - length;
        expect(missing === 0 || (encoding === 'wbxml' && missing === 2 && endsInMeta(list.at(-1)))).toBe(true);
      }),
      { numRuns: 300, seed: 9 },
    );
  });
});

/** XML carries bytes as base64 text, and says so. */
function withBase64(message: Message): Message {
  const commandOf = (command: Command): Command =>
    'items' in command
      ? {
          ...command,
          items: command.items.map(item =>
            item.data instanceof Uint8Array
              ? { ...item, meta: { ...item.meta, format: 'b64' }, data: Buffer.from(item.data).toString('base64') }
              : item,
          ),
        }
      : 'commands' in command
        ? { ...command, commands: command.commands.map(commandOf) }
        : command;
  return { ...message, commands: message.commands.map(commandOf) };
}

function endsInMeta(command: Command | undefined): boolean {
  if (command === undefined || command.kind === 'Unsupported') return false;
  if ('commands' in command && command.commands.length > 0) return endsInMeta(command.commands.at(-1));
  const last = 'items' in command ? command.items.at(-1) : undefined;
  if (last) return last.meta !== undefined && last.data === undefined && !last.moreData;
  return 'meta' in command && command.meta !== undefined;
}

describe('versions', () => {
  const message = (verDTD: string): Message => ({ header: { ...HEADER, verDTD }, commands: [], final: true });

  it.each([
    ['1.1', 'SyncML 1.1', '9F53', 'SYNCML:SYNCML1.1'],
    ['1.2', 'SyncML 1.2', 'A401', 'SYNCML:SYNCML1.2'],
    ['1.3', 'SyncML 1.2', 'A401', 'SYNCML:SYNCML1.2'],
  ])('VerDTD %s is written as %s', (verDTD, type, publicId, namespace) => {
    const wbxml = encodeMessage(message(verDTD), 'wbxml');
    expect(toHex(wbxml.slice(0, 5))).toBe(`02${publicId}6A00`);
    expect(readWbxml(wbxml)).toMatchObject({ type: { name: type }, root: { namespace } });
    const xml = encodeMessage(message(verDTD), 'xml');
    expect(text(xml)).toContain(`<SyncML xmlns="${namespace}"><SyncHdr><VerDTD>${verDTD}</VerDTD>`);
    for (const [bytes, encoding] of [[wbxml, 'wbxml'] as const, [xml, 'xml'] as const])
      expect(decodeMessage(bytes, encoding)).toEqual(message(verDTD));
  });
});

describe('bytes and mark-up of single commands', () => {
  const command: Command = {
    kind: 'Get',
    cmdId: '2',
    meta: { type: 'a' },
    items: [{ target: { uri: './B' } }, { meta: { format: 'chr' } }],
  };
  const HEX =
    '53 4B 033200 01 5A 0001 53 036100 01 01 0000 54 6E 57 032E2F4200 01 01 01 54 5A 0001 47 0363687200 01 01 01 01';

  it('Get in WBXML, pages switched only where they change', () => {
    const bytes = encodeMessage({ header: HEADER, commands: [command], final: false }, 'wbxml');
    expect(toHex(bytes)).toContain(toHex(fromHex(HEX)));
    // The switch back to page 00 that the next command needs belongs to this one.
    expect(commandSize(command, 'wbxml')).toBe(fromHex(HEX).length + 2);
  });

  it('Get in XML', () => {
    const xml =
      '<Get><CmdID>2</CmdID><Meta><Type xmlns="syncml:metinf">a</Type></Meta><Item><Target><LocURI>./B</LocURI></Target></Item>' +
      '<Item><Meta><Format xmlns="syncml:metinf">chr</Format></Meta></Item></Get>';
    expect(text(encodeMessage({ header: HEADER, commands: [command], final: true }, 'xml'))).toContain(
      `${xml}<Final/>`,
    );
    expect(commandSize(command, 'xml')).toBe(xml.length);
  });

  it('Final', () => {
    for (const encoding of ENCODINGS) {
      const sizeOf = (final: boolean) =>
        encodeMessage({ header: HEADER, commands: [{ kind: 'Get', cmdId: '1', items: [] }], final }, encoding).length;
      expect(sizeOf(true) - sizeOf(false)).toBe(FINAL_SIZE[encoding]);
    }
  });
});

// Square in the size, two megabytes would not be through within the test's time; `npm run bench -- codec` shows the growth.
it.each(ENCODINGS)('a message of 20,000 Results reads back as it was written: %s', encoding => {
  const commands = Array.from(
    { length: 20_000 },
    (_, i): Command => ({
      kind: 'Results',
      cmdId: String(i),
      cmdRef: '1',
      targetRefs: [],
      sourceRefs: [],
      items: [{ source: { uri: `./A/${i}` }, meta: { format: 'chr' }, data: `value é ${i}` }],
    }),
  );
  const message: Message = { header: HEADER, commands, final: true };
  expect(decodeMessage(encodeMessage(message, encoding), encoding).commands).toEqual(commands);
});
