/** One kind of fuzzing: many cases, each found again by the seed and its number. */
export interface Campaign {
  readonly name: string;
  /** Address of the module that exports it as `campaign`: each worker loads it. */
  readonly module: string;
  /** How many cases, where nobody says. */
  readonly count: number;
  /** A case that computes for longer hangs. */
  readonly stallMs: number;
  /** What is missing here to do it, and how to get it. */
  missing?(): string | undefined;
  open(seed: number): Promise<Attempts>;
}

export interface Attempts {
  /** Tries one case; `beat` says that it goes on. @throws Found */
  attempt(run: number, beat: () => void): void | Promise<void>;
  /** What goes in, for a case that never comes back. */
  input(run: number): string;
  /** Counts of this worker so far, for the closing line. */
  figures(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}
