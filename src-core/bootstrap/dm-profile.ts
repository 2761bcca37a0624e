/**
 * DM profile bootstrap (OMA-TS-DM_Bootstrap-V1_2_1 §5.4): a DM message, WBXML encoded, that adds the DM account as an
 * embedded WBXML TNDS object to ./Inbox. No answer is expected.
 */
import { ProtocolError } from '../base/errors.ts';
import { DMACC_TYPE, type DmAccount, dmAccountNode, readDmAccount } from '../objects/dmacc.ts';
import { INBOX, inboxObjects } from '../objects/inbox.ts';
import { decodeMessage, encodeMessage } from '../syncml/codec.ts';
import type { Item, Message } from '../syncml/message.ts';
import { TNDS_WBXML_TYPE, type TndsNode, writeTndsWbxml } from '../tree/tnds.ts';

export function buildDmBootstrap(account: DmAccount): Uint8Array {
  const item: Item = {
    target: { uri: INBOX },
    meta: { format: 'bin', type: TNDS_WBXML_TYPE },
    data: writeTndsWbxml([{ path: '', node: dmAccountNode(account) }]),
  };
  const message: Message = {
    header: {
      verDTD: '1.2',
      verProto: 'DM/1.2',
      sessionId: '0',
      msgId: 1,
      target: { uri: 'device' },
      source: { uri: account.serverId },
      noResp: true,
    },
    commands: [{ kind: 'Add', cmdId: '1', items: [item] }],
    final: true,
  };
  return encodeMessage(message, 'wbxml');
}

export interface DmBootstrap {
  readonly message: Message;
  /** All TNDS objects that the message adds to ./Inbox, in order. */
  readonly objects: readonly TndsNode[];
  /** Those of them that are DM accounts. */
  readonly accounts: readonly DmAccount[];
}

/** @throws EncodingError for bytes that are no bootstrap message, ProtocolError 412 for one without a DM account. */
export function readDmBootstrap(bytes: Uint8Array): DmBootstrap {
  const message = decodeMessage(bytes, 'wbxml');
  const objects = inboxObjects(message);
  const accounts = objects.filter(({ node }) => node.type === DMACC_TYPE).map(({ node }) => readDmAccount(node));
  if (accounts.length === 0) {
    throw new ProtocolError('no-account', 'the bootstrap message holds no DM account', 412, {
      advice: 'Build it from a profile with a DM account',
    });
  }
  return { message, objects, accounts };
}
