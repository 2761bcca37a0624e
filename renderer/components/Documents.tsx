/** Documents in full: bytes as a hex dump, XML with its structure coloured. */
import { useElementSize } from '@mantine/hooks';
import { useMemo } from 'react';
import { hexDump } from './format.ts';
import { layoutXml, tokenizeXml } from './xml.ts';
import './documents.css';

/** Two gaps, pixels; and what one character takes of the monospaced fonts in use, at 12 and 11 pixels. */
const GAPS_PX = 2 * 12;
const CHARACTER_PX = { normal: 7.3, small: 6.7 };

export function HexView({ hex, small = false }: { hex: string; small?: boolean }) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  // Offset of four digits; each byte takes two digits, a space and its character.
  const room = (width - GAPS_PX) / CHARACTER_PX[small ? 'small' : 'normal'] - 4;
  const perLine = [16, 8].find(n => n * 4 <= room) ?? 4;
  const lines = useMemo(() => hexDump(hex, perLine), [hex, perLine]);
  return (
    <div className={small ? 'hex small' : 'hex'} ref={ref}>
      {lines.map(line => (
        <div key={line.offset}>
          <span className="offset">{line.offset}</span>
          <span>{line.hex.padEnd(perLine * 3 - 1)}</span>
          <span className="text">{line.text}</span>
        </div>
      ))}
    </div>
  );
}

export function XmlView({ xml }: { xml: string }) {
  const tokens = useMemo(() => tokenizeXml(layoutXml(xml)), [xml]);
  return (
    <pre className="xml">
      {tokens.map((token, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the tokens of one document never move
        <span key={i} className={token.kind}>
          {token.text}
        </span>
      ))}
    </pre>
  );
}
