/** The value of a leaf in full: text, XML with its structure, bytes as a hex dump. Secrets stand behind bullets. */
import { Button } from '@mantine/core';
import { Eye, EyeOff, Pencil } from 'lucide-react';
import type { NodeView } from '../../../../src-core/workbench/views.ts';
import { CopyButton } from '../../../components/CopyButton.tsx';
import { HexView, XmlView } from '../../../components/Documents.tsx';
import { base64ToHex, formatBytes } from '../../../components/format.ts';
import { BULLETS, isBinary } from './values.ts';

interface ValueProps {
  readonly view: NodeView;
  /** A secret is shown. */
  readonly revealed: boolean;
  /** Undefined for what is no secret. */
  readonly onReveal: ((revealed: boolean) => void) | undefined;
  readonly onEdit: () => void;
}

export function Value({ view, revealed, onReveal, onEdit }: ValueProps) {
  const { value } = view;
  const hex = value !== undefined && isBinary(view.format) ? base64ToHex(value) : undefined;
  return (
    <>
      <h3 className="sec ruled">
        Value
        {hex !== undefined && <span className="muted">{formatBytes(hex.length / 2)}</span>}
        <span className="right buttons">
          {onReveal && value && (
            <Button
              variant="subtle"
              leftSection={revealed ? <EyeOff size={12} aria-hidden /> : <Eye size={12} aria-hidden />}
              onClick={() => onReveal(!revealed)}
            >
              {revealed ? 'Hide' : 'Reveal'}
            </Button>
          )}
          <Button variant="subtle" leftSection={<Pencil size={12} aria-hidden />} onClick={onEdit}>
            Edit value
          </Button>
          {hex !== undefined && <CopyButton what="value as hex" text={hex} />}
          {value !== undefined && <CopyButton what={hex === undefined ? 'value' : 'value as base64'} text={value} />}
        </span>
      </h3>
      <div className="value-full">
        {onReveal && !revealed && value ? <pre>{BULLETS}</pre> : <WholeValue view={view} hex={hex} />}
      </div>
    </>
  );
}

function WholeValue({ view: { value, format, unread }, hex }: { view: NodeView; hex: string | undefined }) {
  if (value === undefined) return <p className="muted">{unread === undefined ? 'not read' : `not read: ${unread}`}</p>;
  if (hex !== undefined) return <HexView hex={hex} small />;
  if (format === 'xml') return <XmlView xml={value} />;
  return <pre>{value === '' ? <span className="muted">empty</span> : value}</pre>;
}
