/** Generated markup documents (fast-check), comparison without ranges, and libwbxml's reading of WBXML. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { element, type MarkupElement, type MarkupNode, text } from '../../src-core/encoding/markup.ts';
import type { DocumentType } from '../../src-core/encoding/wbxml/code-pages.ts';
import { readXml } from '../../src-core/encoding/xml/reader.ts';

/** The node without its ranges, for comparison. */
export function bare(node: MarkupNode): MarkupNode {
  if (node.kind === 'element') return element(node.namespace, node.name, node.children.map(bare));
  return node.kind === 'text' ? text(node.text) : { kind: 'opaque', bytes: node.bytes };
}

/** Characters that XML 1.0 carries as they are. CR is normalised by XML and 00 ends a string: they have tests of their own. */
const xmlCharacter = fc
  .integer({ min: 9, max: 0x10ffff })
  .filter(
    code =>
      [9, 10].includes(code) ||
      (code >= 0x20 && !(code >= 0xd800 && code <= 0xdfff) && ![0xfffe, 0xffff].includes(code)),
  )
  .map(code => String.fromCodePoint(code));
export const xmlText = fc
  .array(fc.oneof(xmlCharacter, fc.constantFrom(...' <>&"\'\n\t]x7é€😀')), { minLength: 1, maxLength: 12 })
  .map(characters => characters.join(''));

/** Documents of a type with tags of the given code pages, up to 5 levels deep, no two texts side by side. */
export function documents(
  type: DocumentType,
  pages: readonly number[],
  leaf: fc.Arbitrary<MarkupNode>,
): fc.Arbitrary<MarkupElement> {
  const tags = pages.flatMap(number => {
    const page = type.pages.get(number);
    return page ? [...page.tags.values()].map(name => ({ name, namespace: page.namespace })) : [];
  });
  const tag = fc.constantFrom(...tags);
  const level = (depth: number): fc.Arbitrary<MarkupElement> => {
    const child = depth === 0 ? leaf : fc.oneof(leaf, level(depth - 1));
    const children = fc
      .array(child, { maxLength: 4 })
      .map(nodes => nodes.filter((node, i) => node.kind !== 'text' || nodes[i - 1]?.kind !== 'text'));
    return fc.tuple(tag, children).map(([{ namespace, name }, nodes]) => element(namespace, name, nodes));
  };
  return level(4);
}

/** Reads WBXML as libwbxml does, in a folder of its own. */
export function openWbxml2xml() {
  const folder = mkdtempSync(join(tmpdir(), 'dmw-wbxml-'));
  const input = join(folder, 'in.wbxml');
  const output = join(folder, 'out.xml');
  return {
    /** @throws where wbxml2xml refuses the bytes */
    read(bytes: Uint8Array): MarkupElement {
      writeFileSync(input, bytes);
      execFileSync('wbxml2xml', ['-k', '-m', '0', '-o', output, input], { stdio: 'ignore' });
      return readXml(readFileSync(output, 'utf8'));
    },
    close() {
      rmSync(folder, { recursive: true });
    },
  };
}
