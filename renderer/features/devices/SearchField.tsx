/** Search in the tree: Ctrl+F or / goes to it, Enter to the next match, Escape clears it. */
import { TextInput } from '@mantine/core';
import { Search as SearchIcon } from 'lucide-react';
import { useRef } from 'react';
import { COMMAND_KEY, isCommand, isTyping, useHotkeys } from '../../app/hotkeys.ts';
import { plural } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';
import type { TreeSearch } from './tree-search.ts';

interface SearchFieldProps {
  readonly search: TreeSearch;
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
  const go = async (by: 1 | -1) => {
    const found = await search.step(by);
    if (found) onFind(found.uri);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === 'F3') void go(event.shiftKey ? -1 : 1);
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

function Count({ search }: { search: TreeSearch }) {
  const { query, state, count, place } = search;
  const found = place > 0 ? `${place} of ${count}` : plural(count, 'match', 'matches');
  return (
    <span className="search-count" role="status" aria-label="Search result" aria-busy={state === 'running'}>
      {query.kind === 'invalid' && (
        <Pill tone="bad" title={query.reason}>
          not a valid expression
        </Pill>
      )}
      {query.kind === 'search' && state === 'running' && <Pill>{count > 0 ? `${found} …` : 'searching …'}</Pill>}
      {query.kind === 'search' && state === 'done' && <Pill tone={count === 0 ? 'warn' : 'plain'}>{found}</Pill>}
      {state === 'slow' && (
        <Pill tone="bad" title="It was ended: it may try without end, as /(a+)+$/ does. Say more plainly what to find.">
          too slow
        </Pill>
      )}
      {state === 'failed' && <Pill tone="bad">the search failed</Pill>}
    </span>
  );
}
