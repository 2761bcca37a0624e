import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readXml } from '../../src-core/encoding/xml/reader.ts';
import { actingIn } from '../../src-core/workbench/acting.ts';
import { html } from '../../src-core/workbench/html.ts';
import { messageBody } from '../../src-core/workbench/message-body.ts';
import { readMessages, sessionView } from '../../src-core/workbench/messages.ts';
import { writeSessionHtml } from '../../src-core/workbench/session-html.ts';
import { oddSession } from '../support/fake-messages.ts';
import { BEGAN, type RecordedSession, recordedSession } from '../support/recorded-session.ts';

function page({ record, messages }: RecordedSession, deviceName = 'Handset'): string {
  const read = readMessages(messages);
  return writeSessionHtml({
    session: sessionView(record, messages, read),
    deviceName,
    acting: actingIn(read),
    bodies: messages.map(message => messageBody(message, true)),
    by: 'DM Workbench 9.9',
    now: BEGAN,
  });
}

const HOSTILE = `<script>alert(1)</script>"'&<img src=x onerror=alert(1)>`;

describe('the page of a session', () => {
  test('what came from outside is text: no element, no attribute, no script of it', () => {
    const uri = `./A/${HOSTILE}`;
    const session = recordedSession({
      packages: [[{ kind: 'Get', items: [{ target: { uri } }] }]],
      record: { detail: HOSTILE, deviceId: HOSTILE },
    });
    const text = page(session, HOSTILE);
    expect(text).not.toMatch(/<script|<img/i);
    expect(text).toContain('./A/&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
  });

  test('it runs nothing and loads nothing', () => {
    const text = page(recordedSession());
    expect(text).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(text).not.toMatch(/<script|\son\w+=|javascript:|url\(|<link|<iframe|src=/i);
    expect([...text.matchAll(/href="([^"]*)"/g)].every(([, target]) => target?.startsWith('#m'))).toBe(true);
  });

  test('every message is there in full: ladder, commands, XML and all bytes', () => {
    const session = recordedSession({ packages: [[{ kind: 'Get', items: [{ target: { uri: './A' } }] }]] });
    const text = page(session);
    expect([...text.matchAll(/<details/g)]).toHaveLength(session.messages.length);
    const bytes = [...text.matchAll(/<h3>Bytes<\/h3><pre>([^<]*)/g)].map(([, rows = '']) =>
      rows.split('\n').flatMap(row => row.slice(6, 53).trim().split(' ')),
    );
    expect(bytes.map(row => row.length)).toEqual(session.messages.map(message => message.bytes.length));
    expect(text).toContain('<b>Get</b> ./A');
  });

  test('no digest, no nonce, no password is in it', () => {
    const { record } = recordedSession();
    const odd = page({ record, messages: oddSession('IMEI:1', BEGAN).records });
    expect(odd).not.toContain('correct horse battery');
    expect(odd).not.toContain('h4pMuVXvLmUo6MKfd1YlEA==');
    expect(odd).toContain('•••');
    const md5 = page(recordedSession());
    const nonces = [...md5.matchAll(/&lt;NextNonce .*?&gt;(.*?)&lt;/g)].map(([, nonce]) => nonce);
    expect(nonces).toEqual(['•••', '•••']);
  });

  test('a message that cannot be read says why, and shows its bytes', () => {
    const text = page({ record: recordedSession().record, messages: oddSession('IMEI:1', BEGAN).records });
    expect(text).toContain('cannot be read: ');
    expect(text).toContain('malformed');
  });

  test('whatever the text, the template keeps it text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), value => {
        const { text } = html`<p title="${value}">${value}</p>`;
        const root = readXml(text.replaceAll('\r', ' '));
        expect(root.children.every(child => child.kind === 'text')).toBe(true);
        expect(root.attributes).toHaveLength(1);
      }),
    );
  });
});
