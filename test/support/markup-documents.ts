/** Generated markup documents (fast-check), comparison without ranges, and libwbxml's reading of WBXML. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { element, type MarkupElement, type MarkupNode, text } from '../../src-core/encoding/markup.ts';
import type { DocumentType } from '../../src-core/encoding/wbxml/code-pages.ts';
import { readXml } from '../../src-core/encoding/xml/reader.ts';
import { writeXml } from '../../src-core/encoding/xml/writer.ts';

/** The node without its ranges, for comparison. */
export function bare(node: MarkupNode): MarkupNode {
  if (node.kind === 'element') return bareElement(node);
  return node.kind === 'text' ? text(node.text) : { kind: 'opaque', bytes: node.bytes };
}

export function bareElement({ namespace, name, children, attributes }: MarkupElement): MarkupElement {
  return element(namespace, name, children.map(bare), attributes);
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
    return page ? [...page.tokens.keys()].map(name => ({ name, namespace: page.namespace })) : [];
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

/** Reads and writes WBXML as libwbxml does, in a folder of its own. */
export function openLibwbxml() {
  const folder = mkdtempSync(join(tmpdir(), 'dmw-wbxml-'));
  const input = join(folder, 'in');
  const output = join(folder, 'out');
  const convert = (program: string, options: readonly string[], document: string | Uint8Array): Uint8Array => {
    writeFileSync(input, document);
    execFileSync(program, [...options, '-o', output, input], { stdio: 'ignore' });
    return readFileSync(output);
  };
  return {
    /** @throws where wbxml2xml refuses the bytes */
    read(bytes: Uint8Array): MarkupElement {
      return bareElement(readXml(convert('wbxml2xml', ['-k', '-m', '0'], bytes)));
    },
    /** @throws where xml2wbxml refuses the document */
    write(root: MarkupElement, publicId: string): Uint8Array {
      const type = `<!DOCTYPE ${root.name} PUBLIC "${publicId}" "http://example.invalid/">`;
      return Uint8Array.from(convert('xml2wbxml', ['-k'], `<?xml version="1.0"?>${type}${writeXml(root)}`));
    },
    close() {
      rmSync(folder, { recursive: true });
    },
  };
}
