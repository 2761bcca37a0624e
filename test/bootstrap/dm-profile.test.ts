import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import { buildDmBootstrap, readDmBootstrap } from '../../src-core/bootstrap/dm-profile.ts';
import { findChild, type MarkupElement } from '../../src-core/encoding/markup.ts';
import { writeXml } from '../../src-core/encoding/xml/writer.ts';
import { dmAccountNode } from '../../src-core/objects/dmacc.ts';
import { decodeMessage, encodeMessage } from '../../src-core/syncml/codec.ts';
import type { Message } from '../../src-core/syncml/message.ts';
import { interior, leaf, type TreeNode } from '../../src-core/tree/node.ts';
import { readTnds, TNDS_WBXML_TYPE, TNDS_XML_TYPE, writeTnds, writeTndsWbxml } from '../../src-core/tree/tnds.ts';
import { ACCOUNT } from '../support/dm-account.ts';
import { openLibwbxml } from '../support/markup-documents.ts';

const built = buildDmBootstrap(ACCOUNT);
const message = decodeMessage(built, 'wbxml');

/** A bootstrap message with other objects for the Inbox. */
const bootstrapOf = (items: Message['commands'][number][]): Uint8Array =>
  encodeMessage({ ...message, commands: items }, 'wbxml');
const add = (type: string, data: Uint8Array | string, uri = './Inbox'): Message['commands'][number] => ({
  kind: 'Add',
  cmdId: '1',
  items: [{ target: { uri }, meta: { format: typeof data === 'string' ? 'xml' : 'bin', type }, data }],
});
const tnds = (...nodes: TreeNode[]) => nodes.map(node => ({ path: '', node }));

describe('DM profile bootstrap', () => {
  it('is one Add to ./Inbox in a message that wants no answer', () => {
    // WBXML 1.2, SyncML 1.2, UTF-8; SyncML, SyncHdr, VerDTD "1.2", VerProto "DM/1.2".
    expect(toHex(built.slice(0, 25), ' ')).toBe(
      '02 A4 01 6A 00 6D 6C 71 03 31 2E 32 00 01 72 03 44 4D 2F 31 2E 32 00 01 65',
    );
    expect(message).toMatchObject({
      header: { verDTD: '1.2', verProto: 'DM/1.2', msgId: 1, source: { uri: 'dm.example' }, noResp: true },
      commands: [
        { kind: 'Add', items: [{ target: { uri: './Inbox' }, meta: { format: 'bin', type: TNDS_WBXML_TYPE } }] },
      ],
      final: true,
    });
    expect(message.header.cred).toBeUndefined();
  });

  it('reads back as the account it was built from, and the same account gives the same bytes', () => {
    const { accounts, objects } = readDmBootstrap(built);
    expect(objects).toEqual(tnds(dmAccountNode(ACCOUNT)));
    expect(accounts).toHaveLength(1);
    expect(accounts[0]?.client.secret.equals(ACCOUNT.client.secret)).toBe(true);
    expect(accounts[0]).toMatchObject({
      name: 'Workbench',
      serverUrl: ACCOUNT.serverUrl,
      client: { nonce: ACCOUNT.client.nonce },
    });
    expect(toHex(buildDmBootstrap(ACCOUNT))).toBe(toHex(built));
  });

  describe('wbxml2xml', () => {
    let judge: ReturnType<typeof openLibwbxml>;
    beforeAll(() => {
      judge = openLibwbxml();
    });
    afterAll(() => judge.close());

    it('accepts it, with the account inside', () => {
      const at = (node: MarkupElement | undefined, name: string) => node && findChild(node, name);
      const data = ['SyncBody', 'Add', 'Item', 'Data'].reduce<MarkupElement | undefined>(at, judge.read(built));
      const tree = at(data, 'MgmtTree');
      expect(tree && readTnds(tree)).toEqual(tnds(dmAccountNode(ACCOUNT)));
    });
  });

  it('takes accounts in TNDS as XML and several objects, in order', () => {
    const second = { ...ACCOUNT, name: 'Second' };
    const bytes = bootstrapOf([
      add(TNDS_XML_TYPE, writeXml(writeTnds(tnds(interior('Other', [leaf('A', 'a')]), dmAccountNode(ACCOUNT))))),
      add(TNDS_WBXML_TYPE, writeTndsWbxml(tnds(dmAccountNode(second)))),
    ]);
    const { accounts, objects } = readDmBootstrap(bytes);
    expect(objects.map(({ node }) => node.name)).toEqual(['Other', 'Workbench', 'Second']);
    expect(accounts.map(({ name }) => name)).toEqual(['Workbench', 'Second']);
  });

  it.each([
    ['no command', []],
    ['another object', [add(TNDS_WBXML_TYPE, writeTndsWbxml(tnds(interior('Other', []))))]],
    [
      'an account that does not go to ./Inbox',
      [add(TNDS_WBXML_TYPE, writeTndsWbxml(tnds(dmAccountNode(ACCOUNT))), './DMAcc')],
    ],
    ['an object of another type', [add('text/plain', 'hello')]],
  ])('412 for a message with %s', (_name, commands) => {
    expect(() => readDmBootstrap(bootstrapOf(commands))).toThrow(
      expect.objectContaining({ name: 'ProtocolError', status: 412, code: 'no-account', advice: expect.any(String) }),
    );
  });

  it('412 naming what an account lacks', () => {
    const { children, ...rest } = dmAccountNode(ACCOUNT);
    const node = { ...rest, children: children.filter(({ name }) => name !== 'AppAddr') };
    expect(() => readDmBootstrap(bootstrapOf([add(TNDS_WBXML_TYPE, writeTndsWbxml(tnds(node)))]))).toThrow(
      expect.objectContaining({ status: 412, message: 'DM account "Workbench" has no AppAddr/<X>/Addr' }),
    );
  });

  it('every truncation is an EncodingError, outside and inside the object', () => {
    for (let length = 0; length < built.length; length += 3)
      expect(() => readDmBootstrap(built.slice(0, length))).toThrow(expect.objectContaining({ name: 'EncodingError' }));
    const object = writeTndsWbxml(tnds(dmAccountNode(ACCOUNT)));
    for (let length = 0; length < object.length; length += 3)
      expect(() => readDmBootstrap(bootstrapOf([add(TNDS_WBXML_TYPE, object.slice(0, length))]))).toThrow(
        expect.objectContaining({ name: 'EncodingError' }),
      );
  });
});
