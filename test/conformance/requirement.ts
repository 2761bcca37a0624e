/** A normative sentence of a specification, as this project answers it. */
export interface Requirement {
  /** Document, section, number within the section: `PRO-8.5-2`. */
  readonly id: string;
  readonly side: 'client' | 'server' | 'both';
  /** In a few words of our own. */
  readonly requirement: string;
  /** Why no test of ours can or need show it; absent: a test of that name (its id in the title) does. */
  readonly notApplicable?: string;
}
