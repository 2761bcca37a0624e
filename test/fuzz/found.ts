/** What the fuzzer looks for: an input that is answered wrongly. */
export class Found extends Error {
  /** The input, as small as it got. */
  readonly input: string;

  constructor(what: string, input: string, cause?: unknown) {
    super(what, cause === undefined ? undefined : { cause });
    this.name = 'Found';
    this.input = input;
  }
}
