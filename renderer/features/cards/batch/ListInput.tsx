/** Takes in a list of cards: what each card gets, and the list from a file or dropped, checked as a whole. */
import { Button, TextInput } from '@mantine/core';
import { FileSpreadsheet } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ImportedBatch } from '../../../../src-core/workbench/cards/batch/views.ts';
import { useAction } from '../../../api/use-action.ts';
import { FailureNote } from '../../../components/FailureNote.tsx';
import { FileInput } from '../../../components/FileInput.tsx';
import { useFileDrop } from '../../../components/use-file-drop.ts';
import { toBase64 } from '../../devices/node/bytes.ts';
import { Problems } from './Problems.tsx';
import { type CpFile, type Kind, WhatCardsGet } from './WhatCardsGet.tsx';
import './list-input.css';

const TEMPLATES = [
  { name: 'user', label: 'User', example: 'meter-{{iccid:-8}}' },
  { name: 'server_id', label: 'ServerID', example: 'dm-workbench' },
  { name: 'address', label: 'Server address', example: 'http://192.168.1.20:8080/dm' },
] as const;
type Templates = Partial<Record<(typeof TEMPLATES)[number]['name'], string>>;

/** No card has a file as large. */
const MOST_BYTES = 65_535;

interface ListInputProps {
  readonly onTaken: (imported: ImportedBatch) => void;
}

export function ListInput({ onTaken }: ListInputProps) {
  const [templates, setTemplates] = useState<Templates>({});
  const [kind, setKind] = useState<Kind>('account');
  const [document, setDocument] = useState<CpFile>();
  const [refused, setRefused] = useState<{ readonly name: string; readonly list: ImportedBatch }>();
  const input = useRef<HTMLInputElement>(null);
  const isReady = kind === 'account' || document !== undefined;
  const take = useAction(async (api, file: File) => {
    const defaults = Object.fromEntries(Object.entries(templates).filter(([, text]) => text !== ''));
    const what = kind === 'document' && document ? { cp: document } : { defaults };
    return api.batches.import.mutate({ name: file.name, text: await file.text(), ...what });
  });
  const readDocument = useAction(async (_, file: File) => {
    if (file.size > MOST_BYTES) throw new Error(`${file.name} has ${file.size} bytes: no card has a file as large`);
    setDocument({ name: file.name.slice(-200), base64: toBase64(new Uint8Array(await file.arrayBuffer())) });
    setKind('document');
    setRefused(undefined);
  });
  const takeList = async (file: File) => {
    setRefused(undefined);
    const list = await take.run(file);
    if (!list) return;
    if (list.key === undefined) setRefused({ name: file.name, list });
    else onTaken(list);
  };
  const { over, handlers } = useFileDrop(file => {
    const isList = /\.(csv|tsv|txt)$/i.test(file.name);
    if (!isList) void readDocument.run(file);
    else if (isReady) void takeList(file);
  });
  return (
    <section className={over ? 'list-input over' : 'list-input'} aria-label="Read a list" {...handlers}>
      <WhatCardsGet kind={kind} document={document} onKind={setKind} onFile={file => void readDocument.run(file)} />
      <FailureNote failure={readDocument.failure} onClose={readDocument.clear} />
      <div className="drop">
        <FileSpreadsheet size={36} aria-hidden />
        <h2>{isReady ? 'Drop a list of cards here' : 'Drop the CP document here, then the list'}</h2>
        <p>
          CSV with a card a line: <code>iccid</code>, <code>adm</code>, where it is needed <code>pin</code>,{' '}
          {kind === 'account' ? <AccountColumns /> : 'and every column that the CP document names'}. It is checked as a
          whole; nothing is written before you start.
        </p>
        <Button variant="filled" loading={take.busy} disabled={!isReady} onClick={() => input.current?.click()}>
          Choose a list…
        </Button>
        <FileInput
          ref={input}
          label="List of cards"
          accept=".csv,.txt,.tsv,text/csv"
          onFiles={file => void takeList(file)}
        />
      </div>
      <FailureNote failure={take.failure} onClose={take.clear} />
      {kind === 'account' && <TemplateFields templates={templates} onChange={setTemplates} />}
      {refused && <Problems name={refused.name} problems={refused.list.problems} />}
    </section>
  );
}

function AccountColumns() {
  return (
    <>
      and where they differ <code>user</code>, <code>password</code>, <code>server_id</code>,{' '}
      <code>server_password</code>, <code>address</code>
    </>
  );
}

interface TemplateFieldsProps {
  readonly templates: Templates;
  readonly onChange: (templates: Templates) => void;
}

function TemplateFields({ templates, onChange }: TemplateFieldsProps) {
  return (
    <fieldset className="templates">
      <legend>For cells that are empty or not there</legend>
      {TEMPLATES.map(({ name, label, example }) => (
        <TextInput
          key={name}
          label={label}
          placeholder={example}
          spellCheck={false}
          value={templates[name] ?? ''}
          onChange={event => onChange({ ...templates, [name]: event.currentTarget.value })}
        />
      ))}
      <p className="muted">
        <code>{'{{iccid}}'}</code> stands for the ICCID of the card, <code>{'{{iccid:-8}}'}</code> for its last eight
        digits. What stays empty is made up for each card.
      </p>
    </fieldset>
  );
}
