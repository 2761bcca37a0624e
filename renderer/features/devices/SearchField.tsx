/** Search in the tree: Ctrl+F or / goes to it, Enter to the next match, Escape clears it. */
import { TextInput } from '@mantine/core';
import { Search as SearchIcon } from 'lucide-react';
import { useRef } from 'react';
import { COMMAND_KEY, isCommand, isTyping, useHotkeys } from '../../app/hotkeys.ts';
import { plural } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';
import type { Search } from './use-search.ts';

interface SearchFieldProps {
  readonly search: Search;
  readonly active: boolean;
  readonly onFind: (uri: string) => void;
}

export function SearchField({ search, active, onFind }: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useHotkeys(event => {
    const wanted =
      (isCommand(event) && event.key.toLowerCase() === 'f') || (event.key === '/' && !isTyping(event.target));
    if (!active || !wanted || document.querySelector('dialog[open]')) return false;
    input.current?.focus();
    input.current?.select();
    return true;
  });
  const go = (by: 1 | -1) => {
    const uri = search.step(by);
    if (uri) onFind(uri);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
    else if (event.key === 'F3') go(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') search.setText('');
    else if (event.key === 'ArrowDown') document.getElementById('device-tree')?.focus();
    else return;
    event.preventDefault();
  };
  return (
    <TextInput
      ref={input}
      className="search right"
      aria-label="Search in tree"
      placeholder={`Text or /regex/   ${COMMAND_KEY}F`}
      title="Searches URIs and values. Enter goes to the next match, Shift+Enter to the one before."
      value={search.text}
      onChange={event => search.setText(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      leftSection={<SearchIcon size={13} aria-hidden />}
      rightSectionWidth="auto"
      rightSection={<Count search={search} />}
    />
  );
}

function Count({ search }: { search: Search }) {
  const { query, matches, place } = search;
  return (
    <span className="search-count" role="status" aria-label="Search result">
      {query.kind === 'invalid' && (
        <Pill tone="bad" title={query.reason}>
          not a valid expression
        </Pill>
      )}
      {matches && (
        <Pill tone={matches.uris.length === 0 ? 'warn' : 'plain'}>
          {place > 0 ? `${place} of ${matches.uris.length}` : plural(matches.uris.length, 'match', 'matches')}
        </Pill>
      )}
    </span>
  );
}
