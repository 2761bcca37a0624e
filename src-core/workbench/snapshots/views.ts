/** What the page sees of snapshots and of what differs between two trees. Times are milliseconds since 1970. */
import type { CommandPreview } from '../work-views.ts';

export interface SnapshotView {
  readonly key: string;
  readonly name: string;
  readonly takenAt: number;
  readonly source: 'device' | 'file';
  /** Identifier of the device, or name of the file. */
  readonly origin: string;
  readonly nodes: number;
  /** Bytes it takes in the store. */
  readonly bytes: number;
}

/** One of two trees: what is known of a device now, or what was. */
export type TreeSide =
  | { readonly kind: 'device'; readonly deviceId: string }
  | { readonly kind: 'snapshot'; readonly key: string };

export type ChangeKind = 'added' | 'changed' | 'moved' | 'removed';
export type ChangedField = 'ACL' | 'Format' | 'Title' | 'Type' | 'Value';

export interface FieldView {
  readonly field: ChangedField;
  /** Absent where there was or is none. */
  readonly old?: string;
  readonly new?: string;
  /** Characters of the whole text where only its beginning is here. */
  readonly oldLength?: number;
  readonly newLength?: number;
}

export interface ChangeView {
  readonly kind: ChangeKind;
  readonly uri: string;
  /** Where it was before it was renamed. */
  readonly from?: string;
  /** The node whose children changed. */
  readonly group: string;
  readonly format?: string;
  /** It came or went with the node above it. */
  readonly inside?: true;
  readonly fields: readonly FieldView[];
}

export interface DiffView {
  readonly changes: readonly ChangeView[];
  /** Changes that there are besides: too many to show. */
  readonly more: number;
  readonly counts: Readonly<Record<ChangeKind, number>>;
  /** Nodes of each tree. */
  readonly nodes: { readonly from: number; readonly to: number };
  /** Nodes that are in the other tree and were never read in this one, topmost only: they are not compared. */
  readonly unknown: { readonly from: number; readonly to: number };
  /** Leaves whose value only one of the trees has. */
  readonly unread: number;
  /** Properties that one of the trees does not carry at all. */
  readonly notCompared: readonly { readonly property: string; readonly missingIn: 'from' | 'to' }[];
}

export type SubtreeForm = 'nodes' | 'tnds-wbxml' | 'tnds-xml';

/** How a device is to be brought from one tree to another. */
export interface ApplyRequest {
  readonly deviceId: string;
  readonly from: TreeSide;
  readonly to: TreeSide;
  readonly within?: string;
  readonly subtrees: SubtreeForm;
  /** All or nothing: as one Atomic. */
  readonly atomic: boolean;
}

/** Secrets are left out of what is shown. */
export interface CommandsView extends Pick<CommandPreview, 'problems' | 'wbxmlBytes' | 'xml'> {
  readonly count: number;
  /** What no command brings about. */
  readonly skipped: readonly { readonly uri: string; readonly why: string }[];
  /** Names exactly these commands: what a person has seen is what is sent. */
  readonly digest: string;
}

export type TreeForm = 'json' | 'tnds-wbxml' | 'tnds-xml';
export type TndsPropertyName = 'ACL' | 'Format' | 'Title' | 'TStamp' | 'Type' | 'VerNo' | 'Value';

export interface ExportRequest {
  readonly side: TreeSide;
  /** False: values of passwords and the like are left out, as if nobody had read them. */
  readonly secrets: boolean;
  readonly form: TreeForm;
  readonly uri?: string;
  /** For TNDS: only these. */
  readonly properties?: readonly TndsPropertyName[];
}

export interface TreeFile {
  readonly name: string;
  readonly mediaType: string;
  readonly base64: string;
}
