/** Traces of the cards of a batch as files: one card's, or all of them part by part, since thousands of cards make a long file. */
import { RequestError } from '../../../base/errors.ts';
import type { BatchCardRecord, BatchStore } from '../../../store/contract.ts';
import type { ExportedFile } from '../../session-views.ts';
import { traceText } from '../trace-file.ts';
import { unpackTrace } from './card-trace.ts';

export type TraceForm = 'text' | 'json';

/** Parts put one behind the other are the file. */
export interface TracePart extends ExportedFile {
  /** Where the next part begins; absent with the last. */
  readonly next?: number;
}

interface Forms {
  readonly type: string;
  readonly ending: string;
  card(row: BatchCardRecord, packed: Uint8Array): string;
  readonly begin: (batch: string) => string;
  readonly between: string;
  readonly end: string;
}

const FORMS: Readonly<Record<TraceForm, Forms>> = {
  text: {
    type: 'text/plain',
    ending: 'txt',
    card: (row, packed) => traceText(titleOf(row), unpackTrace(packed)),
    begin: batch => `# Batch ${batch}\n\n`,
    between: '\n',
    end: '',
  },
  json: {
    type: 'application/json',
    ending: 'json',
    card: ({ line, iccid, state, detail, reader, at }, packed) =>
      JSON.stringify({ line, iccid, state, detail, reader, at, apdus: unpackTrace(packed) }),
    begin: batch => `{"batch":${JSON.stringify(batch)},"cards":[\n`,
    between: ',\n',
    end: '\n]}\n',
  },
};

const PART_CHARACTERS = 2 * 1024 * 1024;

/** @throws RequestError `no-trace`. */
export async function traceOf(
  store: BatchStore,
  key: string,
  row: BatchCardRecord,
  form: TraceForm,
): Promise<ExportedFile> {
  const packed = await store.trace(key, row.iccid);
  if (!packed)
    throw new RequestError('no-trace', `nothing that was said to card ${row.iccid} is kept in this batch`, {
      advice: 'Insert the card while the batch is at work',
    });
  const { type, ending, card } = FORMS[form];
  const end = form === 'json' ? '\n' : '';
  return { name: `apdus-${row.iccid}.${ending}`, type, text: card(row, packed) + end };
}

export async function tracesFrom(
  store: BatchStore,
  batch: { readonly key: string; readonly name: string; readonly base: string },
  rows: readonly BatchCardRecord[],
  { form, from, most = PART_CHARACTERS }: { readonly form: TraceForm; readonly from: number; readonly most?: number },
): Promise<TracePart> {
  const { type, ending, card, begin, between, end } = FORMS[form];
  const texts: string[] = [];
  let length = 0;
  let at = from;
  for (; at < rows.length && length < most; at += 1) {
    const row = rows[at];
    const packed = row && (await store.trace(batch.key, row.iccid));
    if (!row || !packed) continue;
    const text = card(row, packed);
    length += text.length;
    texts.push(text);
  }
  const isLast = at >= rows.length;
  return {
    name: `${batch.base}-apdus.${ending}`,
    type,
    // A part ends behind a card: the next one goes on behind it.
    text: `${from === 0 ? begin(batch.name) : texts.length > 0 ? between : ''}${texts.join(between)}${isLast ? end : ''}`,
    ...(!isLast && { next: at }),
  };
}

function titleOf({ line, iccid, state, detail }: BatchCardRecord): string {
  return `line ${line}, card ${iccid}, ${state}${detail && `: ${detail}`}`;
}
