import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { element, textOf } from '../../src-core/encoding/markup.ts';
import { readWbxml } from '../../src-core/encoding/wbxml/reader.ts';
import { SYNCML_NAMESPACE } from '../../src-core/encoding/wbxml/types/syncml.ts';
import { bare } from '../support/markup-documents.ts';

describe('character sets', () => {
  it.each<[string, string, string, string]>([
    ['UTF-8', '6A', '03 C3A9 F09F9880 00', 'é\u{1F600}'],
    ['UTF-8', '00', '03 C3A9 00', 'é'],
    ['US-ASCII', '03', '03 417E 00', 'A~'],
    ['ISO-8859-1', '04', '03 41 80 9F E9 FF 00', 'A\u0080\u009féÿ'],
    ['UTF-16BE', '8775', '03 0041 00E9 D83D DE00 0000', 'Aé\u{1F600}'],
    ['UTF-16BE', '8775', '03 0100 0001 0000', '\u0100\u0001'],
    ['UTF-16BE', '8775', '03 FEFF 0041 0000', '\ufeffA'],
    ['UTF-16LE', '8776', '03 4100 E900 0000', 'Aé'],
    ['UTF-16', '8777', '03 0041 0000', 'A'],
    ['UTF-16', '8777', '03 FEFF 0041 0000', 'A'],
    ['UTF-16', '8777', '03 FFFE 4100 0000', 'A'],
    ['UTF-16', '8777', '02 41', 'A'],
    ['UTF-16', '8777', '03 0000', ''],
  ])('%s (%s): %s is %j', (name, number, hex, expected) => {
    const { charset, root } = readWbxml(fromHex(`02 A401 ${number} 00 6D ${hex} 01`));
    expect({ charset, text: textOf(root) }).toEqual({ charset: name, text: expected });
  });

  it('holds in the string table, for texts, names and the public identifier', () => {
    const utf16 = (text: string) => toHex(Buffer.from(`${text}\0`, 'utf16le'));
    const id = utf16('-//SYNCML//DTD SyncML 1.2//EN');
    const table = `${id} ${utf16('é')} ${utf16('Foo')}`;
    const bytes = fromHex(`03 00 00 8776 48 ${table} 6D 83 3C 44 40 83 42 01 01`);
    expect(bare(readWbxml(bytes).root)).toEqual(
      element(SYNCML_NAMESPACE, 'SyncML', [
        { kind: 'text', text: 'é' },
        element(SYNCML_NAMESPACE, 'Foo', [{ kind: 'text', text: 'oo' }]),
      ]),
    );
  });

  it.each<[string, string, string, number]>([
    ['a byte above 7F in US-ASCII', '03 00 6D 03 41 80 00 01', 'charset', 6],
    ['half a pair in UTF-16BE', '8775 00 6D 03 D83D 0000 01', 'charset', 7],
    ['UTF-16 with one zero byte for an end', '8775 00 6D 03 0041 00', 'unterminated-string', 11],
    ['an odd zero byte in UTF-16', '8775 00 6D 03 0041 4200 0001 01', 'unterminated-string', 15],
    ['a character set that is not known', '8F6A 00 2D', 'charset', 3],
    ['UCS-4', '8769 00 2D', 'charset', 3],
  ])('%s is refused', (_name, hex, code, offset) => {
    expect(() => readWbxml(fromHex(`02 A401 ${hex}`))).toThrow(
      expect.objectContaining({ name: 'EncodingError', code, offset }),
    );
  });

  it('says which are known', () => {
    expect(() => readWbxml(fromHex('02 A401 8F6A 00 2D'))).toThrow(
      'WBXML: expected one of US-ASCII (3), ISO-8859-1 (4), UTF-8 (106), UTF-16BE (1013), UTF-16LE (1014), UTF-16 (1015), found 2026 (at offset 3)',
    );
  });
});
