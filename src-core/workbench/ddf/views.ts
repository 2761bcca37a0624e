/** What the page sees of device descriptions: plain JSON shapes. */
import type { CommandProblem } from '../../tree/ddf/planned.ts';

export type ProblemView = CommandProblem;

/** One document of descriptions that the workbench knows. */
export interface DdfFileView {
  readonly id: string;
  readonly title: string;
  readonly origin: 'built-in' | 'own';
  readonly fileName: string;
  readonly bytes: number;
  readonly manufacturer?: string;
  readonly model?: string;
  /** Where its descriptions begin: the identifier of an object, the URI, or both. */
  readonly objects: readonly { readonly identifier?: string; readonly uri?: string; readonly title?: string }[];
  /** Descriptions in it. */
  readonly nodes: number;
  /** What it has against the specification. */
  readonly notes: readonly { readonly text: string; readonly offset: number }[];
  /** Why it cannot be read, and where; then nothing else is known of it. */
  readonly failure?: { readonly text: string; readonly offset: number };
}

/** Which document says so. */
export interface DdfSource {
  readonly id: string;
  readonly title: string;
  readonly origin: 'built-in' | 'own';
  /** For no model in particular: a device may allow more. */
  readonly generic: boolean;
}

export interface OccurrenceView {
  /** `ZeroOrOne`, as the element is called. */
  readonly name: string;
  readonly words: string;
  readonly least: number;
  /** Absent: without limit. */
  readonly most?: number;
}

interface DescribedNode {
  /** Empty: a placeholder, each node of it has a name of its own. */
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly format: string;
  /** MIME types of a leaf. */
  readonly mimeTypes: readonly string[];
  /** Of the management object that begins here. */
  readonly identifier?: string;
  readonly occurrence: OccurrenceView;
  readonly scope: 'Dynamic' | 'Permanent';
  readonly defaultValue?: string;
  readonly ddf: DdfSource;
}

export interface DescriptionView extends DescribedNode {
  /** Commands that the node takes; absent where the description does not say. */
  readonly access?: readonly string[];
  readonly caseSense?: 'CIS' | 'CS';
  /** Run-time properties that it supports, where the description says. */
  readonly properties?: readonly string[];
  /** The node where the document's description begins. */
  readonly root: { readonly uri: string; readonly title?: string; readonly identifier?: string };
  /** What the device said of the node that the description does not. */
  readonly contradictions: readonly string[];
}

/** A node that a new one cannot do without. */
export interface RequiredView {
  /** From the new node. */
  readonly path: string;
  readonly format: string;
  readonly type?: string;
  readonly value?: string;
}

/** A node that may be added. */
export interface OfferView extends DescribedNode {
  /** What is to be added below it, parents first. */
  readonly requires: readonly RequiredView[];
  /** Nodes of this description that are known to be there. */
  readonly present: number;
  /** A device that obeys the description must have one. */
  readonly required: boolean;
  /** AccessType of the node or of the one above lists Add. */
  readonly listed: boolean;
}

export interface OffersView {
  /** False: no description says anything of the node. */
  readonly described: boolean;
  /** Other names may be added as well. */
  readonly open: boolean;
  readonly offers: readonly OfferView[];
  /** Objects without a place of their own, such as FUMO: only where other names may be added. */
  readonly objects: readonly OfferView[];
}

/** A file to save. */
export interface DdfDownload {
  readonly name: string;
  readonly mediaType: string;
  readonly base64: string;
}
