/** Snapshots as the API sees them; subscriptions yield the present state first. */
import type {
  ApplyRequest,
  ChangeView,
  CommandsView,
  DiffView,
  ExportRequest,
  SnapshotView,
  TreeFile,
  TreeSide,
} from './views.ts';

export interface SnapshotsService {
  /** Newest first. */
  watch(signal: AbortSignal): AsyncIterable<readonly SnapshotView[]>;
  /** What is known of a device now, or of one node of it with all below. */
  take(deviceId: string, name?: string, uri?: string): Promise<SnapshotView>;
  rename(key: string, name: string): Promise<void>;
  remove(key: string): Promise<void>;

  diff(from: TreeSide, to: TreeSide): Promise<DiffView>;
  /** What changed at one node, nothing of it cut. */
  changesAt(from: TreeSide, to: TreeSide, uri: string): Promise<readonly ChangeView[]>;
  commands(request: ApplyRequest): Promise<CommandsView>;
  /** Sends the commands that the digest names, as `work.send` does. */
  apply(request: ApplyRequest, digest: string): Promise<{ readonly workId: string; readonly held: boolean }>;

  exportTree(request: ExportRequest): Promise<TreeFile>;
  /** Opens a file as a snapshot. `gzip`: its bytes, compressed, as base64. */
  importTree(fileName: string, gzip: string): Promise<SnapshotView>;
}
