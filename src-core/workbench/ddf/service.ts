/** Device descriptions as the API sees them; `DdfRoom` is the one implementation. */
import type { DdfDownload, DdfFileView, DescriptionView, OffersView } from './views.ts';

export interface DdfService {
  watch(signal: AbortSignal): AsyncIterable<readonly DdfFileView[]>;
  add(name: string, content: string): Promise<DdfFileView>;
  remove(id: string): Promise<void>;
  file(id: string): Promise<DdfDownload>;
  describe(deviceId: string, uri: string): Promise<DescriptionView | null>;
  mayAdd(deviceId: string, uri: string): Promise<OffersView>;
  skeleton(deviceId: string, uri: string): Promise<DdfDownload>;
}
