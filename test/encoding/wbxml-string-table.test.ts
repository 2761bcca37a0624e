import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { element, type MarkupElement, type MarkupNode, text } from '../../src-core/encoding/markup.ts';
import type { DocumentType } from '../../src-core/encoding/wbxml/code-pages.ts';
import { readWbxml } from '../../src-core/encoding/wbxml/reader.ts';
import { DM_DDF_1_2, DMDDF_NAMESPACE } from '../../src-core/encoding/wbxml/types/dm-ddf.ts';
import { PROV_1_0 } from '../../src-core/encoding/wbxml/types/prov.ts';
import { SYNCML_1_2, SYNCML_NAMESPACE } from '../../src-core/encoding/wbxml/types/syncml.ts';
import { writeWbxml } from '../../src-core/encoding/wbxml/writer.ts';
import { fixtureBytes, syncmlSamples } from '../support/fixtures.ts';
import { bare, documents } from '../support/markup-documents.ts';

const s = (name: string, ...children: MarkupNode[]) => element(SYNCML_NAMESPACE, name, children);
const write = (root: MarkupElement, type: DocumentType = SYNCML_1_2) => writeWbxml(root, type, { stringTable: true });
const plain = (hex: string) => toHex(fromHex(hex));

describe('WBXML writer with a string table', () => {
  it('puts a text there that stands often enough', () => {
    const root = s('SyncML', s('Data', text('abcdef')), s('Cmd', text('abcdef')), s('Lang', text('x')));
    expect(toHex(write(root))).toBe(plain('02 A401 6A 07 61626364656600 6D 4F 83 00 01 4A 83 00 01 55 03 7800 01 01'));
  });

  it.each<[string, MarkupElement]>([
    ['nothing repeats', s('SyncML', s('Data', text('abcdef')), s('Cmd', text('ghijkl')))],
    ['what repeats is too short', s('SyncML', s('Data', text('a')), s('Cmd', text('a')))],
    ['what repeats has a NUL', s('SyncML', s('Data', text('abcdef\0')), s('Cmd', text('abcdef\0')))],
    [
      'only opaque data repeats',
      s('SyncML', ...[1, 2, 3].map((): MarkupNode => ({ kind: 'opaque', bytes: new Uint8Array(20) }))),
    ],
  ])('has none where %s', (_name, root) => {
    expect(toHex(write(root))).toBe(toHex(writeWbxml(root, SYNCML_1_2)));
  });

  it('keeps the public identifier in front where that is text', () => {
    const d = (name: string, ...children: MarkupNode[]) => element(DMDDF_NAMESPACE, name, children);
    const root = d('MgmtTree', d('Title', text('abcdefgh')), d('Title', text('abcdefgh')));
    const id = toHex(new TextEncoder().encode('-//OMA//DTD-DM-DDF 1.2//EN'));
    expect(toHex(write(root, DM_DDF_1_2))).toBe(
      plain(`02 00 00 6A 24 ${id} 00 616263646566676800 00 02 60 73 83 1B 01 73 83 1B 01 01`),
    );
  });

  it('holds values of attributes too', () => {
    const parm = element('', 'parm', [], [{ name: 'value', value: 'abcdefgh' }]);
    const root = element('', 'wap-provisioningdoc', [parm, parm, parm]);
    const bytes = write(root, PROV_1_0);
    expect(toHex(bytes)).toBe(plain(`03 0B 6A 09 616263646566676800 45 ${'87 06 83 00 01'.repeat(3)} 01`));
    expect(bare(readWbxml(bytes).root)).toEqual(root);
  });

  it.each(syncmlSamples)('%s: not longer than without, and reads back the same', name => {
    const { root } = readWbxml(fixtureBytes(`syncml/${name}.wbxml`));
    const bytes = write(root);
    expect(bytes.length).toBeLessThanOrEqual(writeWbxml(root, SYNCML_1_2).length);
    expect(bare(readWbxml(bytes).root)).toEqual(bare(root));
  });

  it('whatever repeats: reads back the same, and is never longer', () => {
    const word = fc
      .constantFrom('a', 'Get', 'text/plain', './DevInfo/DevId', 'é'.repeat(70), 'x'.repeat(200))
      .map(text);
    fc.assert(
      fc.property(documents(SYNCML_1_2, [0, 1], word), document => {
        const bytes = write(document);
        expect(bytes.length).toBeLessThanOrEqual(writeWbxml(document, SYNCML_1_2).length);
        expect(bare(readWbxml(bytes).root)).toEqual(document);
      }),
      { numRuns: 300, seed: 5 },
    );
  });
});
