// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be virtual
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and names the active cell
/** One row of a hex dump: offset, bytes, and the bytes as ASCII. */
import { memo } from 'react';

/** Marks of one row, as offsets in the message; -1 where there is none in it. */
export interface HexMarks {
  readonly chosenFrom: number;
  readonly chosenTo: number;
  /** The text inside the chosen element. */
  readonly textFrom: number;
  readonly textTo: number;
  readonly pointedFrom: number;
  readonly pointedTo: number;
  readonly cursor: number;
  /** Where the message cannot be read. */
  readonly wrong: number;
}

interface HexRowProps extends HexMarks {
  readonly offset: number;
  readonly digits: number;
  readonly perRow: number;
  /** Two digits a byte, bullets for hidden ones. */
  readonly hex: string;
  readonly top: number;
  readonly rowIndex: number;
}

export const HexRow = memo(function HexRow(props: HexRowProps) {
  const { offset, digits, perRow, hex, top, rowIndex } = props;
  const bytes = hex.match(/../g) ?? [];
  const wanting = perRow - bytes.length;
  return (
    <div role="row" aria-rowindex={rowIndex} className="dump-row" style={{ transform: `translateY(${top}px)` }}>
      <span role="rowheader" className="dump-offset">
        {toOffset(offset, digits)}
      </span>
      {bytes.map((byte, i) => {
        const at = offset + i;
        return (
          <span
            key={at}
            role="gridcell"
            id={at === props.cursor ? 'dump-cursor' : undefined}
            data-at={at}
            className={classOf('byte', at, byte, props)}
          >
            {byte}
          </span>
        );
      })}
      {wanting > 0 && <span className={wanting > 8 ? 'dump-gap' : undefined}>{'   '.repeat(wanting)}</span>}
      <span role="gridcell" className="dump-text">
        {bytes.map((byte, i) => {
          const at = offset + i;
          return (
            <span key={at} data-at={at} className={classOf('char', at, byte, props)}>
              {asCharacter(byte)}
            </span>
          );
        })}
      </span>
    </div>
  );
});

export const toOffset = (at: number, digits = 4): string => at.toString(16).toUpperCase().padStart(digits, '0');

function classOf(what: string, at: number, byte: string, marks: HexMarks): string {
  const names = [what];
  if (at >= marks.chosenFrom && at < marks.chosenTo) names.push('chosen');
  if (at >= marks.textFrom && at < marks.textTo) names.push('value');
  if (at >= marks.pointedFrom && at < marks.pointedTo) names.push('pointed');
  if (at === marks.cursor) names.push('cursor');
  if (at === marks.wrong) names.push('wrong');
  if (byte === '••') names.push('hidden');
  return names.join(' ');
}

/** Printable ASCII, a point for the rest. */
function asCharacter(byte: string): string {
  if (byte === '••') return '•';
  const code = Number.parseInt(byte, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
}
