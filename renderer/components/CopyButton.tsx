/** Copies exactly what it names: a URI, a value, hex, XML, JSON. What takes work to write down is given as a function. */
import { ActionIcon } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Braces, Check, Copy } from 'lucide-react';

export function CopyButton({ what, text }: { what: string; text: string | (() => string) }) {
  const clipboard = useClipboard({ timeout: 1500 });
  const Icon = clipboard.copied ? Check : what.endsWith('JSON') ? Braces : Copy;
  const label = clipboard.copied ? 'Copied' : `Copy ${what}`;
  return (
    <ActionIcon
      aria-label={label}
      title={label}
      onClick={() => clipboard.copy(typeof text === 'string' ? text : text())}
    >
      <Icon size={13} aria-hidden />
    </ActionIcon>
  );
}
