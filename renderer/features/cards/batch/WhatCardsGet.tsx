/** What each card of a list gets: an account of this server, or a client provisioning document from a file. */
import { Button, SegmentedControl } from '@mantine/core';
import { useRef } from 'react';
import { FileInput } from '../../../components/FileInput.tsx';

/** A client provisioning document as it is sent to the core. */
export interface CpFile {
  readonly name: string;
  readonly base64: string;
}

export type Kind = 'account' | 'document';

const KINDS = [
  { value: 'account', label: 'DM account of this server' },
  { value: 'document', label: 'CP document' },
];

interface WhatCardsGetProps {
  readonly kind: Kind;
  readonly document: CpFile | undefined;
  readonly onKind: (kind: Kind) => void;
  readonly onFile: (file: File) => void;
}

const CP_FILES = '.xml,.wbxml,.wbc,.bin,text/xml,application/vnd.wap.connectivity-wbxml';

export function WhatCardsGet({ kind, document, onKind, onFile }: WhatCardsGetProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <fieldset className="what">
      <legend>What each card gets</legend>
      <div className="what-choice">
        <SegmentedControl
          aria-label="What each card gets"
          data={KINDS}
          value={kind}
          onChange={value => onKind(value === 'document' ? 'document' : 'account')}
        />
        {kind === 'document' && (
          <>
            {document && <code className="ellipsis">{document.name}</code>}
            <Button onClick={() => input.current?.click()}>{document ? 'Another…' : 'Choose the document…'}</Button>
          </>
        )}
      </div>
      <FileInput ref={input} label="File of the CP document" accept={CP_FILES} onFiles={onFile} />
      {kind === 'document' && (
        <p className="muted">
          XML or WBXML. In values of its parameters <code>{'{{iccid}}'}</code> stands for the ICCID of the card,{' '}
          <code>{'{{iccid:-8}}'}</code> for its last eight digits, and <code>{'{{apn}}'}</code> for column{' '}
          <code>apn</code> of the list: any column, by its name.
        </p>
      )}
    </fieldset>
  );
}
