/** A session as one page to mail to a colleague: no script, nothing from elsewhere, no secrets, nothing cut short. Pure. */
import { Html, html } from './html.ts';
import type { AnswerView, CommandView, MessageBody, MessageView, SessionView } from './message-views.ts';
import { STYLE } from './session-html-style.ts';
import type { ActingView, ProofView } from './session-views.ts';

export interface SessionDocument {
  readonly session: SessionView;
  readonly deviceName: string;
  readonly acting: readonly ActingView[];
  /** One for each message, in their order, without digests and nonces. */
  readonly bodies: readonly MessageBody[];
  /** The program that writes it. */
  readonly by: string;
  readonly now: number;
}

export function writeSessionHtml({ session, deviceName, acting, bodies, by, now }: SessionDocument): string {
  const title = `${deviceName} · session ${session.sessionId} · ${stamp(session.startedAt)}`;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${title}</title><style>${new Html(STYLE)}</style></head><body><main>
<h1>${title}</h1>
${facts(session)}
<h2>Who acted</h2>
${actingTable(acting)}
<h2>Messages</h2>
${ladder(session)}
${session.messages.map((message, i) => section(message, i + 1, bodies[i]))}
</main><footer>Written by ${by}, ${stamp(now)}. Passwords, digests and nonces are left out (•••). Times are UTC.</footer>
</body></html>
`;
  return page.text;
}

function facts(session: SessionView): Html {
  const { client, server, scheme } = session.authenticated;
  const who = client && server ? 'both sides' : client ? 'the device alone' : 'nobody';
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Device', session.deviceId],
    ['State', `${session.state}: ${session.detail}`],
    ['Began', stamp(session.startedAt)],
    ['Ended', session.endedAt === undefined ? undefined : stamp(session.endedAt)],
    ['Authenticated', scheme ? `${who}, ${scheme}` : who],
    ['Transport', `${session.encoding.toUpperCase()} over ${session.transport}`],
  ];
  const known = rows.filter(([, value]) => value !== undefined);
  return html`<dl>${known.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function actingTable(acting: readonly ActingView[]): Html {
  const rows = acting.flatMap(view =>
    view.proofs.length > 0 ? view.proofs.map(proof => actingRow(view, proof)) : [actingRow(view)],
  );
  return html`<table>${heads(['side', 'address', 'name', 'credentials', 'message', 'answer'])}${rows}</table>`;
}

function actingRow({ side, address, name }: ActingView, proof?: ProofView): Html {
  const scheme = proof?.scheme || 'none';
  return html`<tr><td>${side}</td><td>${address}</td><td>${name}</td><td>${scheme}</td><td>${proof && `msg ${proof.msgId}`}</td><td>${proof?.answer && pill(proof.answer)}</td></tr>`;
}

function ladder({ messages }: SessionView): Html {
  const rows = messages.map(
    (
      message,
      i,
    ) => html`<tr><td><a href="#m${i + 1}">${i + 1}</a></td><td class="mono">${stamp(message.at).slice(11)}</td>
<td>${arrow(message)}</td><td>${placeOf(message)}</td><td>${message.error ?? summary(message)}</td>
<td>${message.statuses.map(status => html`${pill(status)} `)}</td><td class="mono">${message.bytes} B</td>
<td>${message.encoding.toUpperCase()}</td><td class="mono">${message.tookMs} ms</td></tr>`,
  );
  const names = ['', 'time', '', 'package', 'commands', 'statuses', 'size', 'encoding', 'took'];
  return html`<table class="ladder">${heads(names)}${rows}</table>`;
}

function summary({ commands, statuses }: MessageView): string {
  const one = ({ name, subject, inner }: CommandView): string =>
    `${name} ${subject}${inner ? `(${inner.map(one).join(', ')})` : ''}`.trim();
  const times = statuses.length > 1 ? ` ×${statuses.length}` : '';
  const carried = statuses.length > 0 ? [`Status${times}`] : [];
  return [...carried, ...commands.map(one)].join(', ') || 'nothing more: the session ends';
}

function section(message: MessageView, number: number, body: MessageBody | undefined): Html {
  return html`<details id="m${number}"><summary>${arrow(message)} Message ${number} · package ${placeOf(message)} · ${stamp(message.at).slice(11)} · ${message.bytes} bytes ${message.encoding.toUpperCase()}</summary>
${body && notes(body)}
${commandTable(message)}
${body && body.xml !== '' ? html`<h3>XML</h3><pre>${body.xml}</pre>` : ''}
${body && html`<h3>Bytes</h3><pre>${hexRows(body.hex)}</pre>`}
</details>
`;
}

function notes({ error, warnings, hidden }: MessageBody): Html | undefined {
  const all = [
    ...(error ? [`cannot be read: ${error.text}`] : []),
    ...warnings.map(({ text }) => `kept, not obeyed: ${text}`),
    ...hidden.map(({ text, start }) => `left out${start === undefined ? '' : ` at byte ${start}`}: ${text}`),
  ];
  return all.length === 0 ? undefined : html`<ul>${all.map(note => html`<li>${note}</li>`)}</ul>`;
}

/** Commands with those inside them and how they were answered, then what the message answers. */
function commandTable({ commands, statuses }: MessageView): Html {
  const asked = commandRows(commands, 0);
  const answered = statuses.map(
    status =>
      html`<tr><td class="mono">${status.cmdRef}</td><td>answers ${status.cmd}${status.within && ` in ${status.within}`}</td><td>${pill(status)}</td></tr>`,
  );
  return html`<table>${heads(['id', 'command', 'status'])}${asked}${answered}</table>`;
}

function commandRows(commands: readonly CommandView[], depth: number): Html[] {
  return commands.flatMap(({ cmdId, name, subject, answer, inner = [] }) => [
    html`<tr><td class="mono">${cmdId}</td><td>${'→ '.repeat(depth)}<b>${name}</b> ${subject}</td><td>${answer ? pill(answer) : 'no status'}</td></tr>`,
    ...commandRows(inner, depth + 1),
  ]);
}

function pill({ code, text, ok }: AnswerView): Html {
  return html`<span class="pill ${ok ? 'ok' : 'bad'}">${code} ${text}</span>`;
}

function arrow({ direction }: MessageView): Html {
  const label = direction === 'up' ? 'device to server' : 'server to device';
  return html`<span class="${direction}" title="${label}">${direction === 'up' ? '▲' : '▼'}</span>`;
}

const placeOf = (message: MessageView): string =>
  `${message.package} · ${message.error === undefined ? `msg ${message.msgId}` : 'malformed'}`;

const heads = (names: readonly string[]): Html => html`<tr>${names.map(name => html`<th>${name}</th>`)}</tr>`;

const ROW = 16;

/** Offset, digits, and characters where they are ASCII; bullets stay bullets. */
function hexRows(hex: string): string {
  const bytes = hex.match(/../gs) ?? [];
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += ROW) {
    const row = bytes.slice(at, at + ROW);
    const text = row.map(byte => characterOf(Number.parseInt(byte, 16))).join('');
    rows.push(`${at.toString(16).toUpperCase().padStart(4, '0')}  ${row.join(' ').padEnd(ROW * 3 - 1)}  ${text}`);
  }
  return rows.join('\n');
}

const characterOf = (code: number): string => (code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·');

/** `2026-11-23 22:14:06.120`. */
function stamp(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '');
}
