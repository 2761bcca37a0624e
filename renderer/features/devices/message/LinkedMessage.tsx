/** A message as elements and as bytes, side by side or one above the other, and what is chosen in it. */
import { useElementSize } from '@mantine/hooks';
import type { ReactNode } from 'react';
import type { MessageBody, MessageView } from '../../../../src-core/workbench/message-views.ts';
import { CopyButton } from '../../../components/CopyButton.tsx';
import { plural } from '../../../components/format.ts';
import { Divider, Panel, Panes } from '../../../components/Splitter.tsx';
import { HexDump } from './HexDump.tsx';
import { toOffset } from './HexRow.tsx';
import { MessageOutline } from './MessageOutline.tsx';
import { nameOf, textOf } from './message-index.ts';
import type { Selection } from './use-selection.ts';

/** From here on a row of sixteen bytes and the outline have room beside each other, pixels. */
const BESIDE_PX = 730;

interface LinkedMessageProps {
  readonly body: MessageBody;
  readonly message: MessageView;
  readonly selection: Selection;
}

export function LinkedMessage({ body, message, selection }: LinkedMessageProps) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const beside = width >= BESIDE_PX;
  return (
    <>
      <div className="linked" ref={ref}>
        {body.outline.length === 0 ? (
          <HexDump body={body} selection={selection} />
        ) : (
          width > 0 && (
            <Panes name={beside ? 'message-beside' : 'message-stacked'} vertical={!beside}>
              <Panel id="outline" minSize={90}>
                <MessageOutline body={body} selection={selection} />
              </Panel>
              <Divider label={beside ? 'Width of the bytes' : 'Height of the bytes'} />
              <Panel
                id="bytes"
                minSize={90}
                defaultSize={beside ? 520 : '45%'}
                groupResizeBehavior="preserve-pixel-size"
              >
                <HexDump body={body} selection={selection} />
              </Panel>
            </Panes>
          )
        )}
      </div>
      <Chosen body={body} message={message} selection={selection} />
    </>
  );
}

/** Where the chosen element is, and its text and bytes to take along. */
export function Chosen({ body, message, selection }: LinkedMessageProps) {
  const { index, byte } = selection;
  const row = selection.row === undefined ? undefined : index.rows[selection.row];
  if (!row) {
    if (byte === undefined) return <p className="place-bar muted">{HINT}</p>;
    const where = body.outline.length === 0 ? '' : ` · ${beforeRoot(message)}`;
    const wrong = byte === body.error?.offset ? ' · it cannot be read from here on' : '';
    return <p className="place-bar muted">{`byte ${placeOf(byte)}${where}${wrong}`}</p>;
  }
  const { span } = row;
  const text = textOf(row);
  const way = [...index.ancestors(row.at), row.at].flatMap(at => index.rows[at] ?? []);
  return (
    <div className="place-bar">
      <span className="ellipsis" title={way.map(nameOf).join(' › ')}>
        {shorten(way.map(nameOf)).join(' › ')}
      </span>
      <span className="muted place-range">
        {byte !== undefined && `${placeOf(byte)} in `}
        {span ? `${placeOf(span.start)}–${placeOf(span.end - 1)} · ${plural(span.end - span.start, 'byte')}` : NO_SPAN}
      </span>
      <span className="right buttons">
        {text && text.form !== 'document' && (
          <Named name={`copy ${text.form ?? 'text'}`}>
            <CopyButton what={text.form === 'hex' ? 'value as hex' : 'text'} text={text.text} />
          </Named>
        )}
        {span && (
          <Named name="copy bytes">
            <CopyButton what="bytes as hex" text={body.hex.slice(span.start * 2, span.end * 2)} />
          </Named>
        )}
      </span>
    </div>
  );
}

/** Says beside a button what it takes along. */
export function Named({ name, children }: { name: string; children: ReactNode }) {
  return (
    <span className="named">
      <span aria-hidden>{name}</span>
      {children}
    </span>
  );
}

const HINT = 'Point at an element or a byte to see its other side; choose it with a click or the arrow keys.';
const NO_SPAN = 'place in the bytes not known';
/** The root and the last few: the tree shows what is between. */
const shorten = (way: readonly string[]) => (way.length > 6 ? [...way.slice(0, 1), '…', ...way.slice(-4)] : way);
const placeOf = (at: number): string => `0x${toOffset(at)}`;

function beforeRoot({ encoding }: MessageView): string {
  return encoding === 'wbxml'
    ? 'WBXML header: version, document type, character set, strings'
    : 'before the root element';
}
