import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, toHex } from '../../src-core/base/bytes.ts';
import { element, type MarkupElement, text, textOf } from '../../src-core/encoding/markup.ts';
import { readWbxml } from '../../src-core/encoding/wbxml/reader.ts';
import { DM_DDF_1_2 } from '../../src-core/encoding/wbxml/types/dm-ddf.ts';
import { METINF_NAMESPACE } from '../../src-core/encoding/wbxml/types/metinf.ts';
import { SYNCML_1_2, SYNCML_NAMESPACE } from '../../src-core/encoding/wbxml/types/syncml.ts';
import { writeWbxml } from '../../src-core/encoding/wbxml/writer.ts';
import { readXml } from '../../src-core/encoding/xml/reader.ts';
import { writeXml } from '../../src-core/encoding/xml/writer.ts';
import type { MessageRecord, SessionRecord } from '../../src-core/store/contract.ts';
import { decodeMarkup, type Encoding, encodeMessage } from '../../src-core/syncml/codec.ts';
import type { Command, Cred, Item, Message } from '../../src-core/syncml/message.ts';
import { messageBody } from '../../src-core/workbench/message-body.ts';
import type { MessageBody, OutlineNode } from '../../src-core/workbench/message-views.ts';
import { sessionView } from '../../src-core/workbench/messages.ts';
import { maskMessage } from '../../src-core/workbench/session-mask.ts';
import { fixtureBytes, syncmlSamples } from '../support/fixtures.ts';

const PASSWORD = 'correct horse battery';

function record(bytes: Uint8Array, encoding: Encoding = 'wbxml', direction: 'up' | 'down' = 'up'): MessageRecord {
  return { key: 'm', sessionKey: 's', at: 0, direction, package: 1, encoding, bytes };
}

function message(commands: readonly Command[], cred?: Cred): Message {
  return {
    header: {
      verDTD: '1.2',
      verProto: 'DM/1.2',
      sessionId: '1',
      msgId: 1,
      target: { uri: 'http://127.0.0.1/dm' },
      source: { uri: 'IMEI:493005100592800' },
      ...(cred && { cred }),
    },
    commands,
    final: true,
  };
}

const replace = (...items: readonly Item[]): Command => ({ kind: 'Replace', cmdId: '1', items });
const bodyOf = (content: Message, encoding: Encoding = 'wbxml') =>
  messageBody(record(encodeMessage(content, encoding), encoding));

const markupOf = (content: Message): MarkupElement => decodeMarkup(encodeMessage(content, 'xml'), 'xml');

/** All of the body as one text, as it goes to the page. */
const everything = (body: MessageBody): string => JSON.stringify(body);

function find(body: MessageBody, name: string): OutlineNode & { readonly value: string } {
  const at = body.outline.findIndex(node => node.kind === 'element' && node.name === name);
  const node = body.outline[at];
  const inner = body.outline[at + 1];
  if (!node) throw new Error(`no ${name}`);
  return { ...node, value: inner && inner.kind !== 'element' ? inner.text : '' };
}

/** Text of the nodes inside this one. */
function textWithin(outline: readonly OutlineNode[], at: number): string {
  const depth = outline[at]?.depth ?? 0;
  let all = '';
  for (let i = at + 1; (outline[i]?.depth ?? -1) > depth; i += 1) {
    const node = outline[i];
    if (node && node.kind !== 'element') all += node.text;
  }
  return all;
}

function deepText(node: MarkupElement): string {
  return node.children
    .map(child => (child.kind === 'element' ? deepText(child) : textOf({ ...node, children: [child] })))
    .join('');
}

