/** What became of a batch: as CSV for the next program, as a page to print and sign. No keys, no passwords. */
import { stringify } from 'csv-stringify/sync';
import type { BatchCardRecord } from '../../../store/contract.ts';
import { Html, html } from '../../html.ts';
import { STYLE } from '../../session-html-style.ts';
import { addressOf, userOf } from './account.ts';
import type { BatchCounts } from './views.ts';

export interface BatchResult {
  readonly name: string;
  readonly createdAt: number;
  /** Name of the client provisioning document that the cards get; undefined: an account of this server. */
  readonly document?: string | undefined;
  readonly cards: readonly BatchCardRecord[];
  readonly counts: BatchCounts;
  /** Address of cards whose list names none. */
  readonly serverUrl: string;
  /** ServerID of cards whose list names none. */
  readonly serverId: string;
  /** The program that writes it. */
  readonly by: string;
  readonly now: number;
}

const COLUMNS = ['line', 'iccid', 'result', 'detail', 'time', 'reader', 'user', 'server_id', 'address', 'profile'];

/** A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function resultCsv(result: BatchResult): string {
  const rows = result.cards.map(card => [
    String(card.line),
    card.iccid,
    card.state,
    card.detail,
    card.at === undefined ? '' : new Date(card.at).toISOString(),
    card.reader ?? '',
    ...(result.document === undefined
      ? [userOf(card), card.variables.server_id ?? result.serverId, addressOf(card, result.serverUrl)]
      : ['', '', '']),
    profileName(result),
  ]);
  return stringify([COLUMNS, ...rows], { escape_formulas: true, record_delimiter: 'windows' });
}

function profileName({ document }: Pick<BatchResult, 'document'>): string {
  return document === undefined ? 'DM account' : `CP document ${document}`;
}

export function resultHtml(result: BatchResult): string {
  const { name, createdAt, cards, counts, by, now } = result;
  const open = counts.total - counts.verified - counts.failed;
  const failed = cards.filter(({ state }) => state === 'failed');
  const times = cards.flatMap(({ at }) => at ?? []);
  const facts: readonly (readonly [string, string | number])[] = [
    ['Read in', stamp(createdAt)],
    ['What each card gets', profileName(result)],
    ['Cards', counts.total],
    ['Verified', counts.verified],
    ['Failed', counts.failed],
    ['Not done', open],
    ['Last card', times.length === 0 ? 'none yet' : stamp(times.reduce((last, at) => Math.max(last, at)))],
  ];
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Batch ${name}</title><style>${new Html(STYLE + PRINT)}</style></head><body><main>
<h1>Batch ${name}</h1>
<dl>${facts.map(([title, value]) => html`<dt>${title}</dt><dd>${value}</dd>`)}</dl>
${failed.length > 0 ? html`<h2>Failed</h2>${table(failed, result)}` : ''}
<h2>${failed.length > 0 ? 'All cards' : 'Cards'}</h2>${table(cards, result)}
<div class="sign"><span>Name</span><span>Date</span><span>Signature</span></div>
</main><footer>Written by ${by}, ${stamp(now)}. A card is verified when it was read back and every byte was as planned. Keys and passwords are left out. Times are UTC.</footer>
</body></html>
`;
  return page.text;
}

const PRINT = `
td.mono { white-space: nowrap; }
.sign { display: flex; gap: 32px; margin-top: 64px; break-inside: avoid; }
.sign span { flex: 1; border-top: 1px solid currentColor; padding-top: 4px; }
thead { display: table-header-group; } tr { break-inside: avoid; }
@page { margin: 14mm; }
`;

function table(cards: readonly BatchCardRecord[], { document }: BatchResult): Html {
  const hasUser = document === undefined;
  const heads = ['line', 'ICCID', 'result', 'time', ...(hasUser ? ['user'] : []), 'detail'];
  return html`<table class="ladder"><thead><tr>${heads.map(head => html`<th>${head}</th>`)}</tr></thead><tbody>${cards.map(card => rowOf(card, hasUser))}</tbody></table>`;
}

function rowOf(card: BatchCardRecord, hasUser: boolean): Html {
  const tone = card.state === 'verified' ? 'ok' : card.state === 'failed' ? 'bad' : '';
  return html`<tr><td>${card.line}</td><td class="mono">${card.iccid}</td><td><span class="pill ${tone}">${WORDS[card.state]}</span></td>
<td class="mono">${card.at === undefined ? '' : stamp(card.at)}</td>${hasUser ? html`<td class="mono">${userOf(card)}</td>` : ''}<td>${card.detail}</td></tr>`;
}

const WORDS: Readonly<Record<BatchCardRecord['state'], string>> = {
  waiting: 'not done',
  writing: 'not done: in work',
  interrupted: 'not done: interrupted',
  verified: 'verified',
  failed: 'failed',
};

/** `2026-11-23 22:14:06`. */
function stamp(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
