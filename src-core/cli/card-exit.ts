/** Exit codes of dmw card by cause, so that a script knows what to do with the card in the reader. */
import { WorkbenchError } from '../base/errors.ts';

interface Cause {
  readonly code: number;
  readonly words: string;
  /** Codes of errors; a word that ends with `-` is a beginning. */
  readonly errors: readonly string[];
}

const CAUSES: readonly Cause[] = [
  { code: 2, words: 'called wrongly', errors: ['usage', 'adm-format', 'pin-format', 'unknown-backup'] },
  {
    code: 3,
    words: 'no reader, no card, or somebody else has it',
    errors: ['no-card', 'card-mute', 'reader-', 'pcsc-absent', 'pcsc-unbuilt', 'pcsc-failed'],
  },
  { code: 4, words: 'the key or PIN: wrong, blocked, few tries left, or needed', errors: ['adm-', 'pin-'] },
  {
    code: 5,
    words: 'the card does not suit: a file is missing, too small, locked or taken',
    errors: ['no-pkcs15', 'file-', 'fcp-malformed', 'not-transparent', 'update-locked', 'read-locked'],
  },
  {
    code: 6,
    words: 'broken off: the same command again completes it, or resume',
    errors: ['card-removed', 'write-cancelled', 'pcsc-crashed', 'readers-closed'],
  },
  {
    code: 7,
    words: 'the card is not as planned, or nothing of it is kept here',
    errors: [
      ...['verify-failed', 'not-as-planned', 'card-changed', 'other-card', 'no-bootstrap', 'no-backup'],
      ...['nothing-unfinished', 'plan-unreadable'],
    ],
  },
  { code: 8, words: 'a batch with cards that are not verified', errors: ['batch-unfinished'] },
  { code: 9, words: 'not confirmed', errors: ['not-confirmed'] },
];

/** For --help. */
export const EXIT_CODES: readonly string[] = [
  'Exit codes:',
  '  0  done; of write, erase, restore, resume and batch: verified',
  '  1  failed for another reason',
  ...CAUSES.map(({ code, words }) => `  ${code}  ${words}`),
];

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof WorkbenchError)) return 1;
  const { code } = error;
  const cause = CAUSES.find(({ errors }) =>
    errors.some(known => (known.endsWith('-') ? code.startsWith(known) : code === known)),
  );
  return cause?.code ?? 1;
}