describe('each node is where its bytes are', () => {
  const pageOf: Readonly<Record<string, number>> = { SyncML: 0, MetInf: 1, 'DM DDF': 2 };

  describe.each(['wbxml', 'string-table.wbxml'])('%s', form => {
    test.each(syncmlSamples)('%s: the bytes of every element and text read as that element or text', name => {
      const bytes = fixtureBytes(`syncml/${name}.${form}`);
      const { outline, error } = messageBody(record(bytes));
      expect(error).toBeUndefined();
      const head = bytes.subarray(0, outline[0]?.start);
      const read = (...parts: readonly Uint8Array[]) => readWbxml(concatBytes([head, ...parts])).root;
      let checked = 0;
      for (const [i, node] of outline.entries()) {
        if (node.embedded) continue;
        const slice = bytes.subarray(node.start, node.end);
        if (node.kind === 'element') {
          const decoded = read(Uint8Array.of(0, pageOf[node.namespace] ?? 0), slice);
          expect(decoded.name).toBe(node.name);
          expect(deepText(decoded)).toBe(textWithin(outline, i));
        } else if (node.kind === 'text') {
          // 4F: Data with content, 01: END.
          expect(textOf(read(Uint8Array.of(0x4f), slice, Uint8Array.of(0x01)))).toBe(node.text);
        }
        checked += 1;
      }
      expect(checked).toBeGreaterThan(20);
    });
  });

  test.each(syncmlSamples)('%s as XML: the same', name => {
    const bytes = fixtureBytes(`syncml/${name}.xml`);
    const { outline, error } = messageBody(record(bytes, 'xml'));
    expect(error).toBeUndefined();
    for (const [i, node] of outline.entries()) {
      const slice = new TextDecoder().decode(bytes.subarray(node.start, node.end));
      if (node.kind === 'element') {
        const decoded = readXml(slice);
        expect(decoded.name).toBe(node.name);
        expect(deepText(decoded)).toBe(textWithin(outline, i));
      } else expect(textOf(readXml(`<x>${slice}</x>`))).toBe(node.text);
    }
    expect(outline.length).toBeGreaterThan(20);
  });

  test('a document in OPAQUE: its nodes are marked, and are where they are in the message', () => {
    const tnds = readXml('<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD></MgmtTree>');
    const bytes = encodeMessage(
      message([
        replace({
          target: { uri: './A' },
          meta: { format: 'bin', type: 'application/vnd.syncml.dmtnds+wbxml' },
          data: writeWbxml(tnds, DM_DDF_1_2),
        }),
      ]),
      'wbxml',
    );
    const { outline } = messageBody(record(bytes));
    const at = outline.findIndex(node => node.kind === 'opaque');
    expect(outline[at]).toMatchObject({ form: 'document', text: '' });
    const [tree, version, value] = outline.slice(at + 1);
    expect(tree).toMatchObject({ name: 'MgmtTree', namespace: 'DM DDF', embedded: true });
    expect(version).toMatchObject({ name: 'VerDTD', embedded: true });
    expect(value).toMatchObject({ text: '1.2', embedded: true });
    // VerDTD with content, STR_I "1.2" 00, END
    expect(toHex(bytes.subarray(version?.start, version?.end), ' ')).toMatch(/^[4-7][0-9A-F] 03 31 2E 32 00 01$/);
    expect(toHex(bytes.subarray(value?.start, value?.end), ' ')).toBe('03 31 2E 32 00');
  });

  test('white space between elements is no node; a value keeps its own', () => {
    const xml = writeXml(markupOf(message([replace({ source: { uri: './A' }, data: ' a\n ' })])), {
      pretty: true,
    });
    const body = messageBody(record(new TextEncoder().encode(xml), 'xml'));
    expect(body.outline.filter(node => node.kind === 'text' && node.text.trim() === '')).toEqual([]);
    expect(body.outline.some(node => node.kind === 'text' && node.text === ' a\n ')).toBe(true);
  });

  test('bytes that are no text are shown as hexadecimal, whole', () => {
    const data = Uint8Array.of(0, 1, 254, 255);
    const body = bodyOf(message([replace({ target: { uri: './Icon' }, meta: { format: 'bin' }, data })]));
    expect(body.outline).toContainEqual(expect.objectContaining({ kind: 'opaque', form: 'hex', text: '0001FEFF' }));
    expect(body.xml).toContain('AAH+/w==');
  });
});

const basic = (password: string): Cred => ({
  meta: { format: 'b64', type: 'syncml:auth-basic' },
  data: Buffer.from(`device:${password}`).toString('base64'),
});

const account = (secret: string): MarkupElement =>
  tnds([node('AAuthName', 'device'), node('AAuthSecret', secret), node('AAuthData', 'bm9uY2Utb2YtZGV2aWNl')]);

const ddf = (name: string, children: readonly (MarkupElement | ReturnType<typeof text>)[]) =>
  element('syncml:dmddf1.2', name, children);
