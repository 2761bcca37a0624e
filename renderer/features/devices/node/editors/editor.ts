/** What all editors of a value are given. */

export interface EditorProps {
  readonly format: string;
  /** As in the tree: bytes as base64. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Name of the field for those who do not see it. */
  readonly label: string;
  /** Element that says what is wrong with the value. */
  readonly describedBy: string;
  readonly bad: boolean;
}

/** What every field of an editor gets. */
export function fieldProps({ label, describedBy, bad }: EditorProps) {
  return { 'aria-label': label, 'aria-describedby': describedBy, 'aria-invalid': bad, error: bad };
}
