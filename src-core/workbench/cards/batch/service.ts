/** Batches of cards as the API sees them; subscriptions yield the present state first. */
import type { ExportedFile } from '../../session-views.ts';
import type { ListOptions } from './intake.ts';
import type { TraceForm, TracePart } from './traces.ts';
import type { BatchesState, BatchPreview, BatchRows, ImportedBatch } from './views.ts';

export interface BatchesService {
  watch(signal: AbortSignal): AsyncIterable<BatchesState>;
  watchRows(key: string, signal: AbortSignal): AsyncIterable<BatchRows>;
  /** Checks the list as a whole and keeps it where it has no error; nothing is written. Where its cards were a batch before, that goes on. */
  importList(name: string, text: string, options: ListOptions): Promise<ImportedBatch>;
  /** What the card in this line would get. */
  preview(key: string, line: number): Promise<BatchPreview>;
  /** A person consents, for this batch, to present the key once to each card that does not tell its tries; or takes it back. */
  allowUnknownTries(key: string, allowed: boolean): Promise<void>;
  /** From now on the cards that go into the readers are provisioned; no readers named: all. One batch at a time. */
  start(key: string, readers?: readonly string[]): Promise<void>;
  /** Resolves when no card is being written any more. */
  stop(): Promise<void>;
  result(key: string, form: 'csv' | 'html'): Promise<ExportedFile>;
  /** What was said to the card in this line in its last run. */
  trace(key: string, line: number, form: TraceForm): Promise<ExportedFile>;
  /** The same of all cards, in parts; `from`: as the part before says. */
  traces(key: string, form: TraceForm, from?: number): Promise<TracePart>;
  /** With its keys. */
  remove(key: string): Promise<void>;
}