const node = (name: string, value: string) => ddf('Node', [ddf('NodeName', [text(name)]), ddf('Value', [text(value)])]);
const tnds = (nodes: readonly MarkupElement[]) =>
  ddf('MgmtTree', [ddf('VerDTD', [text('1.2')]), ddf('Node', [ddf('NodeName', [text('1')]), ...nodes])]);

const inInbox = (type: string, format: string, data: string | Uint8Array): Command =>
  replace({ target: { uri: './Inbox' }, meta: { format, type: `application/vnd.syncml.dmtnds+${type}` }, data });

describe('secrets', () => {
  test('basic credentials: bullets in outline, XML and bytes, and a word why', () => {
    const cred = basic(PASSWORD);
    const bytes = encodeMessage(message([], cred), 'wbxml');
    const body = messageBody(record(bytes));
    expect(everything(body)).not.toContain(cred.data);
    expect(body.outline).toContainEqual(
      expect.objectContaining({ text: '•••', hidden: 'basic credentials: the password is in them' }),
    );
    expect(body.xml).toContain('<Data>•••</Data>');
    const [hidden] = body.hidden;
    expect(body.hidden).toHaveLength(1);
    // STR_I, the base64 text, 00: all of the text's bytes, and no other.
    expect(toHex(bytes.subarray(hidden?.start, hidden?.end))).toBe(`03${toHex(Buffer.from(cred.data))}00`);
    expect(body.hex.replaceAll('••', '')).toBe(
      toHex(bytes.subarray(0, hidden?.start)) + toHex(bytes.subarray(hidden?.end)),
    );
    expect(body.hex).toHaveLength(bytes.length * 2);
  });

  test.each(['syncml:auth-md5', 'SYNCML:AUTH-MAC'])('a digest of %s is none', type => {
    const body = bodyOf(message([], { meta: { format: 'b64', type }, data: 'h4pMuVXvLmUo6MKfd1YlEA==' }));
    expect(find(body, 'Cred')).toMatchObject({ kind: 'element' });
    expect(body.xml).toContain('h4pMuVXvLmUo6MKfd1YlEA==');
    expect(body.hidden).toEqual([]);
  });

  test.each([undefined, 'syncml:auth-x509'])('credentials of type %s are one: they may hold anything', type => {
    const body = bodyOf(message([], { ...(type && { meta: { type } }), data: PASSWORD }));
    expect(everything(body)).not.toContain(PASSWORD);
    expect(body.hidden[0]?.text).toContain('unknown type');
  });

  test('a value written to AAuthSecret alone is one; its name and its properties are none', () => {
    const uri = './DMAcc/1/AppAuth/2/AAuthSecret';
    const body = bodyOf(
      message([
        replace({ target: { uri }, data: PASSWORD }, { target: { uri: `${uri}?prop=Title` }, data: 'the title' }),
      ]),
    );
    expect(everything(body)).not.toContain(PASSWORD);
    expect(body.hidden.map(note => note.text)).toEqual(['value of AAuthSecret']);
    expect(body.xml).toContain('the title');
  });

  test('a list of children names AAuthSecret and stays', () => {
    const body = bodyOf(message([replace({ source: { uri: './DMAcc/1/AppAuth/2' }, data: 'AAuthName/AAuthSecret' })]));
    expect(body.xml).toContain('AAuthName/AAuthSecret');
    expect(body.hidden).toEqual([]);
  });

  test.each([
    ['WBXML in OPAQUE', 'wbxml', inInbox('wbxml', 'bin', writeWbxml(account(PASSWORD), DM_DDF_1_2))],
    ['XML as text in WBXML', 'wbxml', inInbox('xml', 'xml', writeXml(account(PASSWORD)))],
    ['XML as text in XML', 'xml', inInbox('xml', 'xml', writeXml(account(PASSWORD)))],
  ] as const)('a DM account as %s: name shown, secret and nonce not', (_, encoding, command) => {
    const body = bodyOf(message([command]), encoding);
    expect(everything(body)).not.toContain(PASSWORD);
    expect(everything(body)).not.toContain('bm9uY2Utb2YtZGV2aWNl');
    expect(body.hex).not.toContain(toHex(Buffer.from(PASSWORD)));
    expect(body.xml).toContain('AAuthSecret');
    expect(body.xml).toContain('device');
    expect(body.hidden).toHaveLength(2);
  });

  test('a DM account in CDATA: only the values are left out of the bytes', () => {
    const inner = writeXml(account(PASSWORD));
    const xml = writeXml(markupOf(message([inInbox('xml', 'xml', 'HERE')]))).replace('HERE', `<![CDATA[${inner}]]>`);
    const bytes = new TextEncoder().encode(xml);
    const body = messageBody(record(bytes, 'xml'));
    expect(body.hidden.map(({ start, end }) => new TextDecoder().decode(bytes.subarray(start, end)))).toEqual([
      PASSWORD,
      'bm9uY2Utb2YtZGV2aWNl',
    ]);
    expect(body.outline).toContainEqual(
      expect.objectContaining({ kind: 'text', text: expect.stringContaining('<Value>•••</Value>') }),
    );
  });

  test('part of a DM account, a chunk of a large object, is left out whole', () => {
    const chunk = writeXml(account(PASSWORD)).slice(0, -30);
    const body = bodyOf(message([inInbox('xml', 'xml', chunk)]));
    expect(everything(body)).not.toContain(PASSWORD);
    expect(body.hidden[0]?.text).toContain('cannot be taken apart');
  });

  test('a secret in the string table of WBXML is left out there', () => {
    const items = [1, 2, 3].map(n => ({ target: { uri: `./DMAcc/${n}/AAuthSecret` }, data: PASSWORD }));
    const bytes = writeWbxml(markupOf(message([replace(...items)])), SYNCML_1_2, { stringTable: true });
    const table = Buffer.from(bytes).indexOf(PASSWORD);
    expect(table).toBeLessThan(120);
    const body = messageBody(record(bytes));
    expect(body.hex).not.toContain(toHex(Buffer.from(PASSWORD)));
    expect(body.hidden).toContainEqual(expect.objectContaining({ start: table, end: table + PASSWORD.length }));
  });

  test('a client provisioning document as text: the attribute value is left out', () => {
    const cp = `<wap-provisioningdoc><characteristic type="APPAUTH"><parm name="AAUTHSECRET" value="${PASSWORD}"/></characteristic></wap-provisioningdoc>`;
    const body = bodyOf(message([replace({ target: { uri: './Inbox' }, data: cp })]));
    expect(everything(body)).not.toContain(PASSWORD);
    expect(body.hex).not.toContain(toHex(Buffer.from(PASSWORD)));
    expect(body.xml).toContain('AAUTHSECRET');
  });

  test('any password, in any carrier and encoding, is in nothing that the page gets', () => {
    const password = fc
      .string({ unit: 'grapheme-ascii', minLength: 6, maxLength: 20 })
      .filter(p => p.trim().length > 5);
    const carriers: readonly ((password: string) => Message)[] = [
      p => message([], basic(p)),
      p => message([replace({ target: { uri: './DMAcc/x/AppAuth/1/AAuthSecret' }, data: p })]),
      p => message([inInbox('wbxml', 'bin', writeWbxml(account(p), DM_DDF_1_2))]),
      p => message([inInbox('xml', 'xml', writeXml(account(p)))]),
    ];
    fc.assert(
      fc.property(password, fc.constantFrom(...carriers), fc.constantFrom('wbxml', 'xml'), (p, carrier, encoding) => {
        const body = bodyOf(carrier(p), encoding as Encoding);
        const shown = JSON.stringify([body.xml, body.outline, body.hidden]);
        for (const form of [p, Buffer.from(`device:${p}`).toString('base64')]) {
          expect(shown).not.toContain(JSON.stringify(form).slice(1, -1));
          expect(body.hex).not.toContain(toHex(Buffer.from(form)));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a message with stars holds none of them, is as long as it was, and can still be read', () => {
    const password = fc.string({ unit: 'grapheme-ascii', minLength: 6, maxLength: 20 }).filter(p => /\w{3}/.test(p));
    const carriers: readonly ((password: string) => Message)[] = [
      p => message([], basic(p)),
      p => message([replace({ target: { uri: './DMAcc/x/AppAuth/1/AAuthSecret' }, data: p })]),
      p => message([inInbox('wbxml', 'bin', writeWbxml(account(p), DM_DDF_1_2))]),
      p => message([inInbox('xml', 'xml', writeXml(account(p)))]),
    ];
    fc.assert(
      fc.property(password, fc.constantFrom(...carriers), fc.constantFrom('wbxml', 'xml'), (p, carrier, form) => {
        const encoding = form as Encoding;
        const bytes = encodeMessage(carrier(p), encoding);
        const masked = maskMessage({ bytes, encoding }).bytes;
        expect(masked).toHaveLength(bytes.length);
        for (const secret of [p, Buffer.from(`device:${p}`).toString('base64')])
          expect(Buffer.from(masked).includes(secret)).toBe(false);
        expect(messageBody(record(masked, encoding)).error).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});

describe('what cannot be read', () => {
  const whole = encodeMessage(message([replace({ source: { uri: './A' }, data: '1' })], basic(PASSWORD)), 'wbxml');

  test('a message that breaks off: bytes and the offset, nothing else', () => {
    const bytes = whole.subarray(0, whole.length - 20);
    const body = messageBody(record(bytes));
    expect(body).toMatchObject({ xml: '', outline: [], warnings: [], error: { offset: bytes.length } });
    expect(body.error?.text).toContain('found the end of the document');
    expect(body.hex.startsWith(toHex(bytes.subarray(0, 16)))).toBe(true);
  });

  test('its basic credentials are left out all the same', () => {
    const body = messageBody(record(whole.subarray(0, whole.length - 20)));
    expect(body.hex).not.toContain(toHex(Buffer.from(basic(PASSWORD).data)));
    expect(body.hidden.map(note => note.text)).toContainEqual(expect.stringContaining('may be a secret'));
  });

  test('nor does the error repeat what may be one', () => {
    const cred = { meta: { type: 'syncml:auth-basic' }, data: 'geheim' };
    const bytes = Uint8Array.from(encodeMessage(message([], cred), 'wbxml'));
    bytes[Buffer.from(bytes).indexOf('geheim') + 5] = 0xff;
    const { error } = messageBody(record(bytes));
    expect(error?.text).toMatch(/^WBXML: expected text in UTF-8 \(at offset \d+\)$/);
  });

  test('nor do those of broken XML show', () => {
    const xml = new TextDecoder().decode(encodeMessage(message([], basic(PASSWORD)), 'xml')).replace('</SyncML>', '');
    const body = messageBody(record(new TextEncoder().encode(xml), 'xml'));
    expect(body.error).toBeDefined();
    expect(body.hex).not.toContain(toHex(Buffer.from(basic(PASSWORD).data)));
  });

  test('a document that is no message keeps its elements, with the place of the error', () => {
    const root = element(SYNCML_NAMESPACE, 'SyncML', [
      element(SYNCML_NAMESPACE, 'SyncHdr', [element(SYNCML_NAMESPACE, 'VerDTD', [text('1.2')])]),
      element(SYNCML_NAMESPACE, 'SyncBody'),
    ]);
    const body = messageBody(record(writeWbxml(root, SYNCML_1_2)));
    expect(body.outline.map(one => (one.kind === 'element' ? one.name : one.text))).toEqual([
      'SyncML',
      'SyncHdr',
      'VerDTD',
      '1.2',
      'SyncBody',
    ]);
    expect(body.error).toMatchObject({ offset: find(body, 'SyncHdr').start });
  });

  test('unknown elements are warnings with their place', () => {
    const xml = new TextDecoder()
      .decode(encodeMessage(message([]), 'xml'))
      .replace('<SyncBody>', '<SyncBody><Signal xmlns="urn:vendor">-71</Signal>');
    const bytes = new TextEncoder().encode(xml);
    const { warnings, outline } = messageBody(record(bytes, 'xml'));
    expect(warnings).toHaveLength(1);
    const { text: words, start, end } = warnings[0] ?? { text: '' };
    expect(words).toContain('Signal');
    expect(new TextDecoder().decode(bytes.subarray(start, end))).toBe('<Signal xmlns="urn:vendor">-71</Signal>');
    expect(outline).toContainEqual(expect.objectContaining({ name: 'Signal', namespace: 'urn:vendor', start }));
  });
});

describe('ladder', () => {
  const session: SessionRecord = {
    key: 's',
    deviceId: 'd',
    sessionId: '1',
    startedAt: 0,
    state: 'completed',
    detail: '',
    clientAuthenticated: true,
    serverAuthenticated: true,
    encoding: 'wbxml',
    transport: 'HTTP',
  };
  const view = (...messages: readonly (readonly ['up' | 'down', readonly Command[]])[]) =>
    sessionView(
      session,
      messages.map(([direction, commands]) => record(encodeMessage(message(commands), 'wbxml'), 'wbxml', direction)),
    );
  const status = (cmd: string, cmdRef: string, code: number): Command => ({
    kind: 'Status',
    cmdId: `9${cmdRef}`,
    msgRef: 1,
    cmdRef,
    cmd,
    targetRefs: [`./${cmdRef}`],
    sourceRefs: [],
    code,
    items: [],
  });

  test('commands inside Atomic and Sequence appear, each with the status that answered it', () => {
    const get = (cmdId: string): Command => ({ kind: 'Get', cmdId, items: [{ target: { uri: `./${cmdId}` } }] });
    const atomic: Command = {
      kind: 'Atomic',
      cmdId: '1',
      commands: [get('2'), { kind: 'Sequence', cmdId: '3', commands: [get('4')] }],
    };
    const { messages } = view(['down', [atomic]], ['up', [status('Atomic', '1', 507), status('Get', '4', 404)]]);
    expect(messages[0]?.commands).toMatchObject([
      {
        name: 'Atomic',
        items: 2,
        answer: { code: 507, ok: false },
        inner: [
          { name: 'Get', subject: './2' },
          { name: 'Sequence', inner: [{ name: 'Get', subject: './4', answer: { code: 404, text: 'Not found' } }] },
        ],
      },
    ]);
    expect(messages[0]?.commands[0]?.inner?.[0]?.answer).toBeUndefined();
    expect(messages[1]?.statuses).toMatchObject([
      { code: 507, cmd: 'Atomic ./1' },
      { code: 404, cmd: 'Get ./4', within: 'Sequence 3' },
    ]);
    expect(messages[1]?.statuses[0]?.within).toBeUndefined();
  });

  test('a generic alert says its type, mark, source and correlator', () => {
    const { messages } = view([
      'up',
      [
        {
          kind: 'Alert',
          cmdId: '1',
          code: 1226,
          correlator: 'abc-1',
          items: [{ source: { uri: './FUMO/1' }, meta: { type: 'urn:update', mark: 'critical' }, data: '200' }],
        },
      ],
    ]);
    expect(messages[0]?.commands[0]?.subject).toBe(
      '1226 Generic alert · correlator abc-1 · urn:update · critical · ./FUMO/1',
    );
  });

  test('a user interaction alert says what it asks', () => {
    const items = [{ data: 'MINDT=10' }, { data: 'Restart now?' }];
    const { messages } = view(['down', [{ kind: 'Alert', cmdId: '1', code: 1101, items }]]);
    expect(messages[0]?.commands[0]?.subject).toBe('1101 Confirm or reject · MINDT=10 · Restart now?');
  });

  test('a command that DM does not use has its name', () => {
    const { messages } = view(['up', [{ kind: 'Unsupported', cmdId: '1', name: 'Put' }]]);
    expect(messages[0]?.commands).toMatchObject([{ name: 'Put', subject: 'not a command of DM', items: 0 }]);
  });

  test('bytes that are no message stand in the ladder with the reason, and the rest of the session beside them', () => {
    const good = encodeMessage(message([]), 'wbxml');
    const { messages } = sessionView(session, [record(good), record(good.subarray(0, 9))]);
    expect(messages[0]).toMatchObject({ msgId: 1 });
    expect(messages[1]).toMatchObject({
      msgId: 0,
      commands: [],
      error: expect.stringContaining('expected a string that ends with 00'),
    });
  });

  test.each([
    ['basic', 'basic'],
    ['md5', 'MD5'],
    ['hmac', 'HMAC'],
    ['none', 'no credentials'],
    [undefined, 'MD5'],
  ])('the scheme %s is called %s', (scheme, words) => {
    expect(sessionView({ ...session, ...(scheme && { scheme }) }, []).authenticated.scheme).toBe(words);
  });

  test('without scheme and without proof none is named', () => {
    expect(sessionView({ ...session, clientAuthenticated: false }, []).authenticated.scheme).toBe('');
  });

  test('MetInf elements are labelled', () => {
    const body = bodyOf(message([replace({ source: { uri: './A' }, meta: { format: 'chr' }, data: '1' })]));
    expect(find(body, 'Format')).toMatchObject({ namespace: 'MetInf', value: 'chr' });
    expect(METINF_NAMESPACE).toBe('syncml:metinf');
  });
});
