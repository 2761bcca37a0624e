import { describe, expect, test } from 'vitest';
import { encodeMessage } from '../../src-core/syncml/codec.ts';
import type { Command } from '../../src-core/syncml/message.ts';
import { isSecretName } from '../../src-core/workbench/secret-names.ts';
import { maskMessage } from '../../src-core/workbench/session-mask.ts';

const SECRET = 'hunter22';
const location = { verDTD: '1.2', verProto: 'DM/1.2', sessionId: '1', msgId: 1 };
const header = { ...location, target: { uri: 'd' }, source: { uri: 's' } };
const TNDS = (name: string) =>
  `<MgmtTree><VerDTD>1.2</VerDTD><Node><NodeName>${name}</NodeName><Value>${SECRET}</Value></Node></MgmtTree>`;

const replace = (uri: string, data: string): Command => ({
  kind: 'Replace',
  cmdId: '2',
  items: [{ target: { uri }, meta: { format: 'chr' }, data }],
});
const typed: Command = {
  kind: 'Status',
  cmdId: '2',
  msgRef: 1,
  cmdRef: '3',
  cmd: 'Alert',
  code: 200,
  targetRefs: [],
  sourceRefs: [],
  items: [{ data: SECRET }],
};

describe.each(['wbxml', 'xml'] as const)('what leaves the machine as %s', encoding => {
  const exported = (command: Command): string => {
    const bytes = encodeMessage({ header, commands: [command], final: true }, encoding);
    return Buffer.from(maskMessage({ bytes, encoding }).bytes).toString('latin1');
  };

  test.each([
    ['a vendor’s password', replace('./Vendor/WLAN/Password', SECRET)],
    ['a vendor’s password in TNDS', replace('./Vendor/W', TNDS('Password'))],
    ['one in base64', replace('./Vendor/W', Buffer.from(TNDS('WifiPassphrase')).toString('base64'))],
    ['what a person typed', typed],
  ])('is without %s', (_, command) => {
    expect(exported(command)).not.toContain(SECRET);
    expect(exported(command)).not.toContain(Buffer.from(SECRET).toString('base64').slice(0, 8));
  });

  test('keeps values of other names, and texts that only speak of passwords', () => {
    expect(exported(replace('./Vendor/WLAN/Name', SECRET))).toContain(SECRET);
    expect(exported(replace('./Vendor/W', TNDS('Name')))).toContain(SECRET);
    expect(exported(replace('./Vendor/Help', `the password is not ${SECRET}`))).toContain(SECRET);
  });
});

test('names of secrets', () => {
  expect(['AAuthSecret', 'aauthdata', 'Password', 'PIN', 'WifiPwd'].filter(name => !isSecretName(name))).toEqual([]);
  expect(['AAuthName', 'Pinned', 'Secrets', 'Name'].filter(isSecretName)).toEqual([]);
});
