/** A message as a flat list of elements and texts in document order, each with its bytes. */
import { toHex } from '../base/bytes.ts';
import type { MarkupElement, MarkupNode } from '../encoding/markup.ts';
import type { Redacted } from './message-secrets.ts';
import type { OutlineNode } from './message-views.ts';

export function outlineOf({ root, why }: Pick<Redacted, 'root' | 'why'>): OutlineNode[] {
  const nodes: OutlineNode[] = [];
  const put = (node: MarkupNode, depth: number, embedded: boolean): void => {
    const place = { depth, ...node.range, ...(embedded && { embedded }) };
    if (node.kind === 'element') {
      const { name, namespace, attributes } = node;
      nodes.push({ ...place, kind: 'element', name, namespace: labelOf(namespace), ...(attributes && { attributes }) });
      for (const child of node.children) put(child, depth + 1, embedded);
      return;
    }
    const hidden = why.get(node);
    nodes.push({ ...place, kind: node.kind, ...contentOf(node), ...(hidden !== undefined && { hidden }) });
    if (node.kind === 'opaque' && node.document) put(node.document, depth + 1, true);
  };
  put(root, 0, false);
  return nodes;
}

type Content = Exclude<MarkupNode, MarkupElement>;

function contentOf(node: Content): { text: string; form?: 'hex' | 'document' } {
  if (node.kind === 'text') return { text: node.text };
  if (node.document) return { text: '', form: 'document' };
  const text = asText(node.bytes);
  return text === undefined ? { text: toHex(node.bytes), form: 'hex' } : { text };
}

/** Undefined where the bytes are no UTF-8, or hold characters that no text has. */
function asText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what text does not have
    return /[\0-\x08\x0b\x0c\x0e-\x1f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

const LABELS: readonly (readonly [pattern: RegExp, label: string])[] = [
  [/^syncml:syncml/i, 'SyncML'],
  [/^syncml:metinf/i, 'MetInf'],
  [/^syncml:devinf/i, 'DevInf'],
  [/^syncml:dmddf/i, 'DM DDF'],
];

function labelOf(namespace: string): string {
  return LABELS.find(([pattern]) => pattern.test(namespace))?.[1] ?? namespace;
}
