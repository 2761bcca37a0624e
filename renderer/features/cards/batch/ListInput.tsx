/** Takes in a list of cards: from a file or dropped, checked as a whole, with a template for its empty cells. */
import { Button, TextInput } from '@mantine/core';
import { FileSpreadsheet } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ImportedBatch } from '../../../../src-core/workbench/cards/batch/views.ts';
import { useAction } from '../../../api/use-action.ts';
import { FailureNote } from '../../../components/FailureNote.tsx';
import { Problems } from './Problems.tsx';

const TEMPLATES = [
  { name: 'user', label: 'User', example: 'meter-{{iccid:-8}}' },
  { name: 'server_id', label: 'ServerID', example: 'dm-workbench' },
  { name: 'address', label: 'Server address', example: 'http://192.168.1.20:8080/dm' },
] as const;
type Templates = Partial<Record<(typeof TEMPLATES)[number]['name'], string>>;

interface ListInputProps {
  readonly onTaken: (imported: ImportedBatch) => void;
}

export function ListInput({ onTaken }: ListInputProps) {
  const [over, setOver] = useState(false);
  const [templates, setTemplates] = useState<Templates>({});
  const [refused, setRefused] = useState<{ readonly name: string; readonly list: ImportedBatch }>();
  const input = useRef<HTMLInputElement>(null);
  const take = useAction(async (api, file: File) => {
    const defaults = Object.fromEntries(Object.entries(templates).filter(([, text]) => text !== ''));
    return api.batches.import.mutate({ name: file.name, text: await file.text(), defaults });
  });
  const takeFile = async (file: File | undefined) => {
    if (!file) return;
    setRefused(undefined);
    const list = await take.run(file);
    if (!list) return;
    if (list.key === undefined) setRefused({ name: file.name, list });
    else onTaken(list);
  };
  return (
    <section
      className={over ? 'list-input over' : 'list-input'}
      aria-label="Read a list"
      onDragOver={event => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault();
        setOver(false);
        void takeFile(event.dataTransfer.files[0]);
      }}
    >
      <div className="drop">
        <FileSpreadsheet size={36} aria-hidden />
        <h2>Drop a list of cards here</h2>
        <p>
          CSV with a card a line: <code>iccid</code>, <code>adm</code>, and where they differ <code>user</code>,{' '}
          <code>password</code>, <code>server_id</code>, <code>server_password</code>, <code>address</code>. It is
          checked as a whole; nothing is written before you start.
        </p>
        <Button variant="filled" loading={take.busy} onClick={() => input.current?.click()}>
          Choose a file…
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          aria-label="List of cards"
          accept=".csv,.txt,.tsv,text/csv"
          onChange={event => {
            const [file] = event.currentTarget.files ?? [];
            void takeFile(file);
            event.currentTarget.value = '';
          }}
        />
      </div>
      <FailureNote failure={take.failure} onClose={take.clear} />
      <fieldset className="templates">
        <legend>For cells that are empty or not there</legend>
        {TEMPLATES.map(({ name, label, example }) => (
          <TextInput
            key={name}
            label={label}
            placeholder={example}
            spellCheck={false}
            value={templates[name] ?? ''}
            onChange={event => {
              const text = event.currentTarget.value;
              setTemplates(before => ({ ...before, [name]: text }));
            }}
          />
        ))}
        <p className="muted">
          <code>{'{{iccid}}'}</code> stands for the ICCID of the card, <code>{'{{iccid:-8}}'}</code> for its last eight
          digits. What stays empty is made up for each card.
        </p>
      </fieldset>
      {refused && <Problems name={refused.name} problems={refused.list.problems} />}
    </section>
  );
}
