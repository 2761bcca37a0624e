/** Batches of cards as the API sees them; subscriptions yield the present state first. */
import type { ExportedFile } from '../../session-views.ts';
import type { ListDefaults } from './list.ts';
import type { BatchesState, BatchPreview, BatchRows, ImportedBatch } from './views.ts';

export interface BatchesService {
  watch(signal: AbortSignal): AsyncIterable<BatchesState>;
  watchRows(key: string, signal: AbortSignal): AsyncIterable<BatchRows>;
  /** Checks the list as a whole and keeps it where it has no error; nothing is written. Where its cards were a batch before, that goes on. */
  importList(name: string, text: string, defaults: ListDefaults): Promise<ImportedBatch>;
  /** What the card in this line would get. */
  preview(key: string, line: number): Promise<BatchPreview>;
  /** From now on the cards that go into the readers are provisioned; no readers named: all. One batch at a time. */
  start(key: string, readers?: readonly string[]): Promise<void>;
  /** Resolves when no card is being written any more. */
  stop(): Promise<void>;
  result(key: string, form: 'csv' | 'html'): Promise<ExportedFile>;
  /** With its keys. */
  remove(key: string): Promise<void>;
}
