import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src-core/base/secret.ts';
import { decodeMessage, encodeMessage } from '../../src-core/syncml/codec.ts';
import { basicDigest, md5Digest } from '../../src-core/syncml/credentials.ts';
import type { Message } from '../../src-core/syncml/message.ts';
import { fixtureBytes, fixtureJson, syncmlSamples } from '../support/fixtures.ts';

/** libwbxml rewrites this media type while encoding; the document is otherwise the same. */
function asLibwbxml(message: Message): Message {
  return JSON.parse(JSON.stringify(message).replaceAll('dmtnds+xml', 'dmtnds+wbxml')) as Message;
}

/** Data of a `+wbxml` type decodes to bytes; the sample has XML text in it. */
function withTextData(message: Message): unknown {
  return JSON.parse(
    JSON.stringify(message, (_key, value: unknown) =>
      value instanceof Uint8Array ? new TextDecoder().decode(value) : value,
    ),
  );
}

describe('SyncML vectors of libwbxml', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dmw-vectors-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(syncmlSamples)('%s: XML, WBXML and WBXML with string table decode to the same message', name => {
    const fromXml = asLibwbxml(decodeMessage(fixtureBytes(`syncml/${name}.xml`), 'xml'));
    expect(fromXml.commands.length).toBeGreaterThan(0);
    expect(withTextData(decodeMessage(fixtureBytes(`syncml/${name}.wbxml`), 'wbxml'))).toEqual(fromXml);
    expect(withTextData(decodeMessage(fixtureBytes(`syncml/${name}.string-table.wbxml`), 'wbxml'))).toEqual(fromXml);
  });

  it.each(syncmlSamples)('%s: what we write reads back as the same message, in both encodings', name => {
    const message = decodeMessage(fixtureBytes(`syncml/${name}.xml`), 'xml');
    for (const encoding of ['wbxml', 'xml'] as const) {
      expect(withTextData(decodeMessage(encodeMessage(message, encoding), encoding))).toEqual(message);
    }
  });

  it.each(syncmlSamples)('%s: wbxml2xml reads what we write as the message it was', name => {
    const message = decodeMessage(fixtureBytes(`syncml/${name}.xml`), 'xml');
    const input = join(folder, `${name}.wbxml`);
    const output = join(folder, `${name}.xml`);
    writeFileSync(input, encodeMessage(message, 'wbxml'));
    execFileSync('wbxml2xml', ['-m', '0', '-o', output, input], { stdio: 'ignore' });
    const judged = decodeMessage(Uint8Array.from(readFileSync(output)), 'xml');
    expect(asLibwbxml(judged)).toEqual(asLibwbxml(message));
  });
});

interface CredentialVector {
  readonly user: string;
  readonly password: string;
  readonly nonceBase64: string;
  readonly basic: string;
  readonly md5: string;
}

describe('credentials', () => {
  it.each(fixtureJson<CredentialVector[]>('credentials.json'))(
    '$user: basic and MD5 as hashlib computes them',
    vector => {
      const identity = { user: vector.user, password: Secret.ofText(vector.password) };
      expect(basicDigest(identity)).toBe(vector.basic);
      expect(md5Digest(identity, Buffer.from(vector.nonceBase64, 'base64'))).toBe(vector.md5);
    },
  );
});
