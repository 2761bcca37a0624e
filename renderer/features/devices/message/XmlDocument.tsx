/** The XML of a message: whole where it is short, else only the lines on screen. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { XmlView } from '../../../components/Documents.tsx';
import { tokenizeXml, type XmlToken } from '../../../components/xml.ts';

/** Characters that a browser lays out, coloured, without being noticed. */
const SHORT = 40_000;
const LINE_PX = 19;

export function XmlDocument({ xml }: { xml: string }) {
  if (xml === '') return <p className="note first">It cannot be decoded, so there is no XML of it.</p>;
  return xml.length > SHORT ? (
    <XmlLines xml={xml} />
  ) : (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long document is scrolled with the keyboard
    <section className="scroll" tabIndex={0} aria-label="XML of the message">
      <XmlView xml={xml} />
    </section>
  );
}

function XmlLines({ xml }: { xml: string }) {
  const scroll = useRef<HTMLElement>(null);
  const lines = useMemo(() => linesOf(tokenizeXml(xml)), [xml]);
  const list = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => LINE_PX,
    overscan: 20,
    paddingStart: 12,
    paddingEnd: 12,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long document is scrolled with the keyboard
    <section ref={scroll} className="scroll" tabIndex={0} aria-label="XML of the message">
      <div className="line-space" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(item => (
          <pre
            key={item.key}
            ref={list.measureElement}
            data-index={item.index}
            className="xml xml-line"
            style={{ transform: `translateY(${item.start}px)` }}
          >
            {lines[item.index]?.map((token, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the tokens of one document never move
              <span key={i} className={token.kind}>
                {token.text}
              </span>
            ))}
            {lines[item.index]?.length === 0 && '\n'}
          </pre>
        ))}
      </div>
    </section>
  );
}

function linesOf(tokens: readonly XmlToken[]): XmlToken[][] {
  let line: XmlToken[] = [];
  const lines = [line];
  for (const token of tokens) {
    const [first = '', ...rest] = token.text.split('\n');
    if (first !== '') line.push({ ...token, text: first });
    for (const text of rest) {
      line = text === '' ? [] : [{ ...token, text }];
      lines.push(line);
    }
  }
  return lines;
}
